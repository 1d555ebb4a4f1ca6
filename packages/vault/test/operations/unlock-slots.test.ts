/** The ways to unlock a vault: they come and go, and what is stored stays as it is. */

import { describe, expect, it } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { createVault, generateKey, openVault, passphrase, rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure } from '../support/failures.js'
import { dumpRecords, keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY, sharedMemory, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const unlock = rawKey(TEST_KEY)
const cheap = (text: string): Unlock => passphrase(text, { scryptLogN: 15 })

async function slotIds(vault: Vault): Promise<string[]> {
  return (await vault.listUnlockSlots()).slots.map(({ slotId }) => slotId)
}

async function expectClean(vault: Vault): Promise<void> {
  expect((await vault.verify()).problems).toEqual([])
}

describe('listUnlockSlots', () => {
  it('shows the slot that a vault was made with', async () => {
    const { vault, clock } = await vaultWithSecret()
    const { slots } = await vault.listUnlockSlots()
    expect(slots).toEqual([
      {
        slotId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        kind: 'raw-key',
        description: '',
        createTime: new Date(clock.now()),
      },
    ])
  })

  it('shows them in order of creation', async () => {
    const { vault, clock } = await vaultWithSecret()
    const added: string[] = []
    for (const description of ['für zu Hause', 'x'.repeat(128), '']) {
      clock.advance(1000)
      const newUnlock = cheap(`words ${description}`)
      added.push((await vault.addUnlockSlot({ unlock, newUnlock, description })).slotId)
    }
    const { slots } = await vault.listUnlockSlots()
    expect(slots.slice(1).map(({ slotId }) => slotId)).toEqual(added)
    expect(slots.slice(1).map(({ description }) => description)).toEqual([
      'für zu Hause',
      'x'.repeat(128),
      '',
    ])
    expect(new Set(slots.slice(1).map(({ kind }) => kind))).toEqual(new Set(['passphrase']))
  })
})

describe('addUnlockSlot', () => {
  it('lets another key and a passphrase open the vault, besides the first', async () => {
    const { vault, open, dump } = await vaultWithSecret()
    const before = await dump()
    const other = rawKey(generateKey())
    await vault.addUnlockSlot({ unlock, newUnlock: other })
    // Any of them vouches for the next.
    await vault.addUnlockSlot({ unlock: other, newUnlock: cheap('words') })
    for (const each of [unlock, other, cheap('words')]) {
      const opened = await open({ unlock: each })
      expect((await opened.getSecretValue(S)).secretData).toBe('one')
      await expectClean(opened)
    }
    await expectFailure(() => open({ unlock: cheap('other words') }), 'UNLOCK_FAILED')
    const after = await dump()
    const changed = [...after].filter(([key, value]) => before.get(key) !== value)
    expect(
      changed.map(([key]) =>
        key
          .split('!')
          .slice(0, 2)
          .join('!')
          .replace(/!.{32}$/, ''),
      ),
    ).toEqual(['slot', 'slot', 'vault!keyring', 'vault!root'])
  })

  it('asks for a way in that is there: an open vault alone is not enough', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const newUnlock = rawKey(generateKey())
    for (const wrong of [rawKey(generateKey()), cheap('words')]) {
      await expectFailure(() => vault.addUnlockSlot({ unlock: wrong, newUnlock }), 'UNLOCK_FAILED')
    }
    expect(await dump()).toEqual(before)
  })

  it('takes 32 slots and refuses the next, also of several at once', async () => {
    const { vault, open } = await vaultWithSecret()
    const keys = Array.from({ length: 34 }, () => rawKey(generateKey()))
    const outcomes = await Promise.allSettled(
      keys.map((newUnlock) => vault.addUnlockSlot({ unlock, newUnlock })),
    )
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(3)
    expect(refused).toMatchObject(refused.map(() => ({ reason: { code: 'QUOTA_EXCEEDED' } })))
    expect(await slotIds(vault)).toHaveLength(32)
    for (const [i, { status }] of outcomes.entries()) {
      const opening = (): Promise<Vault> => open({ unlock: keys[i] ?? unlock })
      if (status === 'fulfilled') await opening()
      else await expectFailure(opening, 'UNLOCK_FAILED')
    }
    await expectClean(vault)
    // A replacement makes room for itself.
    const newUnlock = rawKey(generateKey())
    await vault.replaceUnlockSlot({ unlock, newUnlock })
    expect(await slotIds(vault)).toHaveLength(32)
  })
})

