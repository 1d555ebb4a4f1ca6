/**
 * What the operations on users, roles, groups and policies take. Their names are 1 to 64 of
 * `[A-Za-z0-9_.@-]`, and are unique among the entities of one kind.
 */

import type { Principal, RequestContext } from './principal.js'
import type { AbortableRequest, SecretRequest } from './requests.js'

/** A request that names a user. */
export interface UserRequest extends AbortableRequest {
  /** 1 to 64 of `[A-Za-z0-9_.@-]`. */
  readonly userName: string
}

/** A request that names a role. */
export interface RoleRequest extends AbortableRequest {
  /** 1 to 64 of `[A-Za-z0-9_.@-]`. */
  readonly roleName: string
}

/** A request that names a group. */
export interface GroupRequest extends AbortableRequest {
  /** 1 to 64 of `[A-Za-z0-9_.@-]`. */
  readonly groupName: string
}

/** A request that names a policy of users, roles and groups. */
export interface PolicyRequest extends AbortableRequest {
  /** 1 to 64 of `[A-Za-z0-9_.@-]`. */
  readonly policyName: string
}

/** A description of what is created. */
export interface DescriptionOption {
  /** At most 256 characters; empty by default; not encrypted. */
  readonly description?: string | undefined
}

/** How a deletion treats what is in use. */
export interface DetachOption {
  /**
   * Whether to end the attachments and memberships in the same commit; `false` by default, which
   * refuses to delete what has any.
   */
  readonly detach?: boolean | undefined
}

/** Whether a user or role may do anything. */
export interface EnabledOption {
  /** `false`: everything is denied, also what the policy of a secret allows. */
  readonly enabled: boolean
}

/** What `createUser` takes. */
export type CreateUserRequest = UserRequest & DescriptionOption
/** What `createRole` takes. */
export type CreateRoleRequest = RoleRequest & DescriptionOption
/** What `createGroup` takes. */
export type CreateGroupRequest = GroupRequest & DescriptionOption
/** What `deleteUser` takes. */
export type DeleteUserRequest = UserRequest & DetachOption
/** What `deleteRole` takes. */
export type DeleteRoleRequest = RoleRequest & DetachOption
/** What `deleteGroup` takes. */
export type DeleteGroupRequest = GroupRequest & DetachOption
/** What `deletePolicy` takes. */
export type DeletePolicyRequest = PolicyRequest & DetachOption
/** What `setUserEnabled` takes. */
export type SetUserEnabledRequest = UserRequest & EnabledOption
/** What `setRoleEnabled` takes. */
export type SetRoleEnabledRequest = RoleRequest & EnabledOption
/** What `addUserToGroup` and `removeUserFromGroup` take. */
export type MembershipRequest = UserRequest & GroupRequest

/** A policy document. */
export interface PolicyDocument {
  /**
   * JSON in RAM's policy language, `Version` "1": at most 32,768 bytes of UTF-8, 100 statements and
   * 6 levels. It is stored as given.
   */
  readonly policy: string
}

/** What `createPolicy` takes. The document names no principals. */
export type CreatePolicyRequest = PolicyRequest & PolicyDocument & DescriptionOption

/** What `updatePolicy` takes. */
export interface UpdatePolicyRequest extends PolicyRequest, PolicyDocument {
  /**
   * The generation that the policy must have, 1 or more: `VERSION_CONFLICT` if another caller
   * updated it.
   */
  readonly expectedGeneration?: number | undefined
}

/** What a policy may be attached to. */
export interface PolicyHolder {
  /** `user`, `role` or `group`. */
  readonly kind: 'user' | 'role' | 'group'
  /** 1 to 64 of `[A-Za-z0-9_.@-]`. */
  readonly name: string
}

/** What `attachPolicy` takes. */
export interface AttachPolicyRequest extends PolicyRequest {
  /** The user, role or group that gets the policy. */
  readonly to: PolicyHolder
}

/** What `detachPolicy` takes. */
export interface DetachPolicyRequest extends PolicyRequest {
  /** The user, role or group that loses the policy. */
  readonly from: PolicyHolder
}

/** What `listUsers`, `listRoles`, `listGroups` and `listPolicies` take. */
export interface ListAccessRequest extends AbortableRequest {
  /** Rows of a page, 1 to 100; 10 by default. */
  readonly pageSize?: number | undefined
  /** The token of the page before. */
  readonly nextToken?: string | undefined
}

/** What `getSecretPolicy` takes. */
export interface GetSecretPolicyRequest extends SecretRequest {
  /** A secret has one policy, which is called `default`. */
  readonly policyName?: 'default' | undefined
}

/**
 * What `setSecretPolicy` takes. Every statement names principals, and as `Resource` it has `*` or
 * what matches the secret. A document with an empty list of statements removes the policy.
 */
export interface SetSecretPolicyRequest extends GetSecretPolicyRequest, PolicyDocument {}

/** Whose request is explained, and what it would be. */
export interface ExplainAccessRequest {
  /** Whose request it would be. */
  readonly principal: Principal
  /** What a front end would know of the request. */
  readonly context?: RequestContext | undefined
  /** An action, as `kms:GetSecretValue`; ASCII case does not count. */
  readonly action: string
  /** The secret that the action is on, by name or ARN. It need not exist. */
  readonly secretName?: string | undefined
  /** An ARN in place of a secret; `*` by default. */
  readonly resource?: string | undefined
  /** The options that the operation would be called with, as far as conditions compare them. */
  readonly request?: Readonly<Record<string, unknown>> | undefined
}
