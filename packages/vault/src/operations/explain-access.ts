/** Explains to the owner what a principal may do, and why. */

import type { Action } from '@stagevault/core/access/actions'
import { ACTIONS } from '@stagevault/core/access/actions'
import type { Explanation } from '@stagevault/core/access/explain'
import { explain } from '@stagevault/core/access/explain'
import type { OperationFacts } from '@stagevault/core/access/request-facts'
import { createFacts } from '@stagevault/core/access/request-facts'
import { formatArn, parseNameOrArn } from '@stagevault/core/arn'
import { READ_ATTEMPTS_MAX, RECOVERY_WINDOW_DAYS_DEFAULT } from '@stagevault/core/limits'
import { VaultError } from '@stagevault/core/errors'
import { STAGE_CURRENT, parseNewSecretName } from '@stagevault/core/names'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import {
  NO_CONTEXT,
  parseContext,
  parsePrincipal,
} from '@stagevault/core/request/principal-requests'
import { invalid, optionalText, readFields, text } from '@stagevault/core/request/request-fields'
import type { ExplainAccessRequest } from '../api/access-requests.js'
import type { ExplainAccessResult } from '../api/access-results.js'
import type { AccessNeed } from '../policy/authorize.js'
import { policiesFor, secretFactsOf } from '../policy/authorize.js'
import type { Caller } from '../session/session.js'
import { loadPrincipal, loadSecretPolicy } from '../policy/load-policies.js'
import { headIn, headKeys } from '../records/read-head.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'

export async function explainAccess(
  session: Session,
  input: ExplainAccessRequest,
): Promise<ExplainAccessResult> {
  const request = parseRequest(session, input)
  const { caller, secretName } = request
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const keys = secretName === null ? [ROOT_KEY] : [ROOT_KEY, ...headKeys(secretName)]
    const snapshot = await readSnapshot(session, keys)
    const root = rootIn(session, snapshot).state
    const head = secretName === null ? null : headIn(session, snapshot, secretName, root.epoch)
    const need = needOf(session, request, head?.state ?? null)
    const policies = policiesFor(session, caller, root, need)
    if (policies !== null) return explainNeed(session, caller, policies, need, request.resource)
    await loadPrincipal(session, caller, null)
    if (secretName !== null) await loadSecretPolicy(session, secretName, null)
  }
  throw new VaultError('CONFLICT', 'policies change faster than they can be read')
}

interface ParsedRequest {
  readonly caller: Caller
  readonly action: Action
  readonly secretName: string | null
  /** Given in place of a secret. */
  readonly resource: string | null
  readonly request: Readonly<Record<string, unknown>>
}

const FIELDS = ['principal', 'context', 'action', 'secretName', 'resource', 'request'] as const

function parseRequest({ scope }: Session, input: unknown): ParsedRequest {
  const fields = readFields('explainAccess', input, FIELDS)
  const context = fields.get('context')
  const named = optionalText(fields, 'secretName')
  const resource = optionalText(fields, 'resource')
  if (named !== null && resource !== null) {
    throw invalid('explainAccess takes either secretName or resource')
  }
  const given = text(fields, 'action')
  const action = ACTIONS.find((each) => each.toLowerCase() === given.toLowerCase())
  if (action === undefined) throw invalid('action must be a known action, as kms:GetSecretValue')
  const request = fields.get('request') === undefined ? {} : fields.get('request')
  if (typeof request !== 'object' || request === null) {
    throw new TypeError('request must be an object')
  }
  return {
    caller: {
      principal: parsePrincipal(fields.get('principal'), scope),
      context: context === undefined ? NO_CONTEXT : parseContext(context),
    },
    action,
    secretName: named === null ? null : parseNameOrArn(scope, named),
    resource,
    request: { ...request },
  }
}

function needOf(
  { keys }: Session,
  { action, secretName, request }: ParsedRequest,
  state: AccessNeed['state'],
): AccessNeed {
  const operation = operationFactsOf(action, request)
  if (action !== 'kms:CreateSecret' || secretName === null) {
    return { action, secretName, state, operation }
  }
  const name = parseNewSecretName('secretName', secretName)
  const { keyId } = keys.defaultKek
  const created = {
    secretName: name,
    state: { secretType: 'Generic', encryptionKeyId: keyId },
    tags: null,
  } as const
  return { action, secretName, state: null, created, operation }
}

/** What a request of the API gives conditions to compare; what has another type is left out. */
function operationFactsOf(
  action: Action,
  request: Readonly<Record<string, unknown>>,
): OperationFacts {
  const versionId = textOf(request['versionId'])
  const versionStage = textOf(request['versionStage'])
  const named = { versionId, versionStage }
  switch (action) {
    case 'kms:GetSecretValue':
      return versionId === null && versionStage === null
        ? { ...named, versionStage: STAGE_CURRENT }
        : named
    case 'kms:PutSecretValue':
      return { ...named, versionStages: textsOf(request['versionStages']) ?? [STAGE_CURRENT] }
    case 'kms:UpdateSecretVersionStage':
      return versionStage === null ? named : { ...named, versionStages: [versionStage] }
    case 'kms:CreateSecret':
    case 'kms:TagResource':
      return { ...named, ...tagFactsOf(request['tags']) }
    case 'kms:UntagResource': {
      const requestTagKeys = textsOf(request['tagKeys'])
      return requestTagKeys === null ? named : { ...named, requestTagKeys }
    }
    case 'kms:DeleteSecret': {
      const isForced = request['forceDeleteWithoutRecovery'] === true
      const days = request['recoveryWindowInDays']
      const window = typeof days === 'number' ? days : RECOVERY_WINDOW_DAYS_DEFAULT
      return {
        ...named,
        recoveryWindowInDays: isForced ? null : window,
        forceDeleteWithoutRecovery: isForced,
      }
    }
    default:
      return named
  }
}

function tagFactsOf(input: unknown): OperationFacts {
  const requestTags = (Array.isArray(input) ? (input as readonly unknown[]) : []).flatMap(tagOf)
  if (requestTags.length === 0) return {}
  return { requestTags, requestTagKeys: requestTags.map(({ tagKey }) => tagKey) }
}

function tagOf(item: unknown): { tagKey: string; tagValue: string }[] {
  if (typeof item !== 'object' || item === null) return []
  const { tagKey, tagValue = '' } = item as { tagKey?: unknown; tagValue?: unknown }
  return typeof tagKey === 'string' && typeof tagValue === 'string' ? [{ tagKey, tagValue }] : []
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function textsOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null
  return (value as readonly unknown[]).filter((item) => typeof item === 'string')
}

function explainNeed(
  session: Session,
  { principal, context }: Caller,
  policies: Parameters<typeof explain>[1],
  need: AccessNeed,
  resource: string | null,
): Explanation {
  const { action, secretName } = need
  const facts = createFacts({
    now: session.now(),
    principal,
    context,
    secret: secretFactsOf(need),
    operation: need.operation ?? {},
  })
  const named = secretName === null ? '*' : formatArn(session.scope, secretName)
  return explain({ action, resource: resource ?? named, principal, facts }, policies)
}
