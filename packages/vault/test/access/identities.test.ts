/** Users, roles and groups: each operation, its repetition, and its refusals. */

import { describe, expect, it } from 'vitest'
import { ALLOW_ALL, fillAccess } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const ANN = { userName: 'ann' }
const BOB = { userName: 'bob' }
const OPS = { groupName: 'ops' }
const BACKUP = { roleName: 'backup' }

async function filled(): Promise<TestVault> {
  const test = await newTestVault({ accountId: 'account' })
  await fillAccess(test.vault)
  return test
}

describe('creation', () => {
  it('makes an enabled user without groups and policies, which another handle reads', async () => {
    const { vault, open } = await newTestVault({ accountId: 'account' })
    expect(await vault.createUser({ ...ANN, description: 'on call' })).toEqual({
      ...ANN,
      generation: 1,
    })
    expect(await (await open()).getUser(ANN)).toEqual({
      ...ANN,
      arn: 'acs:ram::account:user/ann',
      isEnabled: true,
      groups: [],
      policies: [],
      description: 'on call',
      generation: 1,
    })
  })

  it('makes roles and groups', async () => {
    const { vault } = await newTestVault({ accountId: 'account' })
    expect(await vault.createRole(BACKUP)).toEqual({ ...BACKUP, generation: 1 })
    expect(await vault.createGroup({ ...OPS, description: 'd' })).toEqual({ ...OPS, generation: 1 })
    expect(await vault.getRole(BACKUP)).toEqual({
      ...BACKUP,
      arn: 'acs:ram::account:role/backup',
      isEnabled: true,
      policies: [],
      description: '',
      generation: 1,
    })
    expect(await vault.getGroup(OPS)).toEqual({
      ...OPS,
      policies: [],
      description: 'd',
      generation: 1,
    })
  })

  it('takes one name once for each kind, and names that every object has', async () => {
    const { vault } = await newTestVault()
    const name = '__proto__'
    await vault.createUser({ userName: name })
    await vault.createRole({ roleName: name })
    await vault.createGroup({ groupName: name })
    await vault.createPolicy({ policyName: name, policy: ALLOW_ALL })
    await expectFailure(() => vault.createUser({ userName: name }), 'ENTITY_EXISTS')
    await expectFailure(() => vault.createRole({ roleName: name }), 'ENTITY_EXISTS')
    await expectFailure(() => vault.createGroup({ groupName: name }), 'ENTITY_EXISTS')
    expect((await vault.getUser({ userName: name })).userName).toBe(name)
    await expectFailure(() => vault.getUser({ userName: 'constructor' }), 'ENTITY_NOT_FOUND')
  })
})

describe('what does not exist', () => {
  it('is ENTITY_NOT_FOUND for every operation', async () => {
    const { vault, dump } = await filled()
    const before = await dump()
    const none = { userName: 'none' }
    const calls = [
      () => vault.getUser(none),
      () => vault.getRole({ roleName: 'ann' }),
      () => vault.getGroup({ groupName: 'ann' }),
      () => vault.deleteUser(none),
      () => vault.deleteRole({ roleName: 'none' }),
      () => vault.deleteGroup({ groupName: 'none', detach: true }),
      () => vault.setUserEnabled({ ...none, enabled: true }),
      () => vault.setRoleEnabled({ roleName: 'none', enabled: true }),
      () => vault.addUserToGroup({ ...none, ...OPS }),
      () => vault.addUserToGroup({ ...ANN, groupName: 'none' }),
      () => vault.removeUserFromGroup({ ...none, ...OPS }),
      () => vault.removeUserFromGroup({ ...ANN, groupName: 'none' }),
    ]
    for (const call of calls) await expectFailure(call, 'ENTITY_NOT_FOUND')
    expect(await dump()).toEqual(before)
  })
})

describe('enabling', () => {
  it('writes only what changes', async () => {
    const { vault, dump } = await filled()
    expect(await vault.setUserEnabled({ ...ANN, enabled: false })).toEqual({
      ...ANN,
      generation: 2,
    })
    const before = await dump()
    expect(await vault.setUserEnabled({ ...ANN, enabled: false })).toEqual({
      ...ANN,
      generation: 2,
    })
    expect(await dump()).toEqual(before)
    expect((await vault.getUser(ANN)).isEnabled).toBe(false)
    await vault.setUserEnabled({ ...ANN, enabled: true })
    expect(await vault.getUser(ANN)).toMatchObject({ isEnabled: true, generation: 3 })
    await vault.setRoleEnabled({ ...BACKUP, enabled: false })
    expect(await vault.getRole(BACKUP)).toMatchObject({ isEnabled: false, generation: 2 })
  })
})