describe('replaceUnlockSlot', () => {
  it('changes a passphrase: the new one opens, the old one no longer', async () => {
    const storage = createMemoryStorage()
    const vault = await createVault({ storage, unlock: cheap('old') })
    await vault.createSecret({ ...S, secretData: 'one' })
    await vault.replaceUnlockSlot({ unlock: cheap('old'), newUnlock: cheap('new') })
    await expectFailure(() => openVault({ storage, unlock: cheap('old') }), 'UNLOCK_FAILED')
    const again = await openVault({ storage, unlock: cheap('new') })
    expect((await again.getSecretValue(S)).secretData).toBe('one')
    await expectClean(again)
    // The vault that was open stays so.
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('keeps the description unless another is given', async () => {
    const { vault } = await vaultWithSecret()
    await vault.addUnlockSlot({ unlock, newUnlock: cheap('a'), description: 'mine' })
    const descriptions = async (): Promise<string[]> =>
      (await vault.listUnlockSlots()).slots.map(({ description }) => description).sort()
    await vault.replaceUnlockSlot({ unlock: cheap('a'), newUnlock: cheap('b') })
    expect(await descriptions()).toEqual(['', 'mine'])
    await vault.replaceUnlockSlot({ unlock: cheap('b'), newUnlock: cheap('c'), description: '' })
    expect(await descriptions()).toEqual(['', ''])
  })

  it('of one slot, twice at once: one wins, the other finds the key gone', async () => {
    const memory = sharedMemory()
    await createVault({ storage: memory.open(), unlock })
    const open = (): Promise<Vault> => openVault({ storage: memory.open(), unlock })
    const vaults = [await open(), await open()]
    const keys = [rawKey(generateKey()), rawKey(generateKey())] as const
    const outcomes = await Promise.allSettled(
      vaults.map((vault, i) => vault.replaceUnlockSlot({ unlock, newUnlock: keys[i] ?? unlock })),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'UNLOCK_FAILED' }) as Error,
    })
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
    const opened = await openVault({ storage: memory.open(), unlock: keys[winner] ?? unlock })
    expect(await slotIds(opened)).toHaveLength(1)
    await expectClean(opened)
  })
})

describe('removeUnlockSlot', () => {
  it('removes a way in, shown that another one stays', async () => {
    const { vault, open } = await vaultWithSecret()
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: cheap('words') })
    expect(await vault.removeUnlockSlot({ slotId, unlock })).toEqual({ slotId })
    await expectFailure(() => open({ unlock: cheap('words') }), 'UNLOCK_FAILED')
    await expectClean(await open())
    await expectFailure(() => vault.removeUnlockSlot({ slotId, unlock }), 'KEY_NOT_FOUND')
  })

  it('never the last, nor with a key that opens the same slot alone', async () => {
    const { vault, open, dump } = await vaultWithSecret()
    const [first = ''] = await slotIds(vault)
    await expectFailure(() => vault.removeUnlockSlot({ slotId: first, unlock }), 'UNLOCK_FAILED')
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: cheap('words') })
    const before = await dump()
    await expectFailure(() => vault.removeUnlockSlot({ slotId: first, unlock }), 'UNLOCK_FAILED')
    const words = cheap('words')
    await expectFailure(() => vault.removeUnlockSlot({ slotId, unlock: words }), 'UNLOCK_FAILED')
    expect(await dump()).toEqual(before)
    await vault.removeUnlockSlot({ slotId: first, unlock: words })
    await expectFailure(() => open(), 'UNLOCK_FAILED')
    await open({ unlock: words })
  })

  it("each other's, at once: one stays", async () => {
    const { vault, open } = await vaultWithSecret()
    const [first = ''] = await slotIds(vault)
    const other = rawKey(generateKey())
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: other })
    const outcomes = await Promise.allSettled([
      vault.removeUnlockSlot({ slotId: first, unlock: other }),
      vault.removeUnlockSlot({ slotId, unlock }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = await slotIds(vault)
    expect(left).toHaveLength(1)
    await open({ unlock: left[0] === first ? unlock : other })
  })

  it('takes the id of a slot, and nothing else', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const [first = ''] = await slotIds(vault)
    for (const slotId of ['', 'x', first.slice(1), `${first}0`, first.toUpperCase(), `${first} `]) {
      await expectFailure(() => vault.removeUnlockSlot({ slotId, unlock }), 'INVALID_PARAMETER')
    }
    for (const slotId of [undefined, null, 1, {}, Uint8Array.of(1)]) {
      const request = { slotId, unlock } as never
      await expectFailure(() => vault.removeUnlockSlot(request), 'TypeError')
    }
    for (const wrong of [undefined, null, {}, 'passphrase', { newKdf: 1, deriveKey: 2 }]) {
      const request = { slotId: first, unlock: wrong } as never
      await expectFailure(() => vault.removeUnlockSlot(request), 'TypeError')
    }
    const unknown = { slotId: first, unlock, force: true } as never
    await expectFailure(() => vault.removeUnlockSlot(unknown), 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
  })
})

