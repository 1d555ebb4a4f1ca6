/** Reading policy documents: RAM's `Version` "1" (PDOC-1 to PDOC-6). */

import { POLICY_BYTES_MAX, POLICY_STATEMENTS_MAX } from '../limits.js'
import { encodeText } from '../text.js'
import type { Action } from './actions.js'
import { ACTIONS, resolveActionPattern } from './actions.js'
import type { Policy, Statement } from './policy.js'
import { member, objectAt, textsAt } from './policy-fields.js'
import type { JsonObject, JsonValue } from './policy-json.js'
import { invalidPolicy, pointerTo, readPolicyJson } from './policy-json.js'
import { readConditions } from './read-conditions.js'
import { readPrincipals } from './read-principals.js'
import { matchesResource, readResources, splitArn } from './resources.js'

/**
 * What a document is for. A secret policy says whom it is about and concerns one secret, whose ARN
 * is given; an identity policy is about those that it is attached to.
 */
export type PolicyUse =
  { readonly kind: 'identity' } | { readonly kind: 'secret'; readonly arn: string }

const SID_CHARS_MAX = 128
const ACTION_CHARS_MIN = 3
const ACTION_CHARS_MAX = 128

const POLICY_MEMBERS = ['Version', 'Statement']
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'Principal',
  'Condition',
]

/**
 * Reads and compiles a policy document.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`, with the JSON pointer of what is wrong: for more
 *   than 32,768 bytes, what is not JSON, or what the grammar does not have
 */
export function readPolicy(text: string, use: PolicyUse): Policy {
  if (encodeText('policy', text).length > POLICY_BYTES_MAX) {
    throw invalidPolicy('', `more than ${String(POLICY_BYTES_MAX)} bytes`)
  }
  const document = objectAt(readPolicyJson(text), '', POLICY_MEMBERS)
  if (member(document, '', 'Version') !== '1') {
    throw invalidPolicy('/Version', 'must be "1"')
  }
  const items = member(document, '', 'Statement')
  if (!Array.isArray(items)) throw invalidPolicy('/Statement', 'must be a list')
  if (items.length > POLICY_STATEMENTS_MAX) {
    throw invalidPolicy('/Statement', `more than ${String(POLICY_STATEMENTS_MAX)} statements`)
  }
  const statements = (items as readonly JsonValue[]).map((item, index) =>
    readStatement(item, index, use),
  )
  return { statements, byAction: indexByAction(statements), tagKeys: tagKeysOf(statements) }
}

function readStatement(item: JsonValue, index: number, use: PolicyUse): Statement {
  const place = pointerTo('/Statement', index)
  const members = objectAt(item, place, STATEMENT_MEMBERS)
  const effect = member(members, place, 'Effect')
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw invalidPolicy(pointerTo(place, 'Effect'), 'must be "Allow" or "Deny"')
  }
  const conditions = members.get('Condition')
  return {
    index,
    sid: readSid(members.get('Sid'), pointerTo(place, 'Sid')),
    effect,
    ...readActions(members, place),
    resources: readOwnResources(member(members, place, 'Resource'), place, use),
    principals: readUsedPrincipals(members, place, use),
    conditions:
      conditions === undefined ? [] : readConditions(conditions, pointerTo(place, 'Condition')),
  }
}

function readSid(value: JsonValue | undefined, place: string): string | null {
  if (value === undefined) return null
  const isValid =
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= SID_CHARS_MAX &&
    Array.from(value).every(isSidCharacter)
  if (isValid) return value
  throw invalidPolicy(place, 'must be 1 to 128 of A-Z a-z 0-9 _ / = + . @ -')
}

function isSidCharacter(character: string): boolean {
  return SID_CHARACTERS.includes(character)
}

const SID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/=+.@-'

function readActions(
  members: JsonObject,
  place: string,
): Pick<Statement, 'actions' | 'hasNotAction' | 'unknownActions'> {
  const hasNotAction = members.has('NotAction')
  if (members.has('Action') === hasNotAction) {
    throw invalidPolicy(place, 'must have either Action or NotAction')
  }
  const name = hasNotAction ? 'NotAction' : 'Action'
  const listPlace = pointerTo(place, name)
  const named = new Set<Action>()
  const unknownActions: string[] = []
  for (const [text, textPlace] of textsAt(member(members, place, name), listPlace)) {
    const { actions, isOfKnownService } = readAction(text, textPlace)
    // A name that does not exist here excepts nothing, so that an Allow would grant everything.
    if (hasNotAction && actions.size === 0) throw invalidPolicy(textPlace, 'matches no action')
    if (isOfKnownService && actions.size === 0) unknownActions.push(textPlace)
    for (const action of actions) named.add(action)
  }
  const actions = hasNotAction ? new Set(ACTIONS.filter((action) => !named.has(action))) : named
  return { actions, hasNotAction, unknownActions }
}

function readAction(text: string, place: string): ReturnType<typeof resolveActionPattern> {
  if (text === '*') return resolveActionPattern(text)
  const colon = text.indexOf(':')
  const isSplit = colon > 0 && colon === text.lastIndexOf(':') && colon < text.length - 1
  const service = text.slice(0, colon)
  if (!isSplit || service.includes('*') || service.includes('?')) {
    throw invalidPolicy(place, 'must be "*" or a service and the name of an action, as "kms:Get*"')
  }
  if (text.length < ACTION_CHARS_MIN || text.length > ACTION_CHARS_MAX) {
    throw invalidPolicy(place, 'must have 3 to 128 characters')
  }
  return resolveActionPattern(text)
}

function readOwnResources(value: JsonValue, place: string, use: PolicyUse): Statement['resources'] {
  const listPlace = pointerTo(place, 'Resource')
  const texts = textsAt(value, listPlace)
  const resources = readResources(texts)
  if (use.kind === 'secret' && resources !== null) {
    const arn = splitArn(use.arn)
    const budget = { steps: Infinity }
    for (const [i, resource] of resources.entries()) {
      if (arn !== null && matchesResource(resource, arn, budget)) continue
      throw invalidPolicy(texts[i]?.[1] ?? listPlace, 'must be "*" or match the secret itself')
    }
  }
  return resources
}

function readUsedPrincipals(
  members: JsonObject,
  place: string,
  use: PolicyUse,
): Statement['principals'] {
  const listPlace = pointerTo(place, 'Principal')
  const value = members.get('Principal')
  if (use.kind === 'secret') return readPrincipals(member(members, place, 'Principal'), listPlace)
  if (value === undefined) return null
  throw invalidPolicy(listPlace, 'only secret policies name principals')
}

function indexByAction(statements: readonly Statement[]): Policy['byAction'] {
  const byAction = new Map<Action, Statement[]>()
  for (const statement of statements) {
    for (const action of statement.actions) {
      const list = byAction.get(action)
      if (list === undefined) byAction.set(action, [statement])
      else list.push(statement)
    }
  }
  return byAction
}

function tagKeysOf(statements: readonly Statement[]): Policy['tagKeys'] {
  const names = new Set<string>()
  for (const { conditions } of statements) {
    for (const { key } of conditions) {
      const slash = key.name.indexOf('/')
      if (slash >= 0) names.add(key.name.slice(slash + 1))
    }
  }
  return names
}
