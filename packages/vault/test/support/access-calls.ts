/** A call of every operation on users, roles, groups and policies, and what they need. */

import type { Vault } from 'stagevault'

type AccessName = Exclude<keyof Vault, symbol>

export interface AccessCall {
  readonly name: AccessName
  /** Succeeds after {@link fillAccess} in a vault with a secret `S`. */
  readonly request: Readonly<Record<string, unknown>>
}

/** Allows what every policy of the tests allows: everything. */
export const ALLOW_ALL =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
export const DENY_ALL = ALLOW_ALL.replace('Allow', 'Deny')
/** A policy of a secret, for user `ann` of any account. */
export const SECRET_POLICY = ALLOW_ALL.replace(
  '"Effect"',
  '"Principal":{"RAM":"acs:ram::account:user/ann"},"Effect"',
)

/** A document without statements. */
export const NO_STATEMENTS = '{"Version":"1","Statement":[]}'

const USER = { userName: 'ann' }
const ROLE = { roleName: 'backup' }
const GROUP = { groupName: 'ops' }
const POLICY = { policyName: 'all' }
const IN_GROUP = { userName: 'bob', groupName: 'ops' }
const OF_BOB = { kind: 'user', name: 'bob' }
const TO_ANN = { kind: 'user', name: 'ann' }

export const ACCESS_CHANGES: readonly AccessCall[] = [
  { name: 'createUser', request: { userName: 'new', description: 'd' } },
  { name: 'createRole', request: { roleName: 'new', description: 'd' } },
  { name: 'createGroup', request: { groupName: 'new', description: 'd' } },
  { name: 'createPolicy', request: { policyName: 'new', policy: ALLOW_ALL } },
  { name: 'updatePolicy', request: { ...POLICY, policy: DENY_ALL } },
  { name: 'deleteUser', request: USER },
  { name: 'deleteRole', request: ROLE },
  { name: 'deleteGroup', request: { ...GROUP, detach: true } },
  { name: 'deletePolicy', request: { ...POLICY, detach: true } },
  { name: 'setUserEnabled', request: { ...USER, enabled: false } },
  { name: 'setRoleEnabled', request: { ...ROLE, enabled: false } },
  { name: 'addUserToGroup', request: { ...USER, ...GROUP } },
  { name: 'removeUserFromGroup', request: IN_GROUP },
  { name: 'attachPolicy', request: { ...POLICY, to: TO_ANN } },
  { name: 'detachPolicy', request: { ...POLICY, from: OF_BOB } },
  { name: 'setSecretPolicy', request: { secretName: 'S', policy: SECRET_POLICY } },
]

export const ACCESS_READS: readonly AccessCall[] = [
  { name: 'getUser', request: USER },
  { name: 'getRole', request: ROLE },
  { name: 'getGroup', request: GROUP },
  { name: 'getPolicy', request: POLICY },
  { name: 'listUsers', request: {} },
  { name: 'listRoles', request: {} },
  { name: 'listGroups', request: {} },
  { name: 'listPolicies', request: {} },
  { name: 'getSecretPolicy', request: { secretName: 'S' } },
]

/** The code of a call that is repeated after it was made; `done` if it succeeds again. */
const REPEATED: readonly (readonly [prefix: string, code: string])[] = [
  ['create', 'ENTITY_EXISTS'],
  ['delete', 'ENTITY_NOT_FOUND'],
]

/** The changes of users, roles, groups and policies, with what a repetition answers. */
export const ACCESS_CRASH_CHANGES: readonly {
  readonly call: AccessCall
  readonly again: string
}[] = ACCESS_CHANGES.filter(({ name }) => name !== 'setSecretPolicy').map((call) => ({
  call,
  again: REPEATED.find(([prefix]) => call.name.startsWith(prefix))?.[1] ?? 'done',
}))

/** Calls an operation by its name. */
export function callAccess(vault: Vault, { name, request }: AccessCall): Promise<unknown> {
  const operation = Reflect.get(vault, name) as (request: object) => Promise<unknown>
  return operation(request)
}

/**
 * Users `ann` and `bob`, a role, and a group with `bob`, to both of which a policy is attached.
 *
 * @param secretName - a secret that gets a policy, too
 */
export async function fillAccess(vault: Vault, secretName: string | null = null): Promise<void> {
  await vault.createUser(USER)
  await vault.createUser({ userName: 'bob' })
  await vault.createRole(ROLE)
  await vault.createGroup(GROUP)
  await vault.createPolicy({ ...POLICY, policy: ALLOW_ALL })
  await vault.addUserToGroup(IN_GROUP)
  await vault.attachPolicy({ ...POLICY, to: { kind: 'user', name: 'bob' } })
  await vault.attachPolicy({ ...POLICY, to: { kind: 'group', name: 'ops' } })
  if (secretName === null) return
  await vault.setSecretPolicy({ secretName, policy: SECRET_POLICY.replace('Allow', 'Deny') })
}
