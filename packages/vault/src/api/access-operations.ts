import type {
  CreateGroupRequest,
  CreateRoleRequest,
  CreateUserRequest,
  DeleteGroupRequest,
  DeleteRoleRequest,
  DeleteUserRequest,
  ExplainAccessRequest,
  GroupRequest,
  ListAccessRequest,
  MembershipRequest,
  RoleRequest,
  SetRoleEnabledRequest,
  SetUserEnabledRequest,
  UserRequest,
} from './access-requests.js'
import type {
  ExplainAccessResult,
  GroupInfo,
  GroupNameResult,
  GroupResult,
  ListGroupsResult,
  ListRolesResult,
  ListUsersResult,
  MembershipResult,
  RoleInfo,
  RoleNameResult,
  RoleResult,
  UserInfo,
  UserNameResult,
  UserResult,
} from './access-results.js'
import type { PolicyOperations } from './policy-operations.js'
import type { Principal, RequestContext } from './principal.js'
import type { VaultView } from './vault-view.js'

/**
 * The owner's management of access: users, roles and groups, and their policies. A vault has at
 * most 1,200 of them together. What a request names and the vault does not have is
 * `ENTITY_NOT_FOUND`.
 *
 * In a page, the code of these operations is loaded with the first call, which may reject with
 * `MODULE_UNAVAILABLE`.
 */
export interface AccessOperations extends PolicyOperations {
  /**
   * Creates a user, enabled, without policies and in no group.
   * Rejects with `ENTITY_EXISTS`, and with `QUOTA_EXCEEDED` if the vault has 1,200 users, roles,
   * groups and policies.
   *
   * @example
   * ```ts
   * const { generation } = await vault.createUser({ userName: 'ann', description: 'on call' })
   * console.log(generation) // → 1
   * ```
   */
  createUser(request: CreateUserRequest): Promise<UserResult>

  /**
   * Creates a role, enabled and without policies. Rejects as `createUser`.
   *
   * @example
   * ```ts
   * await vault.createRole({ roleName: 'backup' })
   * ```
   */
  createRole(request: CreateRoleRequest): Promise<RoleResult>

  /**
   * Creates a group without policies and users. Rejects as `createUser`.
   *
   * @example
   * ```ts
   * await vault.createGroup({ groupName: 'operators' })
   * ```
   */
  createGroup(request: CreateGroupRequest): Promise<GroupResult>

  /**
   * Deletes a user. Policies of secrets that name the user stay. Rejects with `ENTITY_IN_USE` while
   * policies are attached to it or it is in a group, unless `detach` is given.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * await vault.deleteUser({ userName: 'ann', detach: true })
   * ```
   */
  deleteUser(request: DeleteUserRequest): Promise<UserNameResult>

  /**
   * Deletes a role. Policies of secrets that name the role stay. Rejects with `ENTITY_IN_USE` while
   * policies are attached to it, unless `detach` is given.
   *
   * @example
   * ```ts
   * await vault.createRole({ roleName: 'backup' })
   * await vault.deleteRole({ roleName: 'backup' })
   * ```
   */
  deleteRole(request: DeleteRoleRequest): Promise<RoleNameResult>

  /**
   * Deletes a group. Rejects with `ENTITY_IN_USE` while it has users or policies are attached to
   * it, unless `detach` is given; and with `QUOTA_EXCEEDED` if it has more than 100 users.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * await vault.createGroup({ groupName: 'operators' })
   * await vault.addUserToGroup({ userName: 'ann', groupName: 'operators' })
   * await vault.deleteGroup({ groupName: 'operators', detach: true })
   * console.log((await vault.getUser({ userName: 'ann' })).groups) // → []
   * ```
   */
  deleteGroup(request: DeleteGroupRequest): Promise<GroupNameResult>

  /**
   * Enables or disables a user. To a disabled user everything is denied, also what the policy of a
   * secret allows.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * await vault.setUserEnabled({ userName: 'ann', enabled: false })
   * console.log((await vault.getUser({ userName: 'ann' })).isEnabled) // → false
   * ```
   */
  setUserEnabled(request: SetUserEnabledRequest): Promise<UserResult>

