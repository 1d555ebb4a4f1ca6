/** Binds the operations on users, roles, groups and policies to a vault. */

import {
  parseAttachment,
  parseCreateEntity,
  parseCreatePolicy,
  parseDeleteEntity,
  parseEntityRequest,
  parseGetSecretPolicy,
  parseListEntities,
  parseMembership,
  parseSetEnabled,
  parseSetSecretPolicy,
  parseUpdatePolicy,
} from '@stagevault/core/request/access-requests'
import type { AccessOperations } from './api/access-operations.js'
import type { VaultHandle } from './operations/vault-handle.js'
import type * as RareOperations from './rare-operations.js'
import type { Lifecycle } from './session/lifecycle.js'

type Operations = typeof RareOperations

/**
 * Makes a method of an operation. The request is parsed within the call, before the code is loaded:
 * the caller may change the object afterwards.
 */
type Bind = <Request, Parsed, Result>(
  parse: (request: Request | undefined) => Parsed,
  operate: (operations: Operations, parsed: Parsed) => Promise<Result>,
) => (request?: Request) => Promise<Result>

/** @param loadOperations - loads the code, if it is not loaded yet */
export function bindAccess(
  session: VaultHandle,
  lifecycle: Lifecycle,
  loadOperations: () => Promise<Operations>,
): Omit<AccessOperations, 'explainAccess' | 'as'> {
  let loaded: Operations | null = null

  async function load(): Promise<Operations> {
    loaded = await loadOperations()
    return loaded
  }

  const bind: Bind = (parse, operate) => (request) =>
    lifecycle.run(async () => {
      const parsed = parse(request)
      return operate(loaded ?? (await load()), parsed)
    })

  return {
    ...bindCreations(session, bind),
    ...bindDeletions(session, bind),
    ...bindRelations(session, bind),
    ...bindReads(session, bind),
    updatePolicy: bind(parseUpdatePolicy, async (operations, request) =>
      policyOf(await operations.updatePolicy(session, request)),
    ),
    setSecretPolicy: bind(
      (input) => parseSetSecretPolicy(input, session.scope),
      (operations, request) => operations.setSecretPolicy(session, request),
    ),
    getSecretPolicy: bind(
      (input) => parseGetSecretPolicy(input, session.scope),
      (operations, request) => operations.getSecretPolicy(session, request),
    ),
  }
}

function bindCreations(
  session: VaultHandle,
  bind: Bind,
): Pick<AccessOperations, 'createUser' | 'createRole' | 'createGroup' | 'createPolicy'> {
  return {
    createUser: bind(
      (input) => parseCreateEntity('createUser', 'user', input),
      async (operations, request) => userOf(await operations.createEntity(session, request)),
    ),
    createRole: bind(
      (input) => parseCreateEntity('createRole', 'role', input),
      async (operations, request) => roleOf(await operations.createEntity(session, request)),
    ),
    createGroup: bind(
      (input) => parseCreateEntity('createGroup', 'group', input),
      async (operations, request) => groupOf(await operations.createEntity(session, request)),
    ),
    createPolicy: bind(parseCreatePolicy, async (operations, request) =>
      policyOf(await operations.createPolicy(session, request)),
    ),
  }
}

function bindDeletions(
  session: VaultHandle,
  bind: Bind,
): Pick<AccessOperations, 'deleteUser' | 'deleteRole' | 'deleteGroup' | 'deletePolicy'> {
  return {
    deleteUser: bind(
      (input) => parseDeleteEntity('deleteUser', 'user', input),
      async (operations, request) => userOf(await operations.deleteEntity(session, request)),
    ),
    deleteRole: bind(
      (input) => parseDeleteEntity('deleteRole', 'role', input),
      async (operations, request) => roleOf(await operations.deleteEntity(session, request)),
    ),
    deleteGroup: bind(
      (input) => parseDeleteEntity('deleteGroup', 'group', input),
      async (operations, request) => groupOf(await operations.deleteEntity(session, request)),
    ),
    deletePolicy: bind(
      (input) => parseDeleteEntity('deletePolicy', 'policy', input),
      async (operations, request) => policyOf(await operations.deleteEntity(session, request)),
    ),
  }
}