describe('a slot that the vault did not put there', () => {
  it('after it was removed: it opens nothing, and verify names it', async () => {
    const { vault, storage, open } = await vaultWithSecret()
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: cheap('words') })
    const record = await recordAt(storage, `slot!${slotId}`)
    await vault.removeUnlockSlot({ slotId, unlock })
    await overwrite(storage, `slot!${slotId}`, record)
    await expectFailure(() => open({ unlock: cheap('words') }), 'UNLOCK_FAILED')
    const words = { unlock: cheap('words'), newUnlock: rawKey(generateKey()) }
    await expectFailure(() => vault.addUnlockSlot(words), 'UNLOCK_FAILED')
    const { problems } = await (await open()).verify()
    expect(problems.map(({ code, storageKey }) => [code, storageKey])).toEqual([
      ['RECORD_MISMATCH', `slot!${slotId}`],
    ])
  })

  it('or took away: verify misses it before it is needed', async () => {
    const { vault, storage, open } = await vaultWithSecret()
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: cheap('recovery') })
    await overwrite(storage, `slot!${slotId}`, null)
    const { problems } = await (await open()).verify()
    expect(problems.map(({ code, storageKey }) => [code, storageKey])).toEqual([
      ['RECORD_MISSING', `slot!${slotId}`],
    ])
    await expectFailure(() => vault.listUnlockSlots(), 'RECORD_MISSING')
  })

  it('with another description or time: damage, with every unlock', async () => {
    const { vault, storage, open } = await vaultWithSecret()
    const [key = ''] = await keysOf(storage, 'slot!')
    const record = await recordAt(storage, key)
    const { nodePrimitives } = await import('../../dist/platform/node-primitives.js')
    const { appendChecksum } = await import('@stagevault/core/records/record-frame')
    const edited = record.slice(0, -8)
    edited[30] = (edited[30] ?? 0) ^ 1
    await overwrite(storage, key, appendChecksum(nodePrimitives, edited))
    await expectFailure(() => open(), 'DECRYPTION_FAILED')
    await expectFailure(() => vault.listUnlockSlots(), 'DECRYPTION_FAILED')
    const { problems } = await vault.verify()
    expect(problems.map(({ code, storageKey }) => [code, storageKey])).toEqual([
      ['DECRYPTION_FAILED', key],
    ])
  })
})

describe('a slot that goes while a vault is opened with it', () => {
  it('opens nothing any more: UNLOCK_FAILED, not damage', async () => {
    const memory = sharedMemory()
    const vault = await createVault({ storage: memory.open(), unlock })
    const other = rawKey(generateKey())
    const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: other })
    const inner = memory.open()
    let isRemoved = false
    const opening = openVault({
      unlock: other,
      storage: {
        ...inner,
        read: async (keys) => {
          if (keys.includes('vault!keyring') && !isRemoved) {
            isRemoved = true
            await vault.removeUnlockSlot({ slotId, unlock })
          }
          return inner.read(keys)
        },
      },
    })
    await expectFailure(() => opening, 'UNLOCK_FAILED')
    expect(isRemoved).toBe(true)
    expect((await dumpRecords(inner)).has(`slot!${slotId}`)).toBe(false)
  })
})
