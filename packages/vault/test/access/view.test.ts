/** What a view is, besides what its policies allow: the table cases show that. */

import { describe, expect, it } from 'vitest'
import { newTestVault } from '../support/test-vault.js'

const ANN = { kind: 'user', name: 'ann' } as const

/** Allows `action` if the request came from the block. */
function allowFrom(action: string, block: string): string {
  const statement = {
    Effect: 'Allow',
    Action: action,
    Resource: '*',
    Condition: { IpAddress: { 'acs:SourceIp': block } },
  }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

async function withPolicy(policy: string): Promise<Awaited<ReturnType<typeof newTestVault>>> {
  const test = await newTestVault({ accountId: 'local' })
  const { vault } = test
  await vault.createSecret({ secretName: 'a', secretData: 'value of a' })
  await vault.createPolicy({ policyName: 'p', policy })
  await vault.createUser({ userName: 'ann' })
  await vault.attachPolicy({ policyName: 'p', to: ANN })
  return test
}

describe('a view', () => {
  it('reads nothing when it is made', async () => {
    const { vault } = await newTestVault({ accountId: 'local' })
    await vault.close()
    expect(() => vault.as(ANN)).toThrow(expect.objectContaining({ code: 'VAULT_CLOSED' }) as Error)
  })

  it('is narrowed by more context, and keeps its principal', async () => {
    const { vault } = await withPolicy(allowFrom('kms:GetSecretValue', '192.0.2.0/24'))
    const view = vault.as(ANN)
    await expect(view.getSecretValue({ secretName: 'a' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    })
    const near = view.withContext({ sourceIp: '192.0.2.7' })
    expect((await near.getSecretValue({ secretName: 'a' })).secretData).toBe('value of a')
    const far = near.withContext({ sourceIp: '198.51.100.1' })
    await expect(far.getSecretValue({ secretName: 'a' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    })
    expect(far.principal).toEqual({ kind: 'user', name: 'ann', accountId: 'local' })
    expect(Object.isFrozen(far.principal)).toBe(true)
  })

  it('has no operation of the owner', async () => {
    const { vault } = await newTestVault({ accountId: 'local' })
    const view = vault.as(ANN)
    const names = Object.keys(view)
    for (const name of ['as', 'verify', 'addUnlockSlot', 'createUser', 'updateVaultSettings']) {
      expect(names).not.toContain(name)
    }
    const operations = Object.keys(vault).filter((name) => names.includes(name))
    expect(operations.sort()).toEqual(
      names.filter((name) => !['principal', 'withContext'].includes(name)).sort(),
    )
  })

  it('ends alone when it is closed', async () => {
    const { vault } = await withPolicy(allowFrom('kms:*', '192.0.2.0/24'))
    const view = vault.as(ANN, { sourceIp: '192.0.2.7' })
    const other = vault.as(ANN, { sourceIp: '192.0.2.7' })
    const heard: string[] = []
    view.subscribe(({ type }) => heard.push(type))
    await view.close()
    await expect(view.getSecretValue({ secretName: 'a' })).rejects.toMatchObject({
      code: 'VAULT_CLOSED',
    })
    expect(() => view.subscribe(() => undefined)).toThrow('closed')
    await other.putSecretValue({ secretName: 'a', secretData: 'next' })
    expect((await vault.getSecretValue({ secretName: 'a' })).secretData).toBe('next')
    expect(heard).toEqual([])
  })

  it('of a principal of another account has no policies of a local user of its name', async () => {
    const { vault } = await withPolicy(allowFrom('kms:*', '0.0.0.0/0'))
    const view = vault.as({ ...ANN, accountId: 'other' }, { sourceIp: '192.0.2.7' })
    await expect(view.getSecretValue({ secretName: 'a' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    })
  })

  it('tells in a refusal what was asked for, and no policy', async () => {
    const { vault } = await withPolicy(allowFrom('kms:*', '192.0.2.0/24'))
    await expect(vault.as(ANN).getSecretValue({ secretName: 'none' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'the caller is not allowed kms:GetSecretValue on secret none',
    })
  })

  it('is not made of a vault that is open without proof of its root', async () => {
    const { vault, open } = await newTestVault({ accountId: 'local' })
    await vault.close()
    const unproved = await open({ readOnly: true, unproved: true })
    expect(() => unproved.as(ANN)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_OPERATION' }) as Error,
    )
  })
})

describe('bad input', () => {
  const good = { principal: ANN, action: 'kms:GetSecretValue', secretName: 'a' }

  it.each([
    [{ action: 'kms:GetSecretValues' }],
    [{ resource: '*' }],
    [{ secretName: 'a b' }],
    [{ principal: { kind: 'user', name: 'a/b' } }],
    [{ principal: { kind: 'group', name: 'a' } }],
    [{ context: { sourceIP: '192.0.2.7' } }],
    [{ signal: undefined, request: {}, more: 1 }],
  ])('explainAccess refuses %j', async (change) => {
    const { vault } = await newTestVault({ accountId: 'local' })
    await expect(vault.explainAccess({ ...good, ...change } as never)).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
    })
  })

  it.each([[{ action: 1 }], [{ principal: 'ann' }], [{ request: 'x' }], [{ request: null }]])(
    'explainAccess takes no %j',
    async (change) => {
      const { vault } = await newTestVault({ accountId: 'local' })
      await expect(vault.explainAccess({ ...good, ...change } as never)).rejects.toThrow(TypeError)
    },
  )

  it('as refuses a principal and a context that break a rule', async () => {
    const { vault } = await newTestVault({ accountId: 'local' })
    const refused = expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error
    expect(() => vault.as({ kind: 'user', name: '' })).toThrow(refused)
    expect(() => vault.as(ANN, { userAgent: 'x'.repeat(257) })).toThrow(refused)
    expect(() => vault.as(ANN).withContext({ more: 1 } as never)).toThrow(refused)
    expect(() => vault.as(null as never)).toThrow(TypeError)
  })
})