  /**
   * Enables or disables a role, as `setUserEnabled`.
   *
   * @example
   * ```ts
   * await vault.createRole({ roleName: 'backup' })
   * await vault.setRoleEnabled({ roleName: 'backup', enabled: false })
   * ```
   */
  setRoleEnabled(request: SetRoleEnabledRequest): Promise<RoleResult>

  /**
   * Adds a user to a group, of which a user has at most 10. If the user is in it already, nothing
   * changes. Rejects with `QUOTA_EXCEEDED` for an 11th group, or if the user would reach more than
   * 65,536 bytes of policies.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * await vault.createGroup({ groupName: 'operators' })
   * await vault.addUserToGroup({ userName: 'ann', groupName: 'operators' })
   * ```
   */
  addUserToGroup(request: MembershipRequest): Promise<MembershipResult>

  /**
   * Removes a user from a group. If the user is not in it, nothing changes.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * await vault.createGroup({ groupName: 'operators' })
   * await vault.removeUserFromGroup({ userName: 'ann', groupName: 'operators' })
   * ```
   */
  removeUserFromGroup(request: MembershipRequest): Promise<MembershipResult>

  /**
   * Reads a user.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * const { isEnabled, groups, policies } = await vault.getUser({ userName: 'ann' })
   * console.log(isEnabled, groups, policies) // → true [] []
   * ```
   */
  getUser(request: UserRequest): Promise<UserInfo>

  /**
   * Reads a role.
   *
   * @example
   * ```ts
   * await vault.createRole({ roleName: 'backup' })
   * console.log((await vault.getRole({ roleName: 'backup' })).policies) // → []
   * ```
   */
  getRole(request: RoleRequest): Promise<RoleInfo>

  /**
   * Reads a group. Which users are in it, the users name.
   *
   * @example
   * ```ts
   * await vault.createGroup({ groupName: 'operators' })
   * console.log((await vault.getGroup({ groupName: 'operators' })).policies) // → []
   * ```
   */
  getGroup(request: GroupRequest): Promise<GroupInfo>

  /**
   * A page of users in order of name.
   *
   * @example
   * ```ts
   * await vault.createUser({ userName: 'ann' })
   * const { users } = await vault.listUsers()
   * console.log(users.map(({ userName }) => userName)) // → [ 'ann' ]
   * ```
   */
  listUsers(request?: ListAccessRequest): Promise<ListUsersResult>

  /**
   * A page of roles in order of name.
   *
   * @example
   * ```ts
   * const { roles, nextToken } = await vault.listRoles({ pageSize: 100 })
   * console.log(roles, nextToken) // → [] undefined
   * ```
   */
  listRoles(request?: ListAccessRequest): Promise<ListRolesResult>

  /**
   * A page of groups in order of name.
   *
   * @example
   * ```ts
   * const { groups } = await vault.listGroups()
   * console.log(groups.length) // → 0
   * ```
   */
  listGroups(request?: ListAccessRequest): Promise<ListGroupsResult>

  /**
   * Explains what a principal may do now: the decision, the statement that it follows from, and
   * what became of every statement that counts. It runs what decides the calls of a view.
   * Rejects with `CONFLICT` if policies change faster than they can be read.
   *
   * @example
   * ```ts
   * const { decision, decidedBy } = await vault.explainAccess({
   *   principal: { kind: 'user', name: 'guest' },
   *   action: 'kms:GetSecretValue',
   *   secretName: 'MyApp/db',
   * })
   * console.log(decision, decidedBy) // → ImplicitDeny null
   * ```
   */
  explainAccess(request: ExplainAccessRequest): Promise<ExplainAccessResult>

  /**
   * The vault as a user or role may use it. It reads nothing: policies are read when a call needs
   * them. The program that calls this has authenticated the principal; call it for each request.
   *
   * @throws VaultError `INVALID_PARAMETER`; `VAULT_CLOSED`; `UNSUPPORTED_OPERATION` for a vault
   *   that is open with `unproved`
   *
   * @example
   * ```ts
   * const view = vault.as({ kind: 'user', name: 'ann' }, { secureTransport: true })
   * try {
   *   await view.getSecretValue({ secretName: 'MyApp/db' })
   * } catch (error) {
   *   console.log(isVaultError(error, 'ACCESS_DENIED')) // → true
   * }
   * ```
   */
  as(principal: Principal, context?: RequestContext): VaultView
}
