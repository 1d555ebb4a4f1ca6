/** Keys and values are overwritten when they are no longer needed: those of a vault at its end. */

import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, passphrase, rawKey } from 'stagevault'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { DESCRIPTOR_KEY } from '@stagevault/core/records/layout'
import { appendChecksum } from '@stagevault/core/records/record-frame'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { codeOf, expectFailure } from '../support/failures.js'
import { seededRandom } from '../support/seeded-random.js'
import { TEST_KEY } from '../support/test-vault.js'

interface Watch {
  readonly primitives: Primitives
  /** Every array with a key or a plaintext that the primitives were given or gave. */
  readonly seen: Set<Uint8Array>
  /** Arrays that a MAC was made of, some of which are values. */
  readonly hashed: Set<Uint8Array>
}

function watchPrimitives(): Watch {
  const seen = new Set<Uint8Array>()
  const hashed = new Set<Uint8Array>()
  function see<T extends Uint8Array | null>(bytes: T): T {
    if (bytes !== null) seen.add(bytes)
    return bytes
  }
  const primitives: Primitives = {
    ...nodePrimitives,
    hmacSha256: (key, ...parts) => {
      for (const part of parts) hashed.add(part)
      const mac = nodePrimitives.hmacSha256(see(key), ...parts)
      return isSubkey(parts) ? see(mac) : mac
    },
    aeadSeal: (suite, key, nonce, aad, plaintext) =>
      nodePrimitives.aeadSeal(suite, see(key), nonce, aad, see(plaintext)),
    aeadOpen: (suite, key, nonce, aad, box) =>
      see(nodePrimitives.aeadOpen(suite, see(key), nonce, aad, box)),
  }
  return { primitives, seen, hashed }
}

/** Whether a MAC over these is a key that may never be used, since something fails before. */
function isSubkey(parts: readonly Uint8Array[]): boolean {
  const text = parts.map((part) => Buffer.from(part).toString('latin1')).join('')
  return /(hedge|keyring|record mac|value digest).?$/s.test(text)
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

function left(seen: ReadonlySet<Uint8Array>): Uint8Array[] {
  return [...seen].filter((bytes) => !isZero(bytes))
}

/** Passwords that scrypt was given, as it got them. */
function watchScrypt(): { readonly passwords: Uint8Array[]; readonly end: () => void } {
  const exported = nodeCrypto as { scrypt: typeof nodeCrypto.scrypt }
  const { scrypt } = exported
  const passwords: Uint8Array[] = []
  exported.scrypt = ((password: Uint8Array, ...others: Parameters<typeof scrypt>) => {
    passwords.push(password)
    Reflect.apply(scrypt, null, [password, ...others])
  }) as unknown as typeof scrypt
  syncBuiltinESMExports()
  return {
    passwords,
    end: () => {
      exported.scrypt = scrypt
      syncBuiltinESMExports()
    },
  }
}

const S = { secretName: 'S' }
const unlock = rawKey(TEST_KEY)
const newUnlock = rawKey(new Uint8Array(32).fill(9))

/** Values that are told by their bytes, wherever they are found. */
const LOUD = new Uint8Array(100).fill(0xee)
const LOUD_TEXT = 'î'.repeat(50)

function valuesIn(hashed: ReadonlySet<Uint8Array>): Uint8Array[] {
  return [...hashed].filter((bytes) => bytes.length === 100 && !isZero(bytes))
}

/** Changes that come to nothing, and what they come to. */
const UNSUCCESSFUL: readonly (readonly [
  what: string,
  code: string,
  run: (vault: Vault) => Promise<unknown>,
])[] = [
  [
    'creation is refused',
    'SECRET_EXISTS',
    (vault) => vault.createSecret({ ...S, secretData: LOUD }),
  ],
  [
    'put is refused',
    'VERSION_EXISTS',
    (vault) => vault.putSecretValue({ ...S, secretData: LOUD_TEXT, versionId: 'v1' }),
  ],
  [
    'put expects another version',
    'VERSION_CONFLICT',
    (vault) => vault.putSecretValue({ ...S, secretData: LOUD, expectedCurrentVersionId: 'v7' }),
  ],
  [
    'creation fails in the store',
    'STORAGE_UNAVAILABLE',
    (vault) => vault.createSecret({ secretName: 'new', secretData: LOUD_TEXT }),
  ],
  [
    'put fails in the store',
    'STORAGE_UNAVAILABLE',
    (vault) => vault.putSecretValue({ ...S, secretData: LOUD }),
  ],
  [
    'put has no random bytes',
    'RANDOM_FAILED',
    (vault) => vault.putSecretValue({ ...S, secretData: LOUD_TEXT }),
  ],
]

async function useEverything(vault: Vault): Promise<void> {
  await vault.createSecret({ ...S, secretData: 'the first value' })
  await vault.putSecretValue({ ...S, secretData: new Uint8Array(100).fill(3) })
  await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
  await vault.batchGetSecretValue({ secretsList: [{ ...S, versionStage: 'ACSPrevious' }] })
  const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock })
  await vault.removeUnlockSlot({ slotId, unlock })
  await vault.replaceUnlockSlot({ unlock, newUnlock })
  await vault.replaceUnlockSlot({ unlock: newUnlock, newUnlock: unlock })
  await vault.verify()
}