function bindRelations(
  session: VaultHandle,
  bind: Bind,
): Pick<
  AccessOperations,
  | 'setUserEnabled'
  | 'setRoleEnabled'
  | 'addUserToGroup'
  | 'removeUserFromGroup'
  | 'attachPolicy'
  | 'detachPolicy'
> {
  return {
    setUserEnabled: bind(
      (input) => parseSetEnabled('setUserEnabled', 'user', input),
      async (operations, request) => userOf(await operations.setEnabled(session, request)),
    ),
    setRoleEnabled: bind(
      (input) => parseSetEnabled('setRoleEnabled', 'role', input),
      async (operations, request) => roleOf(await operations.setEnabled(session, request)),
    ),
    addUserToGroup: bind(
      (input) => parseMembership('addUserToGroup', input),
      (operations, request) => operations.addUserToGroup(session, request),
    ),
    removeUserFromGroup: bind(
      (input) => parseMembership('removeUserFromGroup', input),
      (operations, request) => operations.removeUserFromGroup(session, request),
    ),
    attachPolicy: bind(
      (input) => parseAttachment('attachPolicy', 'to', input),
      async (operations, request) => {
        const { generation } = await operations.attachPolicy(session, request)
        return { policyName: request.policyName, to: request.holder, generation }
      },
    ),
    detachPolicy: bind(
      (input) => parseAttachment('detachPolicy', 'from', input),
      async (operations, request) => {
        const { generation } = await operations.detachPolicy(session, request)
        return { policyName: request.policyName, from: request.holder, generation }
      },
    ),
  }
}

function bindReads(
  session: VaultHandle,
  bind: Bind,
): Pick<
  AccessOperations,
  | 'getUser'
  | 'getRole'
  | 'getGroup'
  | 'getPolicy'
  | 'listUsers'
  | 'listRoles'
  | 'listGroups'
  | 'listPolicies'
> {
  return {
    getUser: bind(
      (input) => parseEntityRequest('getUser', 'user', input),
      (operations, request) => operations.getUser(session, request),
    ),
    getRole: bind(
      (input) => parseEntityRequest('getRole', 'role', input),
      (operations, request) => operations.getRole(session, request),
    ),
    getGroup: bind(
      (input) => parseEntityRequest('getGroup', 'group', input),
      (operations, request) => operations.getGroup(session, request),
    ),
    getPolicy: bind(
      (input) => parseEntityRequest('getPolicy', 'policy', input),
      (operations, request) => operations.getPolicy(session, request),
    ),
    listUsers: bind(
      (input = {}) => parseListEntities('listUsers', 'user', input),
      (operations, request) => operations.listUsers(session, request),
    ),
    listRoles: bind(
      (input = {}) => parseListEntities('listRoles', 'role', input),
      (operations, request) => operations.listRoles(session, request),
    ),
    listGroups: bind(
      (input = {}) => parseListEntities('listGroups', 'group', input),
      (operations, request) => operations.listGroups(session, request),
    ),
    listPolicies: bind(
      (input = {}) => parseListEntities('listPolicies', 'policy', input),
      (operations, request) => operations.listPolicies(session, request),
    ),
  }
}

interface Named {
  readonly name: string
}

function userOf<T extends Named>({ name, ...rest }: T): Omit<T, 'name'> & { userName: string } {
  return { userName: name, ...rest }
}

function roleOf<T extends Named>({ name, ...rest }: T): Omit<T, 'name'> & { roleName: string } {
  return { roleName: name, ...rest }
}

function groupOf<T extends Named>({ name, ...rest }: T): Omit<T, 'name'> & { groupName: string } {
  return { groupName: name, ...rest }
}

function policyOf<T extends Named>({ name, ...rest }: T): Omit<T, 'name'> & { policyName: string } {
  return { policyName: name, ...rest }
}
