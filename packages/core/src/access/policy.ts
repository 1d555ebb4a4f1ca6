/** A policy document as it is evaluated: every text compiled, every statement under its actions. */

import type { Action } from './actions.js'
import type { Condition } from './conditions.js'
import type { Pattern } from './wildcards.js'

/** Whom a statement of a secret policy is about. */
export type PrincipalPattern =
  | { readonly kind: 'user' | 'role'; readonly accountId: string; readonly name: string }
  /** `acs:ram::<account>:*`: everyone of an account. */
  | { readonly kind: 'account'; readonly accountId: string }
  /** `acs:ram::<account>:root`: accepted; no principal matches it. */
  | { readonly kind: 'root'; readonly accountId: string }

/** An ARN with wildcards, part by part; `null` matches every ARN. */
export interface ResourcePattern {
  readonly service: Pattern
  readonly region: Pattern
  readonly accountId: Pattern
  readonly relative: Pattern
}

export interface Statement {
  /** Its place in the document. */
  readonly index: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  readonly actions: ReadonlySet<Action>
  /** Whether the document names the actions that are excepted. */
  readonly hasNotAction: boolean
  /** JSON pointers of the patterns of this service that match no action: probably misspelt. */
  readonly unknownActions: readonly string[]
  /** `null` for `*`. */
  readonly resources: readonly ResourcePattern[] | null
  /** `null` in an identity policy, which is about the principals that it is attached to. */
  readonly principals: readonly PrincipalPattern[] | null
  readonly conditions: readonly Condition[]
}

export interface Policy {
  readonly statements: readonly Statement[]
  /** The statements about an action, in the order of the document. */
  readonly byAction: ReadonlyMap<Action, readonly Statement[]>
  /** Key names of tags that some condition compares, to see whether a change of tags matters. */
  readonly tagKeys: ReadonlySet<string>
}
