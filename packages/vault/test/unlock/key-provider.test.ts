/** Keys that a provider wraps. */

import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { KeyProvider, SlotKdf, Unlock } from 'stagevault'
import { VaultError, createVault, keyProvider, openVault, rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure, failureOf } from '../support/failures.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY } from '../support/test-vault.js'

const S = { secretName: 'S' }

/** A keychain as systems have one: it knows what it wrapped itself, and can be locked. */
class Keychain implements KeyProvider {
  readonly name: string
  isLocked = false
  readonly wrapped: Uint8Array[] = []
  readonly #key = randomFillSync(new Uint8Array(32))

  constructor(name = 'keychain') {
    this.name = name
  }

  wrap(key: Uint8Array): Promise<Uint8Array> {
    this.#requireUnlocked()
    const nonce = randomFillSync(new Uint8Array(12))
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: 16 })
    const box = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
    this.wrapped.push(new Uint8Array(key))
    return Promise.resolve(box)
  }

  unwrap(box: Uint8Array): Promise<Uint8Array | null> {
    this.#requireUnlocked()
    const nonce = box.subarray(0, 12)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: 16 })
    decipher.setAuthTag(box.subarray(-16))
    try {
      const key = Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()])
      return Promise.resolve(key)
    } catch {
      return Promise.resolve(null)
    }
  }

  #requireUnlocked(): void {
    if (this.isLocked) throw new Error('the keychain is locked')
  }
}

describe('keyProvider', () => {
  it('opens what it made, with what stands in the slot', async () => {
    const storage = createMemoryStorage()
    const keychain = new Keychain()
    const vault = await createVault({ storage, unlock: keyProvider(keychain) })
    await vault.createSecret({ ...S, secretData: 'one' })
    const again = await openVault({ storage, unlock: keyProvider(keychain) })
    expect((await again.getSecretValue(S)).secretData).toBe('one')
    const {
      slots: [slot],
    } = await again.listUnlockSlots()
    expect(slot).toMatchObject({ kind: 'provider', provider: 'keychain' })
    expect((await again.verify()).isClean).toBe(true)
  })

  it('has a key of its own for every slot', async () => {
    const keychain = new Keychain()
    const unlock = keyProvider(keychain)
    for (let i = 0; i < 2; i++) await createVault({ storage: createMemoryStorage(), unlock })
    const vault = await createVault({ storage: createMemoryStorage(), unlock })
    await vault.replaceUnlockSlot({ unlock, newUnlock: unlock })
    const keys = keychain.wrapped.map((key) => Buffer.from(key).toString('hex'))
    expect(new Set(keys).size).toBe(4)
    expect(inspect([unlock, vault], { depth: Infinity, showHidden: true })).not.toContain(keys[0])
  })

  it('of another machine passes the slot over, and its own one opens', async () => {
    const storage = createMemoryStorage()
    const [laptop, desktop, stranger] = [new Keychain(), new Keychain(), new Keychain()]
    const vault = await createVault({ storage, unlock: keyProvider(laptop) })
    const newUnlock = keyProvider(desktop)
    await vault.addUnlockSlot({ unlock: keyProvider(laptop), newUnlock })
    for (const each of [laptop, desktop]) await openVault({ storage, unlock: keyProvider(each) })
    await expectFailure(
      () => openVault({ storage, unlock: keyProvider(stranger) }),
      'UNLOCK_FAILED',
    )
    const namesake = keyProvider(new Keychain('another-name'))
    await expectFailure(() => openVault({ storage, unlock: namesake }), 'UNLOCK_FAILED')
  })

  it('that fails is KEYRING_UNAVAILABLE with its own error, and another way in opens', async () => {
    const storage = createMemoryStorage()
    const keychain = new Keychain()
    const unlock = keyProvider(keychain)
    const vault = await createVault({ storage, unlock })
    await vault.addUnlockSlot({ unlock, newUnlock: rawKey(TEST_KEY) })
    keychain.isLocked = true
    const error = await expectFailure(() => openVault({ storage, unlock }), 'KEYRING_UNAVAILABLE')
    expect(error).toBeInstanceOf(VaultError)
    expect(error.cause).toMatchObject({ message: 'the keychain is locked' })
    const adding = { unlock: rawKey(TEST_KEY), newUnlock: unlock }
    await expectFailure(() => vault.addUnlockSlot(adding), 'KEYRING_UNAVAILABLE')
    await openVault({ storage, unlock: rawKey(TEST_KEY) })
    keychain.isLocked = false
    await openVault({ storage, unlock })
  })

  it('may give the key that it keeps itself: it is not overwritten', async () => {
    const kept = new Map<string, Uint8Array>()
    const unlock = keyProvider({
      name: 'kept',
      wrap: (key) => {
        kept.set('only', key)
        return Promise.resolve(Uint8Array.of(1))
      },
      unwrap: () => Promise.resolve(kept.get('only') ?? null),
    })
    const storage = createMemoryStorage()
    await createVault({ storage, unlock })
    for (let i = 0; i < 2; i++) await openVault({ storage, unlock })
    expect(kept.get('only')).not.toEqual(new Uint8Array(32))
  })

  it('whose slot was edited opens nothing else', async () => {
    const storage = createMemoryStorage()
    const keychain = new Keychain()
    const vault = await createVault({ storage, unlock: keyProvider(keychain) })
    const [key = ''] = await keysOf(storage, 'slot!')
    const record = await recordAt(storage, key)
    for (let bit = 0; bit < 8 * record.length; bit += 7) {
      const damaged = record.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      await overwrite(storage, key, damaged)
      await expectFailure(
        () => openVault({ storage, unlock: keyProvider(keychain) }),
        'MALFORMED_RECORD',
      )
    }
    await overwrite(storage, key, record)
    expect((await vault.verify()).isClean).toBe(true)
  })
})

