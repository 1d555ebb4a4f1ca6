/** Policies of users, roles and groups: each operation, its repetition, and its refusals. */

import { describe, expect, it } from 'vitest'
import { ALLOW_ALL, DENY_ALL, fillAccess } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const ALL = { policyName: 'all' }
const ANN = { kind: 'user', name: 'ann' } as const
const BOB = { kind: 'user', name: 'bob' } as const
const OPS = { kind: 'group', name: 'ops' } as const
const BACKUP = { kind: 'role', name: 'backup' } as const

/** A document of exactly this many bytes. */
function policyOf(bytes: number): string {
  return ALLOW_ALL + ' '.repeat(bytes - ALLOW_ALL.length)
}

async function filled(): Promise<TestVault> {
  const test = await newTestVault()
  await fillAccess(test.vault)
  return test
}

describe('a policy', () => {
  it('is created, read by another handle as it was given, and listed without its text', async () => {
    const { vault, open } = await newTestVault()
    const policy = ` ${ALLOW_ALL}\n`
    const created = await vault.createPolicy({ ...ALL, policy, description: 'd' })
    expect(created).toEqual({ ...ALL, generation: 1 })
    const other = await open()
    const info = { ...ALL, description: 'd', generation: 1 }
    expect(await other.getPolicy(ALL)).toEqual({ ...info, policy })
    expect(await other.listPolicies()).toEqual({ policies: [info] })
    await expectFailure(() => other.createPolicy({ ...ALL, policy }), 'ENTITY_EXISTS')
    await expectFailure(() => other.getPolicy({ policyName: 'none' }), 'ENTITY_NOT_FOUND')
  })

  it('is updated, if it is what is expected', async () => {
    const { vault, dump } = await filled()
    const update = { ...ALL, policy: DENY_ALL }
    const wrong = { ...update, expectedGeneration: 2 }
    await expectFailure(() => vault.updatePolicy(wrong), 'VERSION_CONFLICT')
    const right = { ...update, expectedGeneration: 1 }
    expect(await vault.updatePolicy(right)).toEqual({ ...ALL, generation: 2 })
    await expectFailure(() => vault.updatePolicy(right), 'VERSION_CONFLICT')
    const before = await dump()
    expect(await vault.updatePolicy(update)).toEqual({ ...ALL, generation: 2 })
    expect(await dump()).toEqual(before)
    expect((await vault.getPolicy(ALL)).policy).toBe(DENY_ALL)
    const none = { policyName: 'none', policy: DENY_ALL }
    await expectFailure(() => vault.updatePolicy(none), 'ENTITY_NOT_FOUND')
  })

  it('has no principals, and is a document of the language', async () => {
    const { vault, dump } = await filled()
    const before = await dump()
    const bad = [
      ALLOW_ALL.replace('"Effect"', '"Principal":{"RAM":"acs:ram::a:user/x"},"Effect"'),
      ALLOW_ALL.replace('Version', 'version'),
      policyOf(32_769),
      '',
    ]
    for (const policy of bad) {
      await expectFailure(() => vault.updatePolicy({ ...ALL, policy }), 'INVALID_PARAMETER')
      const created = { policyName: 'new', policy }
      await expectFailure(() => vault.createPolicy(created), 'INVALID_PARAMETER')
    }
    expect(await dump()).toEqual(before)
  })

  it('is deleted, with detach also where it is attached', async () => {
    const { vault } = await filled()
    await expectFailure(() => vault.deletePolicy(ALL), 'ENTITY_IN_USE')
    await vault.attachPolicy({ ...ALL, to: BACKUP })
    expect(await vault.deletePolicy({ ...ALL, detach: true })).toEqual(ALL)
    expect((await vault.getUser({ userName: 'bob' })).policies).toEqual([])
    expect((await vault.getRole({ roleName: 'backup' })).policies).toEqual([])
    expect((await vault.getGroup({ groupName: 'ops' })).policies).toEqual([])
    await expectFailure(() => vault.deletePolicy(ALL), 'ENTITY_NOT_FOUND')
    await vault.createPolicy({ ...ALL, policy: ALLOW_ALL })
    await vault.deletePolicy(ALL)
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('attachment', () => {
  it('is made and ended, and repeating changes nothing', async () => {
    const { vault, dump } = await filled()
    for (const holder of [ANN, BACKUP]) {
      const attached = { ...ALL, to: holder, generation: 2 }
      expect(await vault.attachPolicy({ ...ALL, to: holder })).toEqual(attached)
      const before = await dump()
      expect(await vault.attachPolicy({ ...ALL, to: holder })).toEqual(attached)
      expect(await dump()).toEqual(before)
      const detached = { ...ALL, from: holder, generation: 3 }
      expect(await vault.detachPolicy({ ...ALL, from: holder })).toEqual(detached)
      const after = await dump()
      expect(await vault.detachPolicy({ ...ALL, from: holder })).toEqual(detached)
      expect(await dump()).toEqual(after)
    }
  })

  it('needs both', async () => {
    const { vault } = await filled()
    const none = { kind: 'group', name: 'none' } as const
    const calls = [
      () => vault.attachPolicy({ ...ALL, to: none }),
      () => vault.attachPolicy({ policyName: 'none', to: ANN }),
      () => vault.detachPolicy({ ...ALL, from: none }),
      () => vault.detachPolicy({ policyName: 'none', from: BOB }),
    ]
    for (const call of calls) await expectFailure(call, 'ENTITY_NOT_FOUND')
  })

  it('is of ten policies at most', async () => {
    const { vault } = await filled()
    const names = Array.from({ length: 11 }, (_, i) => `p${i}`)
    const policy = ALLOW_ALL
    await Promise.all(names.map((policyName) => vault.createPolicy({ policyName, policy })))
    const attach = (policyName: string): Promise<unknown> =>
      vault.attachPolicy({ policyName, to: BACKUP })
    await Promise.all(names.slice(0, 10).map(attach))
    await expectFailure(() => attach('p10'), 'QUOTA_EXCEEDED')
  })
})

describe('the bytes of policies that one principal reaches', () => {
  /** `ann` has 32,768 bytes, `ops` 20,000, and `ann` is in `ops`. */
  async function nearlyFull(): Promise<TestVault> {
    const test = await newTestVault()
    const { vault } = test
    await vault.createUser({ userName: 'ann' })
    await vault.createGroup({ groupName: 'ops' })
    await vault.createGroup({ groupName: 'more' })
    await vault.createPolicy({ policyName: 'own', policy: policyOf(32_768) })
    await vault.createPolicy({ policyName: 'shared', policy: policyOf(20_000) })
    await vault.createPolicy({ policyName: 'large', policy: policyOf(12_769) })
    await vault.attachPolicy({ policyName: 'own', to: ANN })
    await vault.attachPolicy({ policyName: 'shared', to: OPS })
    await vault.addUserToGroup({ userName: 'ann', groupName: 'ops' })
    return test
  }

  it('are at most 65,536, however they would grow', async () => {
    const { vault, open, dump } = await nearlyFull()
    await vault.attachPolicy({ policyName: 'large', to: { kind: 'group', name: 'more' } })
    const before = await dump()
    for (const handle of [vault, await open()]) {
      const calls = [
        () => handle.attachPolicy({ policyName: 'large', to: ANN }),
        () => handle.attachPolicy({ policyName: 'large', to: OPS }),
        () => handle.addUserToGroup({ userName: 'ann', groupName: 'more' }),
      ]
      for (const call of calls) await expectFailure(call, 'QUOTA_EXCEEDED')
    }
    expect(await dump()).toEqual(before)
    await vault.updatePolicy({ policyName: 'large', policy: policyOf(12_768) })
    await vault.addUserToGroup({ userName: 'ann', groupName: 'more' })
    const grown = { policyName: 'shared', policy: policyOf(20_001) }
    await expectFailure(() => vault.updatePolicy(grown), 'QUOTA_EXCEEDED')
    await vault.updatePolicy({ policyName: 'shared', policy: policyOf(19_999) })
  })

  it('are counted together with the changes of the same turn', async () => {
    const { vault } = await nearlyFull()
    const outcomes = await Promise.allSettled([
      vault.updatePolicy({ policyName: 'large', policy: policyOf(12_768) }),
      vault.attachPolicy({ policyName: 'large', to: OPS }),
      vault.updatePolicy({ policyName: 'large', policy: policyOf(12_769) }),
      vault.detachPolicy({ policyName: 'large', from: OPS }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })
})
