/**
 * The decision whether a principal may do something: an explicit Deny wins over every Allow, and
 * what nothing allows is denied. The order of documents and statements never matters.
 */

import type { Action } from './actions.js'
import type { ConditionResult, Facts, Truth } from './conditions.js'
import { and, evaluateCondition } from './conditions.js'
import type { Condition } from './conditions.js'
import type { Policy, Statement } from './policy.js'
import type { Principal } from './principal.js'
import { matchesPrincipal } from './principal.js'
import { matchesResource, splitArn } from './resources.js'
import type { ArnParts } from './resources.js'
import type { Budget } from './wildcards.js'

/** What one decision may cost, in steps: some 5 ms. A request that needs more is denied. */
const STEPS_MAX = 1_000_000

/** What is to be decided. */
export interface AccessRequest {
  readonly action: Action
  /** The ARN of what the action is on; `*` for an action on nothing in particular. */
  readonly resource: string
  readonly principal: Principal
  readonly facts: Facts
}

/** A policy that counts for a request. */
export interface AttachedPolicy {
  readonly source: 'secret' | 'identity' | 'group'
  readonly policyName: string
  readonly policy: Policy
}

/** What counts for a principal. */
export interface PolicySet {
  /** Whether the principal's record says that it is disabled. */
  readonly isDisabled: boolean
  readonly policies: readonly AttachedPolicy[]
}

export type Decision =
  | { readonly decision: 'Allow'; readonly decidedBy: Decider }
  | { readonly decision: 'ExplicitDeny'; readonly decidedBy: Decider }
  | {
      readonly decision: 'ExplicitDeny'
      readonly decidedBy: null
      readonly reason: 'disabled' | 'budget'
    }
  | { readonly decision: 'ImplicitDeny'; readonly decidedBy: null }

/** The statement that a decision follows from. */
export interface Decider {
  readonly attached: AttachedPolicy
  readonly statement: Statement
}

/** What became of one statement. */
export type StatementOutcome = 'applied' | 'action' | 'resource' | 'principal' | 'condition'

/** Is told what became of each statement; an explanation collects it. */
export interface DecisionRecorder {
  statement(attached: AttachedPolicy, statement: Statement, outcome: StatementOutcome): void
  condition(condition: Condition, result: ConditionResult): void
}

/** Decides a request. Never throws; takes at most 1,000,000 steps. */
export function decide(
  request: AccessRequest,
  { isDisabled, policies }: PolicySet,
  recorder: DecisionRecorder | null = null,
): Decision {
  if (isDisabled) return { decision: 'ExplicitDeny', decidedBy: null, reason: 'disabled' }
  const budget: Budget = { steps: STEPS_MAX }
  const arn = splitArn(request.resource)
  let allowedBy: Decider | null = null
  let denied: Decision | null = null
  for (const attached of policies) {
    for (const statement of statementsFor(attached, request, recorder)) {
      const outcome = outcomeOf(request, arn, statement, budget, recorder)
      if (budget.steps < 0) return denied ?? OVER_BUDGET
      recorder?.statement(attached, statement, outcome)
      if (outcome !== 'applied') continue
      const decidedBy = { attached, statement }
      if (statement.effect === 'Allow') {
        allowedBy ??= decidedBy
        continue
      }
      denied ??= { decision: 'ExplicitDeny', decidedBy }
      if (recorder === null) return denied
    }
  }
  if (denied !== null) return denied
  return allowedBy === null
    ? { decision: 'ImplicitDeny', decidedBy: null }
    : { decision: 'Allow', decidedBy: allowedBy }
}

/** An explanation lists the statements about other actions too. */
function statementsFor(
  { policy }: AttachedPolicy,
  { action }: AccessRequest,
  recorder: DecisionRecorder | null,
): readonly Statement[] {
  return recorder === null ? (policy.byAction.get(action) ?? NONE) : policy.statements
}

const NONE: readonly Statement[] = []

const OVER_BUDGET: Decision = { decision: 'ExplicitDeny', decidedBy: null, reason: 'budget' }

function outcomeOf(
  { action, principal, facts }: AccessRequest,
  arn: ArnParts | null,
  statement: Statement,
  budget: Budget,
  recorder: DecisionRecorder | null,
): StatementOutcome {
  const { actions, principals, resources, conditions, effect } = statement
  if (!actions.has(action)) return 'action'
  budget.steps--
  if (principals !== null) {
    budget.steps -= principals.length
    if (!principals.some((pattern) => matchesPrincipal(pattern, principal))) return 'principal'
  }
  if (resources !== null) {
    if (arn === null) return 'resource'
    if (!resources.some((pattern) => matchesResource(pattern, arn, budget))) return 'resource'
  }
  let met: Truth = 'TRUE'
  for (const condition of conditions) {
    const result = evaluateCondition(condition, facts, budget)
    recorder?.condition(condition, result)
    met = and(met, result.result)
  }
  // What is unknown counts against the caller.
  const isApplied = effect === 'Deny' ? met !== 'FALSE' : met === 'TRUE'
  return isApplied ? 'applied' : 'condition'
}