describe('keyProvider refuses', () => {
  const methods = {
    wrap: () => Promise.reject(new Error('x')),
    unwrap: () => Promise.resolve(null),
  }

  it.each([
    undefined,
    null,
    1,
    'keychain',
    {},
    { name: 'x' },
    { ...methods, name: 5 },
    { ...methods },
    { ...methods, name: 'x', unwrap: true },
  ])('what is no provider: %j', (provider) => {
    expect(() => keyProvider(provider as never)).toThrow(TypeError)
  })

  it.each(['', 'a b', 'x'.repeat(65), 'ü', 'a!b'])('the name %j', (name) => {
    expect(() => keyProvider({ ...methods, name })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error,
    )
  })

  const answers: readonly (readonly [what: string, unlock: Unlock])[] = [
    ...[undefined, null, 'text', new Uint8Array(0), new Uint8Array(4097), [1]].map(
      (answer) =>
        [
          `a wrapped key that is ${inspect(answer).slice(0, 20)}`,
          keyProvider({ ...methods, name: 'x', wrap: () => Promise.resolve(answer as Uint8Array) }),
        ] as const,
    ),
    ...[undefined, 'text', new Uint8Array(31), new Uint8Array(33), [1]].map(
      (answer) =>
        [
          `a key that is ${inspect(answer).slice(0, 20)}`,
          keyProvider({
            name: 'x',
            wrap: () => Promise.resolve(Uint8Array.of(1)),
            unwrap: () => Promise.resolve(answer as Uint8Array),
          }),
        ] as const,
    ),
  ]

  it.each(answers)('%s', async (_what, unlock) => {
    const storage = createMemoryStorage()
    const error = await failureOf(() => createVault({ storage, unlock }))
    expect(error).toBeInstanceOf(TypeError)
    expect(await keysOf(storage, '')).toEqual([])
  })

  it('to go without a key that it cannot get again', async () => {
    const storage = createMemoryStorage()
    const unlock = keyProvider({
      ...methods,
      name: 'x',
      wrap: () => Promise.resolve(Uint8Array.of(1)),
    })
    const error = await failureOf(() => createVault({ storage, unlock }))
    expect(error).toBeInstanceOf(TypeError)
    expect(await keysOf(storage, '')).toEqual([])
  })
})

describe("an unlock of the caller's own", () => {
  const own = (kdf: SlotKdf, key: Uint8Array | null = new Uint8Array(32).fill(9)): Unlock => ({
    kind: kdf.kind,
    newKdf: () => kdf,
    deriveKey: () => Promise.resolve(key === null ? null : new Uint8Array(key)),
  })

  it('opens what it made', async () => {
    const storage = createMemoryStorage()
    const unlock = own({ kind: 'passphrase', logN: 15, salt: new Uint8Array(16) })
    await createVault({ storage, unlock })
    await openVault({ storage, unlock })
  })

  it.each<readonly [string, SlotKdf]>([
    ['a cost below the floor', { kind: 'passphrase', logN: 10, salt: new Uint8Array(16) }],
    ['a cost above the ceiling', { kind: 'passphrase', logN: 21, salt: new Uint8Array(16) }],
    ['a short salt', { kind: 'passphrase', logN: 15, salt: new Uint8Array(3) }],
    ['a long salt', { kind: 'passphrase', logN: 15, salt: new Uint8Array(17) }],
    ['too much data', { kind: 'provider', provider: 'x', data: new Uint8Array(4097) }],
    ['a name with a space', { kind: 'provider', provider: 'a b', data: new Uint8Array(1) }],
    [
      'a name that is too long',
      { kind: 'provider', provider: 'x'.repeat(65), data: new Uint8Array(1) },
    ],
  ])('makes no vault that would never open: %s', async (_what, kdf) => {
    const storage = createMemoryStorage()
    const error = await failureOf(() => createVault({ storage, unlock: own(kdf) }))
    expect(error).toBeInstanceOf(TypeError)
    expect(await keysOf(storage, '')).toEqual([])
  })

  it.each([16, 31, 33, 64])('gives 32 bytes, and not %i', async (length) => {
    const storage = createMemoryStorage()
    const unlock = own({ kind: 'raw-key' }, new Uint8Array(length).fill(9))
    const error = await failureOf(() => createVault({ storage, unlock }))
    expect(error).toBeInstanceOf(TypeError)
    await createVault({ storage, unlock: own({ kind: 'raw-key' }) })
    expect(await failureOf(() => openVault({ storage, unlock }))).toBeInstanceOf(TypeError)
  })
})
