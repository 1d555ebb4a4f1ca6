/** Why a decision is what it is: every statement of every policy, and what became of it. */

import type { ConditionResult } from './conditions.js'
import type {
  AccessRequest,
  AttachedPolicy,
  Decision,
  PolicySet,
  StatementOutcome,
} from './decide.js'
import { decide } from './decide.js'
import type { Statement } from './policy.js'

/** One statement of a policy, by its place. */
export interface StatementPlace {
  /** Whose policy it is: the secret's, the principal's, or one of a group of the user. */
  readonly source: 'secret' | 'identity' | 'group'
  /** Its name; `default` for a secret's policy. */
  readonly policyName: string
  /** Its place in the document, from 0. */
  readonly statementIndex: number
  /** Its `Sid`, if it has one. */
  readonly sid?: string
}

/** What became of one condition. */
export interface ExplainedCondition extends ConditionResult {
  /** As the policy writes it, as `ForAnyValue:StringEquals`. */
  readonly operator: string
  /** As the policy writes it, as `kms:SecretTag/team`. */
  readonly key: string
}

/** What became of one statement. */
export interface ExplainedStatement extends StatementPlace {
  /** What it does if it applies. */
  readonly effect: 'Allow' | 'Deny'
  /**
   * `applied`, or the first part of the statement that does not fit the request: its actions,
   * principals, resources or conditions.
   */
  readonly outcome: StatementOutcome
  /** The conditions that were evaluated; empty if another part does not fit. */
  readonly conditions: readonly ExplainedCondition[]
}

/** A decision and how it came about. */
export interface Explanation {
  /** Whether the request is allowed; a denial is explicit if something denies it. */
  readonly decision: Decision['decision']
  /** The statement that decided; `null` if none did. */
  readonly decidedBy: StatementPlace | null
  /**
   * Why a request is denied that no statement denies: the principal is disabled, or deciding took
   * more than 1,000,000 steps. Else `null`.
   */
  readonly reason: 'disabled' | 'budget' | null
  /** Every statement of the policies that count, in their order. */
  readonly statements: readonly ExplainedStatement[]
}

/** Decides as {@link decide} does, and tells what it looked at. */
export function explain(request: AccessRequest, policies: PolicySet): Explanation {
  const statements: ExplainedStatement[] = []
  let conditions: ExplainedCondition[] = []
  const decision = decide(request, policies, {
    condition: ({ operator, keyText }, result) => {
      conditions.push({ operator, key: keyText, ...result })
    },
    statement: (attached, statement, outcome) => {
      const place = placeOf(attached, statement)
      statements.push({ ...place, effect: statement.effect, outcome, conditions })
      conditions = []
    },
  })
  const { decidedBy } = decision
  return {
    decision: decision.decision,
    decidedBy: decidedBy === null ? null : placeOf(decidedBy.attached, decidedBy.statement),
    reason: 'reason' in decision ? decision.reason : null,
    statements,
  }
}

function placeOf({ source, policyName }: AttachedPolicy, statement: Statement): StatementPlace {
  const place = { source, policyName, statementIndex: statement.index }
  return statement.sid === null ? place : { ...place, sid: statement.sid }
}
