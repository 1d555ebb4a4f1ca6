/** Keys and values are overwritten when they are no longer needed: those of a vault at its end. */

import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, passphrase, rawKey } from 'stagevault'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { expectFailure } from '../support/failures.js'
import { TEST_KEY } from '../support/test-vault.js'

/** The primitives, and every array with a key or a plaintext that they were given or gave. */
function watchPrimitives(): { readonly primitives: Primitives; readonly seen: Set<Uint8Array> } {
  const seen = new Set<Uint8Array>()
  function see<T extends Uint8Array | null>(bytes: T): T {
    if (bytes !== null) seen.add(bytes)
    return bytes
  }
  const primitives: Primitives = {
    ...nodePrimitives,
    hmacSha256: (key, ...parts) => nodePrimitives.hmacSha256(see(key), ...parts),
    aeadSeal: (suite, key, nonce, aad, plaintext) =>
      nodePrimitives.aeadSeal(suite, see(key), nonce, aad, see(plaintext)),
    aeadOpen: (suite, key, nonce, aad, box) =>
      see(nodePrimitives.aeadOpen(suite, see(key), nonce, aad, box)),
  }
  return { primitives, seen }
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
  it('it holds its keys and those of versions it remembers, and no value', async () => {
    const { primitives, seen } = watchPrimitives()
    const vault = await createVault({ storage: createMemoryStorage(), unlock, primitives })
    // The keys of the vault are seen at their first use.
    await vault.createSecret({ secretName: 'first', secretData: 'x' })
    await vault.getSecretValue({ secretName: 'first' })
    const held = left(seen)
    expect(held.map(({ length }) => length)).toEqual(held.map(() => 32))
    await useEverything(vault)
    const later = left(seen)
    // One more version was read.
    expect(later).toHaveLength(held.length + 1)
    expect(later.map(({ length }) => length)).toEqual(later.map(() => 32))
    await vault.close()
    expect(later.every(isZero)).toBe(true)
  })
})

describe('a vault that does not open leaves none either', () => {
  it('for a wrong key', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock })
    const { primitives, seen } = watchPrimitives()
    await expectFailure(() => openVault({ storage, unlock: newUnlock, primitives }), 'UNLOCK_FAILED')
    expect(seen.size).toBeGreaterThan(0)
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