describe('after close(), no key and no plaintext is left', () => {
  it.each(['chacha20-poly1305', 'aes-256-gcm'] as const)('of a new vault, %s', async (cipher) => {
    const { primitives, seen } = watchPrimitives()
    const vault = await createVault({ storage: createMemoryStorage(), unlock, cipher, primitives })
    expect(left(seen).length).toBeGreaterThan(0)
    await useEverything(vault)
    await vault.close()
    expect(seen.size).toBeGreaterThan(50)
    expect(left(seen)).toEqual([])
  })

  it('of an opened vault, except the binary values that were handed out', async () => {
    const storage = createMemoryStorage()
    await useEverything(await createVault({ storage, unlock }))
    const { primitives, seen } = watchPrimitives()
    const vault = await openVault({ storage, unlock, primitives })
    const { secretData } = await vault.getSecretValue(S)
    await vault.verify()
    await vault.close()
    expect(left(seen)).toEqual([secretData])
  })
})

describe('while a vault is open', () => {
  it('it holds keys, its own and those of the versions that it remembers, and no value', async () => {
    const { primitives, seen, hashed } = watchPrimitives()
    const vault = await createVault({ storage: createMemoryStorage(), unlock, primitives })
    await useEverything(vault)
    const held = left(seen)
    expect(held.length).toBeGreaterThan(0)
    expect(held.map(({ length }) => length)).toEqual(held.map(() => 32))
    expect(valuesIn(hashed)).toEqual([])
    await vault.close()
    expect(held.every(isZero)).toBe(true)
  })

  it('it holds no value that it opened for a get that is refused', async () => {
    const storage = createMemoryStorage()
    const other = await createVault({ storage, unlock })
    await other.createSecret({ ...S, secretData: 'x' })
    await other.putSecretValue({ ...S, secretData: 'y' })
    const { primitives, seen } = watchPrimitives()
    const vault = await openVault({ storage, unlock, primitives })
    await vault.getSecretValue({ ...S, versionId: 'v1' })
    await other.disableVersion({ ...S, versionId: 'v1' })
    const before = seen.size
    const held = left(seen)
    // It opens the record that it remembers before it sees the head.
    await expectFailure(() => vault.getSecretValue({ ...S, versionId: 'v1' }), 'VERSION_DISABLED')
    expect(seen.size).toBeGreaterThan(before)
    expect(left(seen)).toEqual(held)
  })

  it('it holds no key of a version that was destroyed, evicted or deleted by it', async () => {
    const { primitives, seen } = watchPrimitives()
    const limits = { versionsMax: 2 }
    const vault = await createVault({ storage: createMemoryStorage(), unlock, primitives, limits })
    await vault.createSecret({ ...S, secretData: 'x' })
    await vault.getSecretValue(S)
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    const held = left(seen)
    await vault.createSecret({ ...S, secretData: 'x' })
    for (const versionId of ['second', 'third', 'fourth']) {
      await vault.getSecretValue(S)
      await vault.putSecretValue({ ...S, secretData: versionId, versionId })
    }
    await vault.destroyVersion({ ...S, versionId: 'third' })
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    expect(left(seen)).toEqual(held)
  })

  it.each(UNSUCCESSFUL)('it holds nothing of a value whose %s', async (_what, code, run) => {
    const { primitives, seen, hashed } = watchPrimitives()
    let isFailing = false
    const storage = faultyStorage(createMemoryStorage(), ({ method }) =>
      isFailing && method === 'commit' ? 'fail-before' : 'pass',
    )
    const random = seededRandom('failing')
    const vault = await createVault({
      storage,
      unlock,
      primitives,
      random: (length) =>
        isFailing && code === 'RANDOM_FAILED' ? new Uint8Array(0) : random(length),
    })
    await vault.createSecret({ ...S, secretData: 'x' })
    const held = left(seen)
    isFailing = code.startsWith('STORAGE_') || code === 'RANDOM_FAILED'
    const before = hashed.size
    await expectFailure(() => run(vault), code)
    expect(left(seen)).toEqual(held)
    expect(valuesIn(hashed)).toEqual([])
    if (code !== 'RANDOM_FAILED') expect(hashed.size).toBeGreaterThan(before)
  })
})

