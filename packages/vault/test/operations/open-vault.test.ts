import { describe, expect, it } from 'vitest'
import { StorageError, createVault, generateKey, openVault, passphrase, rawKey } from 'stagevault'
import type { Vault } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf, expectFailure } from '../support/failures.js'
import { seededRandom } from '../support/seeded-random.js'
import { dumpRecords, keysOf, overwrite } from '../support/stored-records.js'
import { TEST_KEY, newTestVault, sharedMemory, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const CHEAP = { scryptLogN: 15 }

describe('createVault', () => {
  it('gives an id of its own to every vault', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const options = { storage: createMemoryStorage(), unlock: rawKey(generateKey()) }
        return (await createVault(options)).vaultId
      }),
    )
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(ids).size).toBe(3)
  })

  it('twice: VAULT_EXISTS, and the first is as it was', async () => {
    const { storage, dump, vault } = await vaultWithSecret()
    const before = await dump()
    for (const unlock of [rawKey(TEST_KEY), rawKey(generateKey()), passphrase('x', CHEAP)]) {
      await expectFailure(() => createVault({ storage, unlock }), 'VAULT_EXISTS')
    }
    expect(await dump()).toEqual(before)
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('of several at once exactly one wins, and its key alone opens', async () => {
    const memory = sharedMemory()
    const keys = Array.from({ length: 6 }, () => generateKey())
    const outcomes = await Promise.allSettled(
      keys.map((key) => createVault({ storage: memory.open(), unlock: rawKey(key) })),
    )
    const codes = outcomes.map((each) =>
      each.status === 'fulfilled' ? 'created' : codeOf(each.reason as Error),
    )
    expect(codes.filter((code) => code === 'created')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['created', 'VAULT_EXISTS']))
    const winner = codes.indexOf('created')
    const storage = memory.open()
    expect(await keysOf(storage, 'slot!')).toHaveLength(1)
    for (const [i, key] of keys.entries()) {
      const opening = (): Promise<Vault> => openVault({ storage, unlock: rawKey(key) })
      if (i === winner) expect((await (await opening()).verify()).isClean).toBe(true)
      else await expectFailure(opening, 'UNLOCK_FAILED')
    }
  })

  it('while another creates the vault: VAULT_EXISTS, and openVault opens it', async () => {
    for (const attempt of [createVault, openVault]) {
      const memory = sharedMemory()
      const storage = memory.open()
      const unlock = rawKey(TEST_KEY)
      let other: Promise<Vault> | null = null
      const slow: StorageAdapter = {
        ...storage,
        // The other one is done after the descriptor was looked for.
        scan: async (range) => {
          await (other ??= createVault({ storage: memory.open(), unlock }))
          return storage.scan(range)
        },
      }
      const outcome = attempt({ storage: slow, unlock })
      if (attempt === openVault) expect((await outcome).vaultId).toMatch(/^[0-9a-f]{32}$/)
      else await expectFailure(() => outcome, 'VAULT_EXISTS')
    }
  })

  it('with a lost answer: STORAGE_OUTCOME_UNKNOWN, and opening tells what happened', async () => {
    const unlock = rawKey(TEST_KEY)
    for (const verdict of ['fail-after', 'fail-before'] as const) {
      const inner = createMemoryStorage()
      const lossy: StorageAdapter = {
        ...inner,
        commit: async (commit) => {
          if (verdict === 'fail-after') await inner.commit(commit)
          throw new StorageError('STORAGE_OUTCOME_UNKNOWN', 'made to fail')
        },
      }
      const creating = (storage: StorageAdapter): Promise<Vault> => createVault({ storage, unlock })
      await expectFailure(() => creating(lossy), 'STORAGE_OUTCOME_UNKNOWN')
      if (verdict === 'fail-after') {
        await expectFailure(() => creating(inner), 'VAULT_EXISTS')
      } else {
        await expectFailure(() => openVault({ storage: inner, unlock }), 'VAULT_MISSING')
        await creating(inner)
      }
      expect((await (await openVault({ storage: inner, unlock })).verify()).isClean).toBe(true)
    }
  })

  it('in a store with anything else in it: RECORD_MISSING, and nothing is written', async () => {
    for (const key of ['!', 'secret!S!head', 'vault!keyring', '~~~']) {
      const storage = createMemoryStorage()
      await overwrite(storage, key, Uint8Array.of(1))
      const before = await dumpRecords(storage)
      const unlock = rawKey(TEST_KEY)
      await expectFailure(() => createVault({ storage, unlock }), 'RECORD_MISSING')
      expect(await dumpRecords(storage)).toEqual(before)
    }
  })

  it.each(['chacha20-poly1305', 'aes-256-gcm'] as const)('with %s', async (cipher) => {
    const { vault, open } = await newTestVault({ cipher })
    await vault.createSecret({ ...S, secretData: 'one' })
    expect((await (await open()).getSecretValue(S)).secretData).toBe('one')
  })

  it('region and account are bounded, and stay', async () => {
    const { vault, open } = await newTestVault({ region: 'R_-9'.repeat(16), accountId: '0' })
    await vault.createSecret({ ...S, secretData: 'x' })
    const { arn } = await (await open()).describeSecret(S)
    expect(arn).toBe(`acs:kms:${'R_-9'.repeat(16)}:0:secret/S`)
    for (const part of ['', 'x'.repeat(65), 'a:b', 'a b', 'é', '*']) {
      await expectFailure(() => newTestVault({ region: part }), 'INVALID_PARAMETER')
      await expectFailure(() => newTestVault({ accountId: part }), 'INVALID_PARAMETER')
    }
  })
})

