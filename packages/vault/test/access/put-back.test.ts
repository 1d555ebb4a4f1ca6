/**
 * Access records that were put back, removed or planted in the store, each alone: a fresh handle
 * refuses them, and `verify` finds them.
 */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import {
  ALLOW_ALL,
  DENY_ALL,
  NO_STATEMENTS,
  SECRET_POLICY,
  fillAccess,
} from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import { keepCopy, keysOf, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const ANN = { userName: 'ann' }
const OPS = { groupName: 'ops' }
const ALL = { policyName: 'all' }

const READS: Readonly<Record<string, (vault: Vault) => Promise<unknown>>> = {
  'access!user!ann': (vault) => vault.getUser(ANN),
  'access!role!backup': (vault) => vault.getRole({ roleName: 'backup' }),
  'access!group!ops': (vault) => vault.getGroup(OPS),
  'access!policy!all': (vault) => vault.getPolicy(ALL),
}
const LISTS: Readonly<Record<string, (vault: Vault) => Promise<unknown>>> = {
  'access!user!ann': (vault) => vault.listUsers(),
  'access!role!backup': (vault) => vault.listRoles(),
  'access!group!ops': (vault) => vault.listGroups(),
  'access!policy!all': (vault) => vault.listPolicies(),
}
const CHANGES: Readonly<Record<string, (vault: Vault) => Promise<unknown>>> = {
  'access!user!ann': (vault) => vault.setUserEnabled({ ...ANN, enabled: true }),
  'access!role!backup': (vault) => vault.setRoleEnabled({ roleName: 'backup', enabled: true }),
  'access!group!ops': (vault) => vault.addUserToGroup({ ...ANN, ...OPS }),
  'access!policy!all': (vault) => vault.updatePolicy({ ...ALL, policy: ALLOW_ALL }),
}
const RECORD_KEYS = Object.keys(READS)
const PINS = ['vault!access', 'access!list']

/** A vault in which each record was written twice, and what was stored at a key before. */
async function rewritten(): Promise<TestVault & { before: ReadonlyMap<string, Uint8Array> }> {
  const test = await vaultWithSecret()
  const { vault, storage } = test
  await fillAccess(vault, 'S')
  const before = new Map<string, Uint8Array>()
  for (const key of await keysOf(storage, '')) before.set(key, await recordAt(storage, key))
  await vault.setUserEnabled({ ...ANN, enabled: false })
  await vault.setRoleEnabled({ roleName: 'backup', enabled: false })
  await vault.detachPolicy({ ...ALL, from: { kind: 'group', name: 'ops' } })
  await vault.updatePolicy({ ...ALL, policy: DENY_ALL })
  await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
  return { ...test, before }
}

async function problemsOf(vault: Vault): Promise<[string, string][]> {
  const { problems } = await vault.verify()
  return problems.map(({ code, storageKey }) => [storageKey, code])
}

describe.each([
  ['put back', 'RECORD_MISMATCH'],
  ['removed', 'RECORD_MISSING'],
])('an access record that was %s', (how, code) => {
  it.each(RECORD_KEYS)('%s', async (key) => {
    const { storage, open, before, vault } = await rewritten()
    await overwrite(storage, key, how === 'removed' ? null : (before.get(key) ?? null))
    for (const handle of [await open(), vault]) {
      for (const table of [READS, LISTS, CHANGES]) {
        await expectFailure(() => table[key]?.(handle), code)
      }
      expect(await problemsOf(handle)).toEqual([[key, code]])
    }
    // Other records, and the secrets, are still available.
    const others = RECORD_KEYS.filter((other) => other !== key)
    for (const other of others) await READS[other]?.(await open())
    expect((await (await open()).getSecretValue(S)).secretData).toBe('one')
  })

  it.each(PINS)('%s', async (key) => {
    const { storage, open, before, vault } = await rewritten()
    await overwrite(storage, key, how === 'removed' ? null : (before.get(key) ?? null))
    for (const handle of [await open(), vault]) {
      for (const table of [READS, LISTS, CHANGES]) {
        for (const call of Object.values(table)) await expectFailure(() => call(handle), code)
      }
      expect(await problemsOf(handle)).toContainEqual([key, code])
      expect((await handle.getSecretPolicy(S)).policy).toBe(SECRET_POLICY)
    }
  })
})

describe('damage', () => {
  it.each([...RECORD_KEYS, ...PINS])('of one bit in %s is found', async (key) => {
    const { storage, open } = await rewritten()
    for (const index of [6, -1]) {
      const record = await recordAt(storage, key)
      const damaged = new Uint8Array(record)
      const at = index < 0 ? record.length + index : index
      damaged[at] = (damaged[at] ?? 0) ^ 1
      await overwrite(storage, key, damaged)
      const vault = await open()
      const read = READS[key] ?? ((handle) => handle.listUsers())
      await expectFailure(() => read(vault), 'DECRYPTION_FAILED')
      expect(await problemsOf(vault)).toContainEqual([key, 'DECRYPTION_FAILED'])
      await overwrite(storage, key, record)
    }
    expect(await problemsOf(await open())).toEqual([])
  })

  it('a deleted record that was put back is refused, and not overwritten', async () => {
    const { vault, storage, open, before } = await rewritten()
    const key = 'access!user!ann'
    await vault.deleteUser(ANN)
    await overwrite(storage, key, before.get(key) ?? null)
    const fresh = await open()
    for (const call of [
      () => fresh.getUser(ANN),
      () => fresh.createUser(ANN),
      () => fresh.deleteUser(ANN),
    ]) {
      await expectFailure(call, 'RECORD_MISMATCH')
    }
    expect(await problemsOf(fresh)).toEqual([[key, 'RECORD_MISMATCH']])
    const { users } = await fresh.listUsers()
    expect(users.map(({ userName }) => userName)).toEqual(['bob'])
  })

  it('a record under a key that no vault uses is found', async () => {
    const { storage, open } = await rewritten()
    const keys = ['access!user!a/b', 'access!other!x', 'access!', 'policy!x']
    for (const key of keys) await overwrite(storage, key, Uint8Array.of(1))
    const found = await problemsOf(await open())
    expect(found.map(([key]) => key).sort()).toEqual([...keys].sort())
  })

  it('all access records put back together are refused, since the root names others', async () => {
    const { storage, open, before } = await rewritten()
    for (const key of [...RECORD_KEYS, ...PINS]) {
      await overwrite(storage, key, before.get(key) ?? null)
    }
    const vault = await open()
    for (const call of Object.values({ ...READS, ...CHANGES })) {
      await expectFailure(() => call(vault), 'RECORD_MISMATCH')
    }
  })

  it('the whole store put back is a rollback for the handle that knows more', async () => {
    const { storage, vault } = await vaultWithSecret()
    await fillAccess(vault)
    const putBack = await keepCopy(storage)
    await vault.setUserEnabled({ ...ANN, enabled: false })
    await putBack()
    await expectFailure(() => vault.getUser(ANN), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.setUserEnabled({ ...ANN, enabled: false }), 'ROLLBACK_DETECTED')
  })
})

describe('the policy of a secret', () => {
  async function policyKey({ storage }: TestVault): Promise<string> {
    const [key = ''] = await keysOf(storage, 'policy!')
    return key
  }

  it('that was removed from the store is RECORD_MISSING, also for a rename', async () => {
    const test = await rewritten()
    const key = await policyKey(test)
    await overwrite(test.storage, key, null)
    const fresh = await test.open()
    await expectFailure(() => fresh.getSecretPolicy(S), 'RECORD_MISSING')
    const rename = { ...S, newSecretName: 'T' }
    await expectFailure(() => fresh.renameSecret(rename), 'RECORD_MISSING')
    expect(await problemsOf(fresh)).toEqual([[key, 'RECORD_MISSING']])
    await fresh.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    expect(await problemsOf(fresh)).toEqual([])
  })

  it('that was put back is another record, which no head names', async () => {
    const { storage, open, before } = await rewritten()
    const [old = ''] = [...before.keys()].filter((key) => key.startsWith('policy!'))
    await overwrite(storage, old, before.get(old) ?? null)
    const fresh = await open()
    expect((await fresh.getSecretPolicy(S)).policy).toBe(SECRET_POLICY)
    expect(await problemsOf(fresh)).toEqual([[old, 'RECORD_MISMATCH']])
  })

  it('that was moved to the key of the next does not authenticate', async () => {
    const test = await rewritten()
    const [old = ''] = [...test.before.keys()].filter((key) => key.startsWith('policy!'))
    const key = await policyKey(test)
    await overwrite(test.storage, key, test.before.get(old) ?? null)
    const fresh = await test.open()
    await expectFailure(() => fresh.getSecretPolicy(S), 'DECRYPTION_FAILED')
    expect(await problemsOf(fresh)).toEqual([[key, 'DECRYPTION_FAILED']])
  })

  it('of another history is RECORD_MISMATCH', async () => {
    const test = await vaultWithSecret()
    const { storage, open, vault } = test
    const putBack = await keepCopy(storage)
    await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    const key = await policyKey(test)
    const other = await recordAt(storage, key)
    await putBack()
    const handle = await open()
    await handle.setSecretPolicy({ ...S, policy: SECRET_POLICY.replace('Allow', 'Deny') })
    await overwrite(storage, key, other)
    const fresh = await open()
    await expectFailure(() => fresh.getSecretPolicy(S), 'RECORD_MISMATCH')
    expect(await problemsOf(fresh)).toEqual([[key, 'RECORD_MISMATCH']])
  })

  it('cannot be restored after its removal', async () => {
    const { vault, storage, open, before } = await rewritten()
    await vault.setSecretPolicy({ ...S, policy: NO_STATEMENTS })
    const [old = ''] = [...before.keys()].filter((key) => key.startsWith('policy!'))
    await overwrite(storage, old, before.get(old) ?? null)
    const fresh = await open()
    expect((await fresh.getSecretPolicy(S)).policy).toBe(NO_STATEMENTS)
    expect(await problemsOf(fresh)).toEqual([[old, 'RECORD_MISMATCH']])
  })
})
