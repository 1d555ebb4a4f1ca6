/** Slots that were planted: they hide no slot that opens, and cost no opening time or memory. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Unlock } from 'stagevault'
import { generateKey, passphrase, rawKey } from 'stagevault'
import { openKeyring, sealKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY } from '@stagevault/core/records/layout'
import { countingUnlock } from '../support/counting-unlock.js'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

/** Where a passphrase slot keeps what differs, behind magic, format and suite. */
const ID_START = 7
const LOG_N_PLACE = 32
const SALT_PLACE = 35
const CHECKSUM_BYTES = 8

/** A passphrase slot under another id, with a salt and a cost of its own and a right checksum. */
function plantedSlot(slot: Uint8Array, index: number, logN: number): Uint8Array {
  const planted = new Uint8Array(slot)
  planted.set(idOf(index), ID_START)
  planted[LOG_N_PLACE] = logN
  planted[SALT_PLACE] = index
  const end = planted.length - CHECKSUM_BYTES
  const sum = createHash('sha256').update(planted.subarray(0, end)).digest()
  planted.set(sum.subarray(0, CHECKSUM_BYTES), end)
  return planted
}

function idOf(index: number): Uint8Array {
  return new Uint8Array(16).fill(index + 1, 15)
}

const placeOf = (index: number): string => `slot!${Buffer.from(idOf(index)).toString('hex')}`

const words = countingUnlock(passphrase('correct horse', { scryptLogN: 15 }))

interface CrowdedVault extends TestVault {
  /** Plants so many slots that cost the most that a slot can. @returns their ids */
  readonly plant: (count: number) => Promise<Uint8Array[]>
  /** Makes the keyring list them, as someone who cannot seal it can. */
  readonly list: (slotIds: readonly Uint8Array[]) => Promise<void>
}

async function crowdedVault(): Promise<CrowdedVault> {
  const test = await vaultWithSecret()
  const { storage, vault } = test
  const keys = await recordKeysOf(storage, TEST_KEY)
  const { slotId } = await vault.addUnlockSlot({ unlock: rawKey(TEST_KEY), newUnlock: words })
  const slot = await recordAt(storage, `slot!${slotId}`)
  return {
    ...test,
    plant: async (count) => {
      const ids = Array.from({ length: count }, (_, i) => i)
      for (const i of ids) await overwrite(storage, placeOf(i), plantedSlot(slot, i, 20))
      return ids.map(idOf)
    },
    list: async (slotIds) => {
      const keyring = openKeyring(keys, await recordAt(storage, KEYRING_KEY))
      // In ascending order, as a keyring lists them: the planted ones begin with zeros.
      const listed = { ...keyring, slotIds: [...slotIds, ...keyring.slotIds] }
      const sealed = sealKeyring({ ...keys, macKey: new Uint8Array(32) }, listed)
      await overwrite(storage, KEYRING_KEY, sealed)
    },
  }
}

describe('planted slots', () => {
  it('are never derived, however many there are: the keyring does not list them', async () => {
    const { plant, open, vault } = await crowdedVault()
    await plant(100)
    words.take()
    await open({ unlock: words })
    expect(words.take()).toHaveLength(1)
    const others = countingUnlock(passphrase('wrong', { scryptLogN: 15 }))
    await expectFailure(() => open({ unlock: others }), 'UNLOCK_FAILED')
    expect(others.take()).toMatchObject([{ kind: 'passphrase', logN: 15 }])
    const { problems } = await vault.verify()
    expect(problems.map(({ storageKey }) => storageKey).sort()).toEqual(
      Array.from({ length: 100 }, (_, i) => placeOf(i)).sort(),
    )
  })

  it('that an edited keyring lists are refused before any is derived: they cost too much', async () => {
    const { plant, list, open } = await crowdedVault()
    await list(await plant(8))
    words.take()
    await expectFailure(() => open({ unlock: words }), 'RECORD_MISMATCH')
    await expectFailure(() => open(), 'RECORD_MISMATCH')
    expect(words.take()).toEqual([])
  })

  it('more than a vault can have are refused as damage, not as a wrong key', async () => {
    const { plant, list, open } = await crowdedVault()
    await list(await plant(31))
    words.take()
    await expectFailure(() => open(), 'MALFORMED_RECORD')
    expect(words.take()).toEqual([])
  })

  it('do not make a wrong key look like damage', async () => {
    const { storage, open } = await vaultWithSecret()
    const [slot = ''] = await keysOf(storage, 'slot!')
    for (const record of [Uint8Array.of(1, 2, 3), await recordAt(storage, slot)]) {
      await overwrite(storage, placeOf(0), record)
      await open()
      await expectFailure(() => open({ unlock: rawKey(generateKey()) }), 'UNLOCK_FAILED')
    }
    // One that is the vault's own is another matter: it may have been the one for this key.
    await overwrite(storage, slot, Uint8Array.of(1, 2, 3))
    await expectFailure(() => open({ unlock: rawKey(generateKey()) }), 'MALFORMED_RECORD')
  })
})

it('a vault takes slots up to the sum of their costs, and no further', async () => {
  const { vault, open } = await vaultWithSecret()
  const unlock = rawKey(TEST_KEY)
  // Derivations of this cost are what is bounded: these make none.
  const costly = (index: number): Unlock => ({
    kind: 'passphrase',
    newKdf: () => ({ kind: 'passphrase', logN: 20, r: 8, p: 1, salt: idOf(index) }),
    deriveKey: () => Promise.resolve(new Uint8Array(32).fill(index + 1)),
  })
  for (let i = 0; i < 8; i++) await vault.addUnlockSlot({ unlock, newUnlock: costly(i) })
  await expectFailure(() => vault.addUnlockSlot({ unlock, newUnlock: costly(8) }), 'QUOTA_EXCEEDED')
  await open()
  expect((await vault.listUnlockSlots()).slots).toHaveLength(9)
})
