/** Slots that someone planted, put back or edited in the store: they cost an opening nothing. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SlotKdf, Unlock, Vault } from 'stagevault'
import { createVault, generateKey, openVault, passphrase, rawKey } from 'stagevault'
import { fromHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { appendChecksum } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { CountingUnlock } from '../support/counting-unlock.js'
import { countingUnlock } from '../support/counting-unlock.js'
import { expectFailure } from '../support/failures.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'

/** Where the fields of a passphrase slot begin, as docs/format/records.md says. */
const AT = { slotId: 7, logN: 32, salt: 35, check: 51 } as const
const CHECKSUM_BYTES = 8

const words = (text: string): CountingUnlock => countingUnlock(passphrase(text, { scryptLogN: 15 }))

/**
 * A passphrase whose slots say that it costs 1 GiB and which costs nothing: what is tested is
 * which of them are derived, and what they may cost together.
 */
function costly(text: string, logN: number): CountingUnlock {
  const deriveKey = (kdf: SlotKdf): Promise<Uint8Array | null> => {
    if (kdf.kind !== 'passphrase') return Promise.resolve(null)
    const hash = createHash('sha256').update(text).update(kdf.salt)
    return Promise.resolve(new Uint8Array(hash.digest()))
  }
  const unlock: Unlock = {
    kind: 'passphrase',
    newKdf: (random) => ({ kind: 'passphrase', logN, salt: random(16) }),
    deriveKey,
  }
  return countingUnlock(unlock)
}

type ByteChange = readonly [at: number, byte: number]

/** The slot with some bytes changed, under a checksum that fits. */
function edited(slot: Uint8Array, changes: readonly ByteChange[]): Uint8Array {
  const bytes = new Uint8Array(slot.subarray(0, slot.length - CHECKSUM_BYTES))
  for (const [at, byte] of changes) bytes[at] = byte
  return appendChecksum(noblePrimitives, bytes)
}

/** Plants a slot that says it costs 2^20, as often as is asked for. */
async function plant(storage: StorageAdapter, slot: Uint8Array, count: number): Promise<string[]> {
  const keys: string[] = []
  for (let i = 0; i < count; i++) {
    const id = i.toString(16).padStart(32, '0')
    const bytes = [...(fromHex(id) ?? [])].map((byte, at) => [AT.slotId + at, byte] as const)
    await overwrite(storage, `slot!${id}`, edited(slot, [...bytes, [AT.logN, 20], [AT.salt, i]]))
    keys.push(`slot!${id}`)
  }
  return keys
}

async function vaultUnder(unlock: Unlock): Promise<{ storage: StorageAdapter; slot: string }> {
  const storage = createMemoryStorage()
  const vault = await createVault({ storage, unlock })
  await vault.createSecret({ secretName: 'S', secretData: 'one' })
  const [slot = ''] = await keysOf(storage, 'slot!')
  return { storage, slot }
}

describe('planted slots', () => {
  it('are never derived, neither with the right passphrase nor with a wrong one', async () => {
    const right = words('right')
    const wrong = words('wrong')
    const { storage, slot } = await vaultUnder(right)
    const planted = await plant(storage, await recordAt(storage, slot), 3)
    right.take()
    const vault = await openVault({ storage, unlock: right })
    expect(right.take()).toMatchObject([{ kind: 'passphrase', logN: 15 }])
    await expectFailure(() => openVault({ storage, unlock: wrong }), 'UNLOCK_FAILED')
    expect(wrong.take()).toMatchObject([{ kind: 'passphrase', logN: 15 }])
    // `verify` names them, each as what it is: edited, or in no list.
    const { problems } = await vault.verify()
    expect(problems.map(({ storageKey }) => storageKey)).toEqual(planted)
  })

  it('hide no other, however many there are', async () => {
    const right = costly('right', 15)
    const { storage, slot } = await vaultUnder(right)
    await plant(storage, await recordAt(storage, slot), 200)
    right.take()
    const vault = await openVault({ storage, unlock: right })
    expect(right.take()).toHaveLength(1)
    const { slots } = await vault.listUnlockSlots()
    expect(slots).toHaveLength(1)
  })
})

describe('a slot that was removed and put back', () => {
  it('is not derived, and opens nothing', async () => {
    const [former, present] = [words('former'), words('present')]
    const { storage, slot } = await vaultUnder(former)
    const record = await recordAt(storage, slot)
    const vault = await openVault({ storage, unlock: former })
    await vault.replaceUnlockSlot({ unlock: former, newUnlock: present })
    await overwrite(storage, slot, record)
    former.take()
    present.take()
    await expectFailure(() => openVault({ storage, unlock: former }), 'UNLOCK_FAILED')
    // That one derivation is of the slot that is listed.
    expect(former.take()).toHaveLength(1)
    const opened = await openVault({ storage, unlock: present })
    expect(present.take()).toHaveLength(1)
    const { problems } = await opened.verify()
    expect(problems).toMatchObject([{ code: 'RECORD_MISMATCH', storageKey: slot }])
  })
})

