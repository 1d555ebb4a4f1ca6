/** What the operations on users, roles, groups and policies return. Lists of names are sorted. */

import type { Explanation } from '@stagevault/core/access/explain'

import type { PolicyHolder } from './access-requests.js'

/** How often an entity was written. */
export interface Generation {
  /** 1 after the creation, one more with every change. */
  readonly generation: number
}

/** What `deleteUser` returns. */
export interface UserNameResult {
  /** As in the request. */
  readonly userName: string
}

/** What `deleteRole` returns. */
export interface RoleNameResult {
  /** As in the request. */
  readonly roleName: string
}

/** What `deleteGroup` returns. */
export interface GroupNameResult {
  /** As in the request. */
  readonly groupName: string
}

/** What `deletePolicy` returns. */
export interface PolicyNameResult {
  /** As in the request. */
  readonly policyName: string
}

/** What `createUser` and `setUserEnabled` return: the user's generation. */
export type UserResult = UserNameResult & Generation
/** What `createRole` and `setRoleEnabled` return: the role's generation. */
export type RoleResult = RoleNameResult & Generation
/** What `createGroup` returns: the group's generation. */
export type GroupResult = GroupNameResult & Generation
/** What `createPolicy` and `updatePolicy` return: the policy's generation. */
export type PolicyResult = PolicyNameResult & Generation
/** What `addUserToGroup` and `removeUserFromGroup` return: the user's generation. */
export type MembershipResult = UserNameResult & GroupNameResult & Generation

/** What `attachPolicy` returns: the generation of the user, role or group. */
export interface AttachPolicyResult extends PolicyNameResult, Generation {
  /** As in the request. */
  readonly to: PolicyHolder
}

/** What `detachPolicy` returns: the generation of the user, role or group. */
export interface DetachPolicyResult extends PolicyNameResult, Generation {
  /** As in the request. */
  readonly from: PolicyHolder
}

/** What every user, role, group and policy has. */
export interface AccessInfo extends Generation {
  /** Empty by default. */
  readonly description: string
  /** Present in a vault that was opened with `unproved`: this may be an older state. */
  readonly isUnproved?: true
}

/** A user. */
export interface UserInfo extends UserNameResult, AccessInfo {
  /** `acs:ram::<account>:user/<name>`, as policies of secrets name it. */
  readonly arn: string
  /** `false`: everything is denied to the user. */
  readonly isEnabled: boolean
  /** The names of the groups that the user is in, at most 10. */
  readonly groups: readonly string[]
  /** The names of the attached policies, at most 10. */
  readonly policies: readonly string[]
}

/** A role. */
export interface RoleInfo extends RoleNameResult, AccessInfo {
  /** `acs:ram::<account>:role/<name>`, as policies of secrets name it. */
  readonly arn: string
  /** `false`: everything is denied to the role. */
  readonly isEnabled: boolean
  /** The names of the attached policies, at most 10. */
  readonly policies: readonly string[]
}

/** A group. Its users name it. */
export interface GroupInfo extends GroupNameResult, AccessInfo {
  /** The names of the attached policies, at most 10. */
  readonly policies: readonly string[]
}

/** A policy without its document. */
export interface PolicyInfo extends PolicyNameResult, AccessInfo {}

/** What `getPolicy` returns. */
export interface GetPolicyResult extends PolicyInfo {
  /** The document as it was given. */
  readonly policy: string
}

/** What every page of a list has. */
export interface AccessPage {
  /** Present if there is another page. */
  readonly nextToken?: string
}

/** What `listUsers` returns. */
export interface ListUsersResult extends AccessPage {
  /** In order of name. */
  readonly users: readonly UserInfo[]
}

/** What `listRoles` returns. */
export interface ListRolesResult extends AccessPage {
  /** In order of name. */
  readonly roles: readonly RoleInfo[]
}

/** What `listGroups` returns. */
export interface ListGroupsResult extends AccessPage {
  /** In order of name. */
  readonly groups: readonly GroupInfo[]
}

/** What `listPolicies` returns. */
export interface ListPoliciesResult extends AccessPage {
  /** In order of name. */
  readonly policies: readonly PolicyInfo[]
}

/** What `setSecretPolicy` returns. */
export interface SecretPolicyResult {
  /** The secret's name. */
  readonly secretName: string
  /** A secret has one policy. */
  readonly policyName: 'default'
  /** 0 if the secret never had a policy; one more with every policy and every removal. */
  readonly generation: number
}

/** What `getSecretPolicy` returns. */
export interface GetSecretPolicyResult extends SecretPolicyResult {
  /** The document as it was given; one without statements if the secret has no policy. */
  readonly policy: string
  /** Present in a vault that was opened with `unproved`: this may be an older state. */
  readonly isUnproved?: true
}

/** A decision and how it came about. */
export type ExplainAccessResult = Explanation
