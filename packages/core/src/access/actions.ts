/** The actions that policies grant and deny: the names of RAM, compared without regard to case. */

import type { Pattern } from './wildcards.js'
import { compilePattern, foldCase, matchesPattern } from './wildcards.js'

/**
 * Every action of the service, those of operations to come too, so that a policy written today
 * keeps its meaning. `kms:DisableSecretVersion`, `kms:EnableSecretVersion`,
 * `kms:DestroySecretVersion`, `kms:RenameSecret` and `kms:CancelRotateSecret` are this library's.
 */
export const ACTIONS = [
  'kms:CreateSecret',
  'kms:PutSecretValue',
  'kms:GetSecretValue',
  'kms:DescribeSecret',
  'kms:ListSecrets',
  'kms:ListSecretVersionIds',
  'kms:UpdateSecret',
  'kms:UpdateSecretVersionStage',
  'kms:DeleteSecret',
  'kms:RestoreSecret',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:SetSecretPolicy',
  'kms:GetSecretPolicy',
  'kms:DisableSecretVersion',
  'kms:EnableSecretVersion',
  'kms:DestroySecretVersion',
  'kms:RenameSecret',
  'kms:RotateSecret',
  'kms:UpdateSecretRotationPolicy',
  'kms:CancelRotateSecret',
  'kms:GetRandomPassword',
  'kms:DescribeKey',
  'kms:ListKeys',
  'actiontrail:LookupEvents',
] as const

/** An action that an operation needs. */
export type Action = (typeof ACTIONS)[number]

/** The services whose actions are known; policies may hold patterns of others. */
const SERVICES: readonly string[] = ['kms', 'actiontrail']

const FOLDED_ACTIONS: readonly (readonly [string, Action])[] = /* @__PURE__ */ ACTIONS.map(
  (action) => [foldCase(action), action],
)

/** Which actions a pattern such as `kms:Get*` means. */
export interface ActionPattern {
  readonly actions: ReadonlySet<Action>
  /** Whether the pattern is of a service whose actions are all known. */
  readonly isOfKnownService: boolean
}

/** The actions that a pattern matches; `*` matches all. */
export function resolveActionPattern(text: string): ActionPattern {
  const folded = foldCase(text)
  if (folded === '*') return { actions: new Set(ACTIONS), isOfKnownService: true }
  const pattern = compilePattern(folded)
  const service = folded.slice(0, folded.indexOf(':'))
  return { actions: matchingActions(pattern), isOfKnownService: SERVICES.includes(service) }
}

function matchingActions(pattern: Pattern): ReadonlySet<Action> {
  // A pattern has at most 128 characters, and so does the work of comparing it with 25 names.
  const budget = { steps: Infinity }
  const found = FOLDED_ACTIONS.filter(([name]) => matchesPattern(pattern, name, budget))
  return new Set(found.map(([, action]) => action))
}
