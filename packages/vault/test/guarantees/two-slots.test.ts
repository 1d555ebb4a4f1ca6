/** A passphrase has one slot at most: with two it would stay valid after it was replaced. */

import { describe, expect, it } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { createVault, generateKey, keyProvider, openVault, passphrase, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingUnlock } from '../support/counting-unlock.js'
import { expectFailure } from '../support/failures.js'
import { dumpRecords, keysOf } from '../support/stored-records.js'
import { sharedMemory } from '../support/test-vault.js'

/** Real scrypt, once for each slot. */
const words = (text: string): Unlock => countingUnlock(passphrase(text, { scryptLogN: 15 }))

/** A keychain that wraps keys by a pad of its own. */
function keychain(): Unlock {
  const pad = generateKey()
  const turn = (key: Uint8Array): Promise<Uint8Array> =>
    Promise.resolve(key.map((byte, i) => byte ^ (pad[i] ?? 0)))
  return keyProvider({ name: 'test/keychain', wrap: turn, unwrap: turn })
}

interface Kind {
  readonly name: string
  readonly first: Unlock
  readonly second: Unlock
}

const KINDS: readonly Kind[] = [
  { name: 'a passphrase', first: words('first'), second: words('second') },
  { name: 'a raw key', first: rawKey(generateKey()), second: rawKey(generateKey()) },
  { name: 'a key provider', first: keychain(), second: keychain() },
]

async function vaultUnder(unlock: Unlock): Promise<{ vault: Vault; storage: StorageAdapter }> {
  const storage = createMemoryStorage()
  return { vault: await createVault({ storage, unlock }), storage }
}

describe.each(KINDS)('a second slot of $name', ({ first, second }) => {
  it('is refused where it is added, and nothing is written', async () => {
    const { vault, storage } = await vaultUnder(first)
    await vault.addUnlockSlot({ unlock: first, newUnlock: second })
    const before = await dumpRecords(storage)
    for (const [unlock, newUnlock] of [
      [first, first],
      [first, second],
      [second, first],
    ] as const) {
      await expectFailure(() => vault.addUnlockSlot({ unlock, newUnlock }), 'INVALID_PARAMETER')
    }
    expect(await dumpRecords(storage)).toEqual(before)
  })

  it('is refused where it would replace another slot', async () => {
    const { vault, storage } = await vaultUnder(first)
    await vault.addUnlockSlot({ unlock: first, newUnlock: second })
    const before = await dumpRecords(storage)
    const replacing = (): Promise<unknown> =>
      vault.replaceUnlockSlot({ unlock: first, newUnlock: second })
    await expectFailure(replacing, 'INVALID_PARAMETER')
    expect(await dumpRecords(storage)).toEqual(before)
  })

  it('is no second one where it replaces its own', async () => {
    const { vault, storage } = await vaultUnder(first)
    const [former = ''] = await keysOf(storage, 'slot!')
    const { slotId } = await vault.replaceUnlockSlot({ unlock: first, newUnlock: first })
    expect(await keysOf(storage, 'slot!')).toEqual([`slot!${slotId}`])
    expect(former).not.toBe(`slot!${slotId}`)
    await openVault({ storage, unlock: first })
  })

  it('can be added again once the first is removed', async () => {
    const { vault, storage } = await vaultUnder(first)
    const { slotId } = await vault.addUnlockSlot({ unlock: first, newUnlock: second })
    await vault.removeUnlockSlot({ unlock: first, slotId })
    await vault.addUnlockSlot({ unlock: first, newUnlock: second })
    await openVault({ storage, unlock: second })
  })
})

describe.each(KINDS)('$name that was replaced', ({ first, second }) => {
  it('opens the vault no longer, after any earlier attempts', async () => {
    const { vault, storage } = await vaultUnder(first)
    const adding = (): Promise<unknown> => vault.addUnlockSlot({ unlock: first, newUnlock: first })
    await expectFailure(adding, 'INVALID_PARAMETER')
    await vault.replaceUnlockSlot({ unlock: first, newUnlock: second })
    await expectFailure(() => openVault({ storage, unlock: first }), 'UNLOCK_FAILED')
    await openVault({ storage, unlock: second })
  })
})

/** Lets each add a slot of the same unlock at once, and says what came of it. */
async function addAtOnce(
  vaults: readonly Vault[],
  unlock: Unlock,
  newUnlock: Unlock,
): Promise<string[]> {
  const adding = vaults.map((vault) => vault.addUnlockSlot({ unlock, newUnlock }))
  const outcomes = await Promise.allSettled(adding)
  return outcomes
    .map((outcome) => {
      if (outcome.status === 'fulfilled') return 'added'
      return (outcome.reason as { code: string }).code
    })
    .sort()
}

describe.each(KINDS)('$name that is added twice at once', ({ first, second }) => {
  it('by two handles gets one slot', async () => {
    const memory = sharedMemory()
    await createVault({ storage: memory.open(), unlock: first })
    const open = (): Promise<Vault> => openVault({ storage: memory.open(), unlock: first })
    const vaults = [await open(), await open()]
    expect(await addAtOnce(vaults, first, second)).toEqual(['INVALID_PARAMETER', 'added'])
    const opened = await openVault({ storage: memory.open(), unlock: second })
    expect((await opened.listUnlockSlots()).slots).toHaveLength(2)
    // Replaced in its one slot it is gone.
    const newUnlock = rawKey(generateKey())
    await opened.replaceUnlockSlot({ unlock: second, newUnlock })
    const opening = (): Promise<Vault> => openVault({ storage: memory.open(), unlock: second })
    await expectFailure(opening, 'UNLOCK_FAILED')
    expect((await opened.verify()).problems).toEqual([])
  })

  it('by one handle gets one slot', async () => {
    const { vault } = await vaultUnder(first)
    const outcomes = await addAtOnce([vault, vault, vault], first, second)
    expect(outcomes).toEqual(['INVALID_PARAMETER', 'INVALID_PARAMETER', 'added'])
    expect((await vault.listUnlockSlots()).slots).toHaveLength(2)
  })
})