describe('openVault', () => {
  it('an empty store: VAULT_MISSING, and it stays empty', async () => {
    const storage = createMemoryStorage()
    await expectFailure(() => openVault({ storage, unlock: rawKey(TEST_KEY) }), 'VAULT_MISSING')
    expect((await dumpRecords(storage)).size).toBe(0)
  })

  it('a store that lost its descriptor, keyring or slots: RECORD_MISSING', async () => {
    for (const lost of ['vault!descriptor', 'vault!keyring', 'slot!']) {
      const { storage, open } = await vaultWithSecret()
      for (const key of await keysOf(storage, lost)) await overwrite(storage, key, null)
      await expectFailure(() => open(), 'RECORD_MISSING')
    }
  })

  it('the expected vault opens, another is refused before anything is tried', async () => {
    const { vault, open } = await newTestVault()
    const other = (await newTestVault()).vault.vaultId
    expect((await open({ vaultId: vault.vaultId })).vaultId).toBe(vault.vaultId)
    await expectFailure(() => open({ vaultId: other }), 'RECORD_MISMATCH')
    const wrong = { vaultId: other, unlock: rawKey(generateKey()) }
    await expectFailure(() => open(wrong), 'RECORD_MISMATCH')
    const { vaultId: id } = vault
    for (const vaultId of ['', id.slice(1), `${id}0`, id.toUpperCase(), `${id.slice(1)}g`]) {
      await expectFailure(() => open({ vaultId }), 'INVALID_PARAMETER')
    }
  })

  it('another key, or a passphrase where there is a key: UNLOCK_FAILED, not damage', async () => {
    const { open, dump } = await vaultWithSecret()
    const before = await dump()
    const almost = new Uint8Array(TEST_KEY)
    almost[31] = (almost[31] ?? 0) ^ 1
    for (const unlock of [rawKey(almost), rawKey(generateKey()), passphrase('x', CHEAP)]) {
      await expectFailure(() => open({ unlock }), 'UNLOCK_FAILED')
    }
    expect(await dump()).toEqual(before)
  })

  it('another passphrase, or a key where there is a passphrase: UNLOCK_FAILED', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock: passphrase('right', CHEAP) })
    const wrong = ['wrong', 'Right', 'right ', ' right', 'right\u200b', 'righ', 'rightright']
    for (const text of wrong) {
      await expectFailure(
        () => openVault({ storage, unlock: passphrase(text, CHEAP) }),
        'UNLOCK_FAILED',
      )
    }
    await expectFailure(() => openVault({ storage, unlock: rawKey(TEST_KEY) }), 'UNLOCK_FAILED')
    await openVault({ storage, unlock: passphrase('right', CHEAP) })
  })

  it('a passphrase holds no NUL: at its end scrypt would not see it', () => {
    for (const text of ['right\0', '\0', 'a\0b', '\0right']) {
      expect(() => passphrase(text, CHEAP)).toThrow(
        expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error,
      )
    }
  })

  it('a passphrase opens in composed and decomposed form, at the cost of its slot', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock: passphrase('pässwörd', { scryptLogN: 16 }) })
    await openVault({ storage, unlock: passphrase('pässwörd'.normalize('NFD'), CHEAP) })
    // Only NFKC would make a plain letter of the full-width one: this is another passphrase.
    const compatible = passphrase('pässwörd'.replace('w', 'ｗ'), CHEAP)
    await expectFailure(() => openVault({ storage, unlock: compatible }), 'UNLOCK_FAILED')
  })

  it('one unlock serves many vaults, and a key that was wiped afterwards', async () => {
    const key = generateKey()
    const unlock = rawKey(key)
    key.fill(0)
    for (const seed of ['a', 'b']) {
      const storage = createMemoryStorage()
      const first = await createVault({ storage, unlock, random: seededRandom(seed) })
      await first.createSecret({ ...S, secretData: seed })
      await first.close()
      expect((await (await openVault({ storage, unlock })).getSecretValue(S)).secretData).toBe(seed)
    }
  })
})
