/** Policies of secrets: set, read, removed, and what becomes of them with their secrets. */

import { describe, expect, it } from 'vitest'
import { ALLOW_ALL, NO_STATEMENTS, SECRET_POLICY } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import { keysOf } from '../support/stored-records.js'
import { DAY_MS } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const FORCE = { forceDeleteWithoutRecovery: true }
const NAMED = { ...S, policyName: 'default' } as const

/** A policy whose resource is this secret alone. */
function policyFor(name: string): string {
  return SECRET_POLICY.replace('"Resource":"*"', `"Resource":"acs:kms:*:*:secret/${name}"`)
}

async function policyKeys({ storage }: TestVault): Promise<readonly string[]> {
  return keysOf(storage, 'policy!')
}

describe('the policy of a secret', () => {
  it('grants nothing at first', async () => {
    const { vault } = await vaultWithSecret()
    expect(await vault.getSecretPolicy(S)).toEqual({
      ...NAMED,
      policy: NO_STATEMENTS,
      generation: 0,
    })
    await expectFailure(() => vault.getSecretPolicy({ secretName: 'T' }), 'SECRET_NOT_FOUND')
  })

  it('is stored as it was given, and another handle reads it', async () => {
    const test = await vaultWithSecret()
    const { vault, open } = test
    const policy = ` ${SECRET_POLICY}\n`
    expect(await vault.setSecretPolicy({ ...NAMED, policy })).toEqual({ ...NAMED, generation: 1 })
    const found = { ...NAMED, policy, generation: 1 }
    for (const handle of [vault, await open()]) {
      expect(await handle.getSecretPolicy(S)).toEqual(found)
      expect(await handle.getSecretPolicy(NAMED)).toEqual(found)
    }
    expect(await policyKeys(test)).toHaveLength(1)
    await expectFailure(
      () => vault.setSecretPolicy({ secretName: 'T', policy }),
      'SECRET_NOT_FOUND',
    )
  })

  it('replaces the one before, whose record is deleted', async () => {
    const test = await vaultWithSecret()
    const { vault } = test
    for (const name of ['S', '?', 'S*']) {
      await vault.setSecretPolicy({ ...S, policy: policyFor(name) })
    }
    const { policy, generation } = await vault.getSecretPolicy(S)
    expect([policy, generation]).toEqual([policyFor('S*'), 3])
    expect(await policyKeys(test)).toEqual([expect.stringMatching(/!000000000003$/)])
    expect((await vault.verify()).problems).toEqual([])
  })

  it('is removed by a document without statements, and set again', async () => {
    const test = await vaultWithSecret()
    const { vault, dump } = test
    const remove = { ...S, policy: NO_STATEMENTS }
    const before = await dump()
    expect((await vault.setSecretPolicy(remove)).generation).toBe(0)
    expect(await dump()).toEqual(before)
    await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    expect((await vault.setSecretPolicy(remove)).generation).toBe(2)
    expect(await policyKeys(test)).toEqual([])
    const removed = await dump()
    expect((await vault.setSecretPolicy(remove)).generation).toBe(2)
    expect(await dump()).toEqual(removed)
    expect((await vault.getSecretPolicy(S)).policy).toBe(NO_STATEMENTS)
    expect((await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })).generation).toBe(3)
    expect((await vault.verify()).problems).toEqual([])
  })

  it('names principals, and no other secret', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    for (const policy of [ALLOW_ALL, policyFor('T'), policyFor('S/*'), '{}', '']) {
      await expectFailure(() => vault.setSecretPolicy({ ...S, policy }), 'INVALID_PARAMETER')
    }
    expect(await dump()).toEqual(before)
  })

  it('stays with a put', async () => {
    const test = await vaultWithSecret()
    await test.vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    const keys = await policyKeys(test)
    await test.vault.putSecretValue({ ...S, secretData: 'two' })
    expect(await policyKeys(test)).toEqual(keys)
    expect((await test.vault.getSecretPolicy(S)).policy).toBe(SECRET_POLICY)
  })
})