describe('an edited slot', () => {
  it.each([
    ['salt', AT.salt],
    ['check', AT.check],
  ])('with another %s refuses the right passphrase, and no other slot', async (_, at) => {
    const [right, second] = [words('right'), rawKey(generateKey())]
    const { storage, slot } = await vaultUnder(right)
    const record = await recordAt(storage, slot)
    const vault = await openVault({ storage, unlock: right })
    await vault.addUnlockSlot({ unlock: right, newUnlock: second })
    await overwrite(storage, slot, edited(record, [[at, (record[at] ?? 0) ^ 1]]))
    await expectFailure(() => openVault({ storage, unlock: right }), 'UNLOCK_FAILED')
    const opened = await openVault({ storage, unlock: second })
    const { problems } = await opened.verify()
    expect(problems).toMatchObject([{ code: 'DECRYPTION_FAILED', storageKey: slot }])
  })
})

describe('what the slots of a vault cost together', () => {
  const GREATEST = 20

  it('is bounded before anything is derived', async () => {
    const first = costly('0', 15)
    const { storage } = await vaultUnder(first)
    const vault = await openVault({ storage, unlock: first })
    for (let i = 1; i < 9; i++) {
      await vault.addUnlockSlot({ unlock: first, newUnlock: costly(String(i), 15) })
    }
    const slots = await keysOf(storage, 'slot!')
    const before = await Promise.all(slots.map((slot) => recordAt(storage, slot)))
    const edit = (i: number): Promise<void> =>
      overwrite(
        storage,
        slots[i] ?? '',
        edited(before[i] ?? new Uint8Array(0), [[AT.logN, GREATEST]]),
      )
    // Eight of the greatest are 2^23; the ninth slot is one too many already.
    for (let i = 0; i < 8; i++) await edit(i)
    first.take()
    await expectFailure(() => openVault({ storage, unlock: first }), 'RECORD_MISMATCH')
    expect(first.take()).toEqual([])
    // An open vault that looks for a slot is bounded too.
    const newUnlock = costly('new', 15)
    await expectFailure(() => vault.addUnlockSlot({ unlock: first, newUnlock }), 'RECORD_MISMATCH')
    expect(first.take()).toEqual([])
  })

  it('is bounded where a slot is added or replaced', async () => {
    const first = costly('0', GREATEST)
    const { storage } = await vaultUnder(first)
    const vault = await openVault({ storage, unlock: first })
    for (let i = 1; i < 8; i++) {
      await vault.addUnlockSlot({ unlock: first, newUnlock: costly(String(i), GREATEST) })
    }
    const [cheap, costlier] = [costly('cheap', 15), costly('costly', GREATEST)]
    await expectFailure(
      () => vault.addUnlockSlot({ unlock: first, newUnlock: cheap }),
      'QUOTA_EXCEEDED',
    )
    // A key costs nothing, and a replacement makes room for itself.
    await vault.addUnlockSlot({ unlock: first, newUnlock: rawKey(generateKey()) })
    await vault.replaceUnlockSlot({ unlock: costly('7', GREATEST), newUnlock: cheap })
    await expectFailure(
      () =>
        vault
          .replaceUnlockSlot({ unlock: cheap, newUnlock: costlier })
          .then(() => vault.addUnlockSlot({ unlock: first, newUnlock: costly('more', 15) })),
      'QUOTA_EXCEEDED',
    )
    await openVault({ storage, unlock: costlier })
    expect((await vault.verify()).problems).toEqual([])
  })

  it('is bounded where two handles add at once', async () => {
    const first = costly('0', GREATEST)
    const { storage } = await vaultUnder(first)
    const open = (): Promise<Vault> => openVault({ storage, unlock: first })
    const vaults = [await open(), await open()]
    for (let i = 1; i < 7; i++) {
      await vaults[0]?.addUnlockSlot({ unlock: first, newUnlock: costly(String(i), GREATEST) })
    }
    // Seven are there: each of the two fits alone, and both together do not.
    const outcomes = await Promise.allSettled(
      vaults.map((vault, i) =>
        vault.addUnlockSlot({ unlock: first, newUnlock: costly(`new ${i}`, GREATEST) }),
      ),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await open()
  })
})
