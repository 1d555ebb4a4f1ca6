/**
 * A second evaluator of access policies, written from sections 3 to 5 of the access specification
 * alone and from no other code, so that the two find each other's mistakes. It looks at every
 * statement of every document, keeps no index and no state, and takes its time. The documents must
 * be ones that the grammar of section 3 accepts.
 */

import type { ConditionBlock, Facts, OneOrMany } from './reference-conditions.js'
import { evaluateConditions, listOf } from './reference-conditions.js'
import { matchesAction, matchesResource } from './reference-wildcards.js'

export { evaluateCondition, evaluateConditions } from './reference-conditions.js'
export { principalArn, referenceFacts } from './reference-facts.js'
export type { FactSources, ReferenceContext, ReferencePrincipal } from './reference-facts.js'
export {
  matchesAction,
  matchesByTable,
  matchesRecursively,
  matchesResource,
} from './reference-wildcards.js'

/** One action on one resource. */
export interface ReferenceRequest {
  readonly action: string
  readonly resource: string
  readonly principal: {
    readonly kind: 'user' | 'role'
    readonly name: string
    readonly accountId: string
  }
  /** Whether the principal's record says so. */
  readonly isDisabled: boolean
  readonly facts: Facts
}

/** The documents that apply, as JSON texts. */
export interface ReferenceDocuments {
  /** The secret's own policy. */
  readonly secret: string | null
  readonly identity: readonly {
    readonly source: 'identity' | 'group'
    readonly policyName: string
    readonly text: string
  }[]
}

/** The statement that decided. */
export interface DecidedBy {
  readonly source: 'secret' | 'identity' | 'group'
  readonly policyName: string
  readonly statementIndex: number
  readonly sid?: string
}

/** What a decision is, and why; `null` where no statement decided. */
export interface ReferenceDecision {
  readonly decision: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny'
  readonly decidedBy: DecidedBy | null
}

/** A statement of an accepted document. */
export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: OneOrMany
  readonly NotAction?: OneOrMany
  readonly Resource: OneOrMany
  readonly Principal?: { readonly RAM: OneOrMany }
  readonly Condition?: ConditionBlock
}

/** An accepted document. */
export interface PolicyDocument {
  readonly Version: '1'
  readonly Statement: readonly PolicyStatement[]
}

/** Every action of section 6, those of later operations too. */
export const KNOWN_ACTIONS: readonly string[] = [
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
  'kms:GetRandomPassword',
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
  'kms:DescribeKey',
  'kms:ListKeys',
  'actiontrail:LookupEvents',
]

/** Any Deny that applies decides; without one, any Allow that applies; else nothing is allowed. */
export function referenceDecide(
  request: ReferenceRequest,
  documents: ReferenceDocuments,
): ReferenceDecision {
  if (request.isDisabled) return { decision: 'ExplicitDeny', decidedBy: null }
  const applied = [...secretStatements(documents), ...identityStatements(documents)].filter(
    (candidate) => applies(candidate, request),
  )
  const deny = applied.find(({ statement }) => statement.Effect === 'Deny')
  if (deny !== undefined) return { decision: 'ExplicitDeny', decidedBy: deny.place }
  const allow = applied.find(({ statement }) => statement.Effect === 'Allow')
  if (allow !== undefined) return { decision: 'Allow', decidedBy: allow.place }
  return { decision: 'ImplicitDeny', decidedBy: null }
}

interface Candidate {
  readonly statement: PolicyStatement
  readonly place: DecidedBy
}

function secretStatements({ secret }: ReferenceDocuments): readonly Candidate[] {
  return secret === null ? [] : statementsOf('secret', 'default', secret)
}

function identityStatements({ identity }: ReferenceDocuments): readonly Candidate[] {
  return identity.flatMap(({ source, policyName, text }) => statementsOf(source, policyName, text))
}

function statementsOf(
  source: DecidedBy['source'],
  policyName: string,
  text: string,
): readonly Candidate[] {
  return (JSON.parse(text) as PolicyDocument).Statement.map((statement, statementIndex) => {
    const sid = statement.Sid === undefined ? {} : { sid: statement.Sid }
    return { statement, place: { source, policyName, statementIndex, ...sid } }
  })
}

function applies({ statement, place }: Candidate, request: ReferenceRequest): boolean {
  if (place.source === 'secret' && !namesPrincipal(statement, request.principal)) return false
  if (!namesAction(statement, request.action)) return false
  if (!listOf(statement.Resource).some((pattern) => matchesResource(pattern, request.resource))) {
    return false
  }
  const outcome = evaluateConditions(statement.Condition ?? {}, request.facts)
  return statement.Effect === 'Deny' ? outcome !== 'FALSE' : outcome === 'TRUE'
}

/** Names are compared as they are; `:*` is every user and role of the account. */
function namesPrincipal(
  { Principal }: PolicyStatement,
  { kind, name, accountId }: ReferenceRequest['principal'],
): boolean {
  const account = `acs:ram::${accountId}:`
  const named = listOf(Principal?.RAM ?? [])
  return named.includes(`${account}${kind}/${name}`) || named.includes(`${account}*`)
}

/** An action that is not known matches no statement. */
function namesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  if (!KNOWN_ACTIONS.some((known) => known.toLowerCase() === action.toLowerCase())) return false
  if (Action !== undefined) return listOf(Action).some((pattern) => matchesAction(pattern, action))
  return !listOf(NotAction ?? []).some((pattern) => matchesAction(pattern, action))
}
