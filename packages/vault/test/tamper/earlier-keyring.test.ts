/** An earlier keyring that is put back under an open vault, and a slot that was removed. */

import { describe, expect, it } from 'vitest'
import { openVault, rawKey } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { keepCopy, keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const newUnlock = rawKey(new Uint8Array(32))

describe('an earlier keyring under an open vault', () => {
  it('is refused along with the slot that it lists', async () => {
    const { storage, vault } = await newTestVault()
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock })
    const putBack = await keepCopy(storage)
    await vault.removeUnlockSlot({ slotId, unlock })
    await putBack()
    const operations = [
      () => vault.listUnlockSlots(),
      () => vault.addUnlockSlot({ unlock, newUnlock }),
      () => vault.removeUnlockSlot({ slotId, unlock }),
    ]
    for (const operation of operations) await expectFailure(operation, 'ROLLBACK_DETECTED')
    const { problems } = await vault.verify()
    expect(problems).toMatchObject([{ code: 'ROLLBACK_DETECTED', storageKey: 'vault!root' }])
  })

  it('is known from when the vault was opened, or its slots were read', async () => {
    const { storage, vault, open } = await newTestVault()
    const putBack = await keepCopy(storage)
    const reader = await open()
    await vault.addUnlockSlot({ unlock, newUnlock })
    const opened = await open()
    await reader.listUnlockSlots()
    await putBack()
    for (const each of [vault, opened, reader]) {
      await expectFailure(() => each.listUnlockSlots(), 'ROLLBACK_DETECTED')
    }
  })

  it('is refused where it went on from there in other hands', async () => {
    const { storage, vault, open } = await newTestVault()
    const putBack = await keepCopy(storage)
    await vault.addUnlockSlot({ unlock, newUnlock })
    await putBack()
    const other = await open()
    await other.addUnlockSlot({ unlock, newUnlock })
    await expectFailure(() => vault.listUnlockSlots(), 'ROLLBACK_DETECTED')
  })

  it('is none where other handles change the slots', async () => {
    const { vault, open } = await newTestVault()
    const handles = [vault, await open(), await open()]
    await Promise.all(
      handles.map(async (each, handle) => {
        const own = rawKey(new Uint8Array(32).fill(handle + 1))
        for (let i = 0; i < 5; i++) {
          const { slotId } = await each.addUnlockSlot({ unlock, newUnlock: own })
          await each.listUnlockSlots()
          await each.removeUnlockSlot({ slotId, unlock })
        }
      }),
    )
    for (const each of handles) expect((await each.verify()).isClean).toBe(true)
  })
})

describe('a removed slot that was put back', () => {
  it('does not hide the one that opens with the same key', async () => {
    // Slots are tried in the order of their random ids: both orders occur.
    for (let i = 0; i < 8; i++) {
      const { storage, vault } = await newTestVault()
      const [former = ''] = await keysOf(storage, 'slot!')
      const record = await recordAt(storage, former)
      const { slotId } = await vault.replaceUnlockSlot({ unlock, newUnlock: unlock })
      await overwrite(storage, former, record)
      const opened = await openVault({ storage, unlock })
      await opened.addUnlockSlot({ unlock, newUnlock })
      const { slots } = await opened.listUnlockSlots()
      expect(slots.map((slot) => slot.slotId)).toContain(slotId)
      expect((await opened.verify()).problems).toMatchObject([{ storageKey: former }])
    }
  })

  it('opens nothing any more, and is named by verify', async () => {
    const { storage, vault } = await newTestVault()
    const [former = ''] = await keysOf(storage, 'slot!')
    const record = await recordAt(storage, former)
    await vault.replaceUnlockSlot({ unlock, newUnlock })
    await overwrite(storage, former, record)
    await expectFailure(() => openVault({ storage, unlock }), 'UNLOCK_FAILED')
    await expectFailure(
      () => vault.replaceUnlockSlot({ unlock, newUnlock: unlock }),
      'UNLOCK_FAILED',
    )
    expect((await vault.verify()).problems).toMatchObject([
      { code: 'RECORD_MISMATCH', storageKey: former },
    ])
  })
})