describe('membership', () => {
  it('is made and ended, and repeating changes nothing', async () => {
    const { vault, dump } = await filled()
    const both = { ...ANN, ...OPS }
    expect(await vault.addUserToGroup(both)).toEqual({ ...both, generation: 2 })
    const joined = await dump()
    expect(await vault.addUserToGroup(both)).toEqual({ ...both, generation: 2 })
    expect(await dump()).toEqual(joined)
    expect(await vault.removeUserFromGroup(both)).toEqual({ ...both, generation: 3 })
    const left = await dump()
    expect(await vault.removeUserFromGroup(both)).toEqual({ ...both, generation: 3 })
    expect(await dump()).toEqual(left)
  })

  it('is of ten groups at most', async () => {
    const { vault } = await filled()
    const names = Array.from({ length: 11 }, (_, i) => `g${i}`)
    await Promise.all(names.map((groupName) => vault.createGroup({ groupName })))
    for (const groupName of names.slice(0, 10)) await vault.addUserToGroup({ ...ANN, groupName })
    const eleventh = { ...ANN, groupName: 'g10' }
    await expectFailure(() => vault.addUserToGroup(eleventh), 'QUOTA_EXCEEDED')
  })
})

describe('deletion', () => {
  it('of what is in use needs detach', async () => {
    const { vault, dump } = await filled()
    const before = await dump()
    const names = { ...BACKUP, policyName: 'all' }
    await vault.attachPolicy({ policyName: names.policyName, to: { kind: 'role', name: 'backup' } })
    const used = await dump()
    await expectFailure(() => vault.deleteUser(BOB), 'ENTITY_IN_USE')
    await expectFailure(() => vault.deleteRole(BACKUP), 'ENTITY_IN_USE')
    await expectFailure(() => vault.deleteGroup(OPS), 'ENTITY_IN_USE')
    await expectFailure(() => vault.deleteGroup({ ...OPS, detach: false }), 'ENTITY_IN_USE')
    expect(await dump()).toEqual(used)
    expect(before).not.toEqual(used)
    expect(await vault.deleteUser({ ...BOB, detach: true })).toEqual(BOB)
    expect(await vault.deleteRole({ ...BACKUP, detach: true })).toEqual(BACKUP)
    expect(await vault.deleteGroup({ ...OPS, detach: true })).toEqual(OPS)
    expect(await vault.deleteUser(ANN)).toEqual(ANN)
    expect((await vault.listUsers()).users).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
  })

  it('of a group takes its users out of it in the same commit', async () => {
    const { vault, open } = await filled()
    await vault.addUserToGroup({ ...ANN, ...OPS })
    const other = await open()
    await other.deleteGroup({ ...OPS, detach: true })
    expect(await vault.getUser(ANN)).toMatchObject({ groups: [], generation: 3 })
    expect(await vault.getUser(BOB)).toMatchObject({ groups: [], policies: ['all'] })
    await vault.createGroup(OPS)
    expect((await vault.getGroup(OPS)).policies).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('lists', () => {
  it('are pages in order of name, by seek', async () => {
    const { vault, open } = await newTestVault()
    const names = ['a', 'a-', 'a.', 'a@', 'aB', 'a_', 'ab', 'b', 'Z', '9']
    await Promise.all(names.map((userName) => vault.createUser({ userName })))
    await vault.createRole({ roleName: 'a' })
    const other = await open()
    const found: string[] = []
    let nextToken: string | undefined
    do {
      const page = await other.listUsers({ pageSize: 3, nextToken })
      expect(page.users.length).toBeGreaterThan(0)
      found.push(...page.users.map(({ userName }) => userName))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(found).toEqual([...names].sort())
    expect(await other.listUsers({ nextToken: 'after:zz' })).toEqual({ users: [] })
    expect((await other.listRoles()).roles).toMatchObject([{ roleName: 'a', isEnabled: true }])
    expect(await other.listGroups()).toEqual({ groups: [] })
  })

  it('go on behind a name that is gone', async () => {
    const { vault } = await filled()
    const { users, nextToken } = await vault.listUsers({ pageSize: 1 })
    expect(users).toMatchObject([ANN])
    await vault.deleteUser(ANN)
    expect((await vault.listUsers({ nextToken })).users).toMatchObject([BOB])
  })
})
