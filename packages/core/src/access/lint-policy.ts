/** What a valid policy probably does not mean. Findings are data; nothing is refused for them. */

import { ACTIONS } from './actions.js'
import type { ComparingCondition, Condition } from './conditions.js'
import type { Policy, ResourcePattern, Statement } from './policy.js'
import { pointerTo } from './policy-json.js'
import { SECRET_TYPES } from '../names.js'

/** Why a statement probably does not mean what it says. */
export type PolicyFindingKind =
  /** An Allow with `NotAction` grants every action of later versions too. */
  | 'ALLOW_NOT_ACTION'
  /** An Allow of all actions on all resources. */
  | 'ALLOW_EVERYTHING'
  /** A principal that means everyone of an account. */
  | 'PRINCIPAL_EVERYONE'
  /** A principal `root`, which no view has. */
  | 'PRINCIPAL_ROOT'
  /** `acs:SourceIp` is absent unless a front end gives it: an Allow never applies without. */
  | 'NEEDS_SOURCE_IP'
  /** A Deny of the same document always wins. */
  | 'OVERRIDDEN_BY_DENY'
  /** A pattern that matches no action. */
  | 'UNKNOWN_ACTION'
  /** A key that no request has. */
  | 'UNKNOWN_KEY'
  /** A value that the key never has. */
  | 'IMPOSSIBLE_VALUE'

export interface PolicyFinding {
  readonly kind: PolicyFindingKind
  /** JSON pointer (RFC 6901) of what it is about. */
  readonly pointer: string
}

/** Everything that {@link PolicyFindingKind} names, in the order of the document. */
export function lintPolicy({ statements }: Policy): PolicyFinding[] {
  return statements.flatMap((statement) => {
    const place = pointerTo('/Statement', statement.index)
    return [
      ...lintActions(statement, place),
      ...lintPrincipals(statement, place),
      ...statement.conditions.flatMap((condition) => lintCondition(condition, place)),
      ...lintDenied(statement, statements, place),
    ]
  })
}

function lintActions(statement: Statement, place: string): PolicyFinding[] {
  const { effect, hasNotAction, actions, resources, unknownActions } = statement
  const found: PolicyFinding[] = []
  if (effect === 'Allow' && hasNotAction) {
    found.push({ kind: 'ALLOW_NOT_ACTION', pointer: pointerTo(place, 'NotAction') })
  }
  if (effect === 'Allow' && actions.size === ACTIONS.length && resources === null) {
    found.push({ kind: 'ALLOW_EVERYTHING', pointer: place })
  }
  for (const pointer of unknownActions) found.push({ kind: 'UNKNOWN_ACTION', pointer })
  return found
}

function lintPrincipals({ principals }: Statement, place: string): PolicyFinding[] {
  const pointer = pointerTo(pointerTo(place, 'Principal'), 'RAM')
  const found: PolicyFinding[] = []
  if (principals?.some(({ kind }) => kind === 'account') === true) {
    found.push({ kind: 'PRINCIPAL_EVERYONE', pointer })
  }
  if (principals?.some(({ kind }) => kind === 'root') === true) {
    found.push({ kind: 'PRINCIPAL_ROOT', pointer })
  }
  return found
}

function lintCondition(condition: Condition, place: string): PolicyFinding[] {
  const { key, operator, kind } = condition
  const pointer = pointerTo(pointerTo(pointerTo(place, 'Condition'), operator), condition.keyText)
  if (key.type === null) return [{ kind: 'UNKNOWN_KEY', pointer }]
  if (kind === 'null') return []
  if (key.name === 'acs:sourceip' && !condition.ifExists) {
    return [{ kind: 'NEEDS_SOURCE_IP', pointer }]
  }
  return isImpossible(condition) ? [{ kind: 'IMPOSSIBLE_VALUE', pointer }] : []
}

/** The values of keys that have only a few, in the spelling in which they are compared. */
const KNOWN_VALUES: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map<
  string,
  readonly string[]
>([
  ['kms:secrettype', SECRET_TYPES],
  ['acs:principaltype', ['user', 'role']],
])

function isImpossible({ key, comparison }: ComparingCondition): boolean {
  const known = KNOWN_VALUES.get(key.name)
  if (known === undefined || comparison.type !== 'string' || comparison.kind !== 'equals') {
    return false
  }
  return comparison.values.some((value) => !known.includes(value))
}

function lintDenied(
  statement: Statement,
  statements: readonly Statement[],
  place: string,
): PolicyFinding[] {
  if (statement.effect === 'Deny') return []
  const isOverridden = statements.some((other) => alwaysDenies(other, statement))
  return isOverridden ? [{ kind: 'OVERRIDDEN_BY_DENY', pointer: place }] : []
}

/** Whether a Deny applies to every request that an Allow applies to. */
function alwaysDenies(deny: Statement, allow: Statement): boolean {
  return (
    deny.effect === 'Deny' &&
    deny.conditions.length === 0 &&
    allow.actions.size > 0 &&
    [...allow.actions].every((action) => deny.actions.has(action)) &&
    coversAll(deny.resources, allow.resources, isSameResource) &&
    coversAll(deny.principals, allow.principals, isSamePrincipal)
  )
}

function coversAll<T>(
  wide: readonly T[] | null,
  narrow: readonly T[] | null,
  isSame: (a: T, b: T) => boolean,
): boolean {
  if (wide === null) return true
  return narrow?.every((item) => wide.some((other) => isSame(other, item))) === true
}

function isSameResource(a: ResourcePattern, b: ResourcePattern): boolean {
  const parts = ['service', 'region', 'accountId', 'relative'] as const
  return parts.every((part) => a[part].prefix === b[part].prefix && a[part].rest === b[part].rest)
}

type PrincipalPattern = NonNullable<Statement['principals']>[number]

function isSamePrincipal(wide: PrincipalPattern, narrow: PrincipalPattern): boolean {
  if (wide.accountId !== narrow.accountId) return false
  if (wide.kind === 'account' || wide.kind === 'root') {
    return wide.kind === 'account' || narrow.kind === 'root'
  }
  return narrow.kind === wide.kind && narrow.name === wide.name
}