describe('a vault that does not open leaves none either', () => {
  it('for a wrong key', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock })
    const { primitives, seen } = watchPrimitives()
    await expectFailure(
      () => openVault({ storage, unlock: newUnlock, primitives }),
      'UNLOCK_FAILED',
    )
    expect(seen.size).toBeGreaterThan(0)
    expect(left(seen)).toEqual([])
  })

  it('for a descriptor that was changed', async () => {
    const data = createMemoryData()
    const storage = createMemoryStorage({ data })
    await createVault({ storage, unlock })
    const other = createMemoryStorage()
    await createVault({ storage: other, unlock })
    const { primitives, seen } = watchPrimitives()
    // Its checksum is right, and it names this vault: only its MAC is not of this vault's key.
    const descriptor = data.get(DESCRIPTOR_KEY)
    if (descriptor === null) throw new Error('there is no descriptor')
    const forged = descriptor.slice(0, -8)
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    data.apply([{ key: DESCRIPTOR_KEY, value: appendChecksum(nodePrimitives, forged) }])
    await expectFailure(() => openVault({ storage, unlock, primitives }), 'DECRYPTION_FAILED')
    expect(left(seen)).toEqual([])
  })

  it('for a creation that runs out of random bytes, whichever it draws last', async () => {
    let draws = 0
    for (let fail = 0; ; fail += 1) {
      draws = 0
      const { primitives, seen } = watchPrimitives()
      const random = seededRandom(`draws ${fail}`)
      const creating = createVault({
        storage: createMemoryStorage(),
        unlock,
        primitives,
        random: (length) => (draws++ === fail ? new Uint8Array(0) : random(length)),
      })
      const vault = await creating.catch((error: unknown) => codeOf(error as Error))
      if (typeof vault !== 'string') break
      expect(vault).toBe('RANDOM_FAILED')
      expect(left(seen), `draw ${fail}`).toEqual([])
    }
    expect(draws).toBeGreaterThan(5)
  })

  it('for a creation whose commit fails', async () => {
    const { primitives, seen } = watchPrimitives()
    const storage = faultyStorage(createMemoryStorage(), ({ method }) =>
      method === 'commit' ? 'fail-before' : 'pass',
    )
    await expectFailure(() => createVault({ storage, unlock, primitives }), 'STORAGE_UNAVAILABLE')
    expect(left(seen)).toEqual([])
  })

  it('for a vault that is there already', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock })
    const { primitives, seen } = watchPrimitives()
    await expectFailure(() => createVault({ storage, unlock, primitives }), 'VAULT_EXISTS')
    expect(left(seen)).toEqual([])
  })
})

describe('passphrases', () => {
  let end = (): void => undefined

  afterEach(() => {
    end()
  })

  it('are overwritten once scrypt has used them', async () => {
    const watch = watchScrypt()
    end = watch.end
    const storage = createMemoryStorage()
    const words = passphrase('correct horse battery staple', { scryptLogN: 15 })
    await createVault({ storage, unlock: words })
    await openVault({ storage, unlock: words })
    const wrong = passphrase('wrong horse')
    await expectFailure(() => openVault({ storage, unlock: wrong }), 'UNLOCK_FAILED')
    expect(watch.passwords.length).toBeGreaterThan(2)
    expect(watch.passwords.every((password) => password.length > 0 && isZero(password))).toBe(true)
  })
})
