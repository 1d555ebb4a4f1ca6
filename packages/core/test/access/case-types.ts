/**
 * The form of `table-cases.json`: cases of access control, as data, for the evaluator, for
 * `explainAccess` and for a vault on memory storage. The families are those of section 9 of the
 * access specification.
 *
 * The vault of every case has the region `cn-hangzhou` and the account `1234567890123456`.
 */

import type { DecidedBy, PolicyDocument } from './reference-evaluator.js'
import type { ReferenceContext, ReferencePrincipal, ReferenceSecret } from './reference-facts.js'

/** The scope of the vault. */
export const CASE_REGION = 'cn-hangzhou'
export const CASE_ACCOUNT_ID = '1234567890123456'

export type TableCase = ParseCase | DecideCase | ScenarioCase

interface CaseBase {
  /** Unique: the family, a hyphen and three digits. */
  readonly id: string
  /** `T1` to `T12`. */
  readonly family: string
  readonly title: string
}

/** A document is accepted or refused. */
export interface ParseCase extends CaseBase {
  readonly kind: 'parse'
  /** Whether it is set as an identity policy or as the policy of a secret. */
  readonly as: 'identity' | 'secret'
  /** The secret whose policy it is; it exists. Given with `secret` alone. */
  readonly secretName?: string
  readonly text: CaseText
  readonly expect: ParseRefusal | ParseAcceptance
}

/** A text, or the texts of its parts, joined. */
export type CaseText = string | readonly (string | RepeatedText)[]

/** `repeat`, `times` times. */
export interface RepeatedText {
  readonly repeat: string
  readonly times: number
}

export interface ParseRefusal {
  readonly code: 'INVALID_PARAMETER'
  /**
   * A JSON pointer (RFC 6901, so that `/` in a key is `~1`): the member that is unknown, repeated
   * or wrong; the object that lacks a member, or has two that exclude each other; the item of a
   * list if an item is wrong, and the list if its length is. The whole document is the empty
   * pointer. Absent where the text is not JSON or is too long.
   */
  readonly pointer?: string
  /** A word that the message also contains, and not only as a part of a longer one. */
  readonly message?: string
}

export interface ParseAcceptance {
  readonly accepted: true
  /** JSON pointers: a warning names each of them. `lintPolicy` may find more. */
  readonly warnings: readonly string[]
}

/** One decision. */
export interface DecideCase extends CaseBase {
  readonly kind: 'decide'
  readonly documents: {
    readonly secret: PolicyDocument | null
    readonly identity: readonly {
      /** `group`: the policy is attached to a group that the user is in. */
      readonly source: 'identity' | 'group'
      readonly policyName: string
      readonly policy: PolicyDocument
    }[]
  }
  readonly principal: ReferencePrincipal
  /** `false`: the vault has no record of the principal. */
  readonly hasRecord?: false
  readonly isDisabled: boolean
  readonly context: ReferenceContext
  /** The clock of the vault, in RFC 3339. */
  readonly now: string
  /** The secret that exists before the operation, with any value in one version `v1`. */
  readonly secret: ReferenceSecret | null
  /** An operation of a view and its request; it succeeds if it is allowed. */
  readonly operation: string
  readonly request: Readonly<Record<string, unknown>>
  readonly action: string
  readonly resource: string
  readonly expect: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny'
  readonly decidedBy: DecidedBy | null
  /** Why no vault of this scope can run the case; then only the evaluator does. */
  readonly vault?: string
}

/** Several steps on one vault. */
export interface ScenarioCase extends CaseBase {
  readonly kind: 'scenario'
  readonly setup: ScenarioSetup
  readonly steps: readonly ScenarioStep[]
}

/** What there is before the first step. All lists are empty by default. */
export interface ScenarioSetup {
  readonly secrets?: readonly ScenarioSecret[]
  readonly policies?: readonly { readonly policyName: string; readonly policy: PolicyDocument }[]
  readonly groups?: readonly ScenarioIdentity[]
  readonly users?: readonly (ScenarioIdentity & { readonly groups?: readonly string[] })[]
  readonly roles?: readonly ScenarioIdentity[]
  readonly secretPolicies?: readonly {
    readonly secretName: string
    readonly policy: PolicyDocument
  }[]
}

export interface ScenarioSecret {
  /** With `count`, `{n}` in the name is replaced by 00000, 00001, … */
  readonly secretName: string
  readonly secretData: string
  readonly description?: string
  readonly tags?: ReferenceSecret['tags']
  readonly count?: number
}

export interface ScenarioIdentity {
  readonly name: string
  /** Names of `policies`. */
  readonly policies: readonly string[]
}

/** One call. */
export interface ScenarioStep {
  /** `null` is the owner's handle. */
  readonly as: ReferencePrincipal | null
  readonly context?: ReferenceContext
  /**
   * An operation of the API; `iterateSecrets` collects all rows as `{ secrets }`. Two more stand
   * for a listener: `subscribe` starts one, and `receivedEvents` gives what it has been told since,
   * as `{ events }`, once all changes of the steps before have been announced.
   */
  readonly operation: string
  /** `{ "saved": "<name>" }` in the place of a value is what a step before saved. */
  readonly request: Readonly<Record<string, unknown>>
  readonly expect: StepRefusal | StepResult
  /** Fields of the result to keep, by the names to keep them under. */
  readonly saves?: Readonly<Record<string, string>>
  /** The records of secrets and of access are the same as before the step. */
  readonly stored?: 'unchanged'
}

/** A refusal, by the operation or by `as`. */
export interface StepRefusal {
  readonly code: string
  /** What the message does not contain. */
  readonly messageLacks?: readonly string[]
}

export interface StepResult {
  /** The result has these members; lists have these items and no others, in this order. */
  readonly result: Readonly<Record<string, unknown>>
  /** Members that the result has, with any value. */
  readonly present?: readonly string[]
  /** Members that the result does not have. */
  readonly absent?: readonly string[]
}

/** The text of a case in full. */
export function wholeText(text: CaseText): string {
  if (typeof text === 'string') return text
  return text
    .map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times)))
    .join('')
}
