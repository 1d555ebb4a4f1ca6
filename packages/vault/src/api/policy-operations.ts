import type {
  AttachPolicyRequest,
  CreatePolicyRequest,
  DeletePolicyRequest,
  DetachPolicyRequest,
  GetSecretPolicyRequest,
  ListAccessRequest,
  PolicyRequest,
  SetSecretPolicyRequest,
  UpdatePolicyRequest,
} from './access-requests.js'
import type {
  AttachPolicyResult,
  DetachPolicyResult,
  GetPolicyResult,
  GetSecretPolicyResult,
  ListPoliciesResult,
  PolicyNameResult,
  PolicyResult,
  SecretPolicyResult,
} from './access-results.js'

/**
 * The operations on policies: of users, roles and groups, and of secrets. A document that the
 * policy language does not have is `INVALID_PARAMETER`; the message names its place in the JSON.
 */
export interface PolicyOperations {
  /**
   * Creates a policy, to attach it to users, roles and groups.
   * Rejects with `ENTITY_EXISTS`, and with `QUOTA_EXCEEDED` if the vault has 1,200 users, roles,
   * groups and policies.
   *
   * @example
   * ```ts
   * const statement = { Effect: 'Allow', Action: 'kms:GetSecretValue', Resource: '*' }
   * const policy = JSON.stringify({ Version: '1', Statement: [statement] })
   * const { generation } = await vault.createPolicy({ policyName: 'read', policy })
   * console.log(generation) // → 1
   * ```
   */
  createPolicy(request: CreatePolicyRequest): Promise<PolicyResult>

  /**
   * Replaces the document of a policy; earlier documents are not kept. The same document changes
   * nothing. Rejects with `ENTITY_NOT_FOUND`, `VERSION_CONFLICT` if the policy does not have the
   * `expectedGeneration`, and `QUOTA_EXCEEDED` if a user or role would reach more than 65,536 bytes
   * of policies.
   *
   * @example
   * ```ts
   * const policy = '{"Version":"1","Statement":[]}'
   * const { generation } = await vault.createPolicy({ policyName: 'read', policy })
   * const statement = { Effect: 'Deny', Action: '*', Resource: '*' }
   * const deny = JSON.stringify({ Version: '1', Statement: [statement] })
   * const request = { policyName: 'read', policy: deny, expectedGeneration: generation }
   * console.log((await vault.updatePolicy(request)).generation) // → 2
   * ```
   */
  updatePolicy(request: UpdatePolicyRequest): Promise<PolicyResult>

  /**
   * Deletes a policy of users, roles and groups. Rejects with `ENTITY_NOT_FOUND`; with
   * `ENTITY_IN_USE` while it is attached, unless `detach` is given; and with `QUOTA_EXCEEDED` if it
   * is attached to more than 100 users, roles and groups.
   *
   * @example
   * ```ts
   * const policy = '{"Version":"1","Statement":[]}'
   * await vault.createPolicy({ policyName: 'none', policy })
   * await vault.deletePolicy({ policyName: 'none', detach: true })
   * ```
   */
  deletePolicy(request: DeletePolicyRequest): Promise<PolicyNameResult>

  /**
   * Reads a policy of users, roles and groups. Rejects with `ENTITY_NOT_FOUND`.
   *
   * @example
   * ```ts
   * await vault.createPolicy({ policyName: 'none', policy: '{"Version":"1","Statement":[]}' })
   * const { policy, generation } = await vault.getPolicy({ policyName: 'none' })
   * console.log(policy, generation) // → {"Version":"1","Statement":[]} 1
   * ```
   */
  getPolicy(request: PolicyRequest): Promise<GetPolicyResult>

  /**
   * A page of policies in order of name, without their documents.
   *
   * @example
   * ```ts
   * await vault.createPolicy({ policyName: 'none', policy: '{"Version":"1","Statement":[]}' })
   * const { policies } = await vault.listPolicies({ pageSize: 100 })
   * console.log(policies.map(({ policyName }) => policyName)) // → [ 'none' ]
   * ```
   */
  listPolicies(request?: ListAccessRequest): Promise<ListPoliciesResult>

  /**
   * Attaches a policy to a user, role or group, of which each has at most 10. If it is attached
   * already, nothing changes. Rejects with `ENTITY_NOT_FOUND`, and with `QUOTA_EXCEEDED` for an
   * 11th policy, or if a user or role would reach more than 65,536 bytes of policies.
   *
   * @example
   * ```ts
   * await vault.createPolicy({ policyName: 'none', policy: '{"Version":"1","Statement":[]}' })
   * await vault.createGroup({ groupName: 'operators' })
   * await vault.attachPolicy({ policyName: 'none', to: { kind: 'group', name: 'operators' } })
   * console.log((await vault.getGroup({ groupName: 'operators' })).policies) // → [ 'none' ]
   * ```
   */
  attachPolicy(request: AttachPolicyRequest): Promise<AttachPolicyResult>

  /**
   * Detaches a policy from a user, role or group. If it is not attached, nothing changes. Rejects
   * with `ENTITY_NOT_FOUND` if one of the two does not exist.
   *
   * @example
   * ```ts
   * await vault.createPolicy({ policyName: 'none', policy: '{"Version":"1","Statement":[]}' })
   * await vault.createRole({ roleName: 'backup' })
   * const role = { kind: 'role', name: 'backup' } as const
   * await vault.attachPolicy({ policyName: 'none', to: role })
   * await vault.detachPolicy({ policyName: 'none', from: role })
   * ```
   */
  detachPolicy(request: DetachPolicyRequest): Promise<DetachPolicyResult>

  /**
   * Sets the policy of a secret, which says what users and roles may do with it; without
   * statements, removes it. A rename keeps it, and a deletion deletes it.
   *
   * @example
   * ```ts
   * const { arn } = await vault.createUser({ userName: 'ann' }).then(() =>
   *   vault.getUser({ userName: 'ann' }),
   * )
   * const statement = { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { RAM: arn } }
   * const policy = JSON.stringify({ Version: '1', Statement: [statement] })
   * await vault.setSecretPolicy({ secretName: 'MyApp/db', policy })
   * ```
   */
  setSecretPolicy(request: SetSecretPolicyRequest): Promise<SecretPolicyResult>

  /**
   * Reads the policy of a secret. A secret without one answers a document without statements, which
   * grants nothing.
   *
   * @example
   * ```ts
   * const { policy } = await vault.getSecretPolicy({ secretName: 'MyApp/db' })
   * console.log(policy) // → {"Version":"1","Statement":[]}
   * ```
   */
  getSecretPolicy(request: GetSecretPolicyRequest): Promise<GetSecretPolicyResult>
}