describe('a rename', () => {
  it('keeps the policy', async () => {
    const test = await vaultWithSecret()
    const { vault, open } = test
    await vault.setSecretPolicy({ ...S, policy: policyFor('*') })
    const keys = await policyKeys(test)
    await (await open()).renameSecret({ ...S, newSecretName: 'T' })
    expect((await vault.getSecretPolicy({ secretName: 'T' })).policy).toBe(policyFor('*'))
    expect(await policyKeys(test)).toEqual(keys)
    expect((await vault.verify()).problems).toEqual([])
  })

  it('is refused if the policy does not match the new name', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.setSecretPolicy({ ...S, policy: policyFor('S*') })
    const before = await dump()
    const rename = { ...S, newSecretName: 'T' }
    await expectFailure(() => vault.renameSecret(rename), 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
    await vault.renameSecret({ ...S, newSecretName: 'S/T' })
    await vault.setSecretPolicy({ secretName: 'S/T', policy: NO_STATEMENTS })
    await vault.renameSecret({ secretName: 'S/T', newSecretName: 'T' })
  })

  it('is decided on the policy of the same turn', async () => {
    const { vault } = await vaultWithSecret()
    await vault.setSecretPolicy({ ...S, policy: policyFor('*') })
    const [, refused] = await Promise.allSettled([
      vault.setSecretPolicy({ ...S, policy: policyFor('S') }),
      vault.renameSecret({ ...S, newSecretName: 'T' }),
    ])
    expect(refused).toMatchObject({ reason: { code: 'INVALID_PARAMETER' } })
    await Promise.all([
      vault.setSecretPolicy({ ...S, policy: policyFor('*') }),
      vault.renameSecret({ ...S, newSecretName: 'T' }),
    ])
    expect((await vault.getSecretPolicy({ secretName: 'T' })).policy).toBe(policyFor('*'))
  })
})

describe('a deletion', () => {
  it('deletes the policy in the same commit', async () => {
    const test = await vaultWithSecret()
    const { vault } = test
    await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    await vault.deleteSecret({ ...S, ...FORCE })
    expect(await policyKeys(test)).toEqual([])
    await vault.createSecret({ ...S, secretData: 'x' })
    expect((await vault.getSecretPolicy(S)).policy).toBe(NO_STATEMENTS)
    expect((await vault.verify()).problems).toEqual([])
  })

  it('by a sweep deletes it, too', async () => {
    const test = await vaultWithSecret()
    const { vault, clock } = test
    await vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
    await vault.deleteSecret(S)
    for (const call of [
      () => vault.getSecretPolicy(S),
      () => vault.setSecretPolicy({ ...S, policy: SECRET_POLICY }),
    ]) {
      await expectFailure(call, 'SECRET_IN_DELETE_WINDOW')
    }
    expect(await policyKeys(test)).toHaveLength(1)
    clock.advance(31 * DAY_MS)
    await vault.listSecrets()
    clock.advance(DAY_MS)
    await vault.listSecrets()
    expect(await policyKeys(test)).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('changes of one turn', () => {
  it('leave the last policy alone', async () => {
    const test = await vaultWithSecret()
    const { vault } = test
    const set = (name: string): Promise<{ generation: number }> =>
      vault.setSecretPolicy({ ...S, policy: policyFor(name) })
    const results = await Promise.all([set('S'), set('?'), set('S*')])
    expect(results.map(({ generation }) => generation)).toEqual([1, 2, 3])
    expect(await policyKeys(test)).toEqual([expect.stringMatching(/!000000000003$/)])
    expect((await vault.getSecretPolicy(S)).policy).toBe(policyFor('S*'))
  })

  it('leave none after a removal or a deletion', async () => {
    const test = await newTestVault()
    const { vault } = test
    await vault.listUsers()
    await Promise.all([
      vault.createSecret({ ...S, secretData: 'x' }),
      vault.setSecretPolicy({ ...S, policy: SECRET_POLICY }),
      vault.setSecretPolicy({ ...S, policy: NO_STATEMENTS }),
    ])
    expect(await policyKeys(test)).toEqual([])
    await Promise.all([
      vault.setSecretPolicy({ ...S, policy: SECRET_POLICY }),
      vault.setSecretPolicy({ ...S, policy: policyFor('S') }),
      vault.deleteSecret({ ...S, ...FORCE }),
    ])
    expect(await policyKeys(test)).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
  })
})
