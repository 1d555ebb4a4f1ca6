/** What is known of a request, by condition key: section 5.4 of the access specification. */

import type { Fact, Facts } from './reference-conditions.js'

/** A user or role, as `vault.as` takes it. */
export interface ReferencePrincipal {
  readonly kind: 'user' | 'role'
  readonly name: string
  readonly sessionName?: string
  /** The account of the vault by default. */
  readonly accountId?: string
}

/** What a front end says of a request. */
export interface ReferenceContext {
  readonly sourceIp?: string
  readonly secureTransport?: boolean
  readonly mfaPresent?: boolean
  readonly userAgent?: string
  readonly requestId?: string
  readonly attributes?: Readonly<Record<string, Fact>>
}

/** A secret that exists. */
export interface ReferenceSecret {
  readonly secretName: string
  readonly secretType: string
  readonly tags: readonly { readonly tagKey: string; readonly tagValue: string }[]
  /** Left out where a case does not depend on it: a vault draws it at random. */
  readonly encryptionKeyId?: string
}

/** All that facts come from. */
export interface FactSources {
  readonly vaultAccountId: string
  readonly principal: ReferencePrincipal
  readonly context: ReferenceContext
  /** RFC 3339. */
  readonly now: string
  /** The secret that the request names, before the operation; `null` if there is none. */
  readonly secret: ReferenceSecret | null
  /** In the names of the API. */
  readonly operation: string
  readonly request: Readonly<Record<string, unknown>>
}

/** The ARN of a user or role; the name of a session is no part of it. */
export function principalArn(principal: ReferencePrincipal, vaultAccountId: string): string {
  const accountId = principal.accountId ?? vaultAccountId
  return `acs:ram::${accountId}:${principal.kind}/${principal.name}`
}

/** The facts of a request. A key that has no fact is absent. */
export function referenceFacts(sources: FactSources): Facts {
  const { vaultAccountId, principal, context, secret } = sources
  const facts: [key: string, fact: Fact | undefined][] = [
    ['acs:CurrentTime', sources.now],
    ['acs:SourceIp', context.sourceIp],
    ['acs:SecureTransport', context.secureTransport],
    ['acs:MFAPresent', context.mfaPresent],
    ['acs:UserAgent', context.userAgent],
    ['acs:PrincipalName', principal.name],
    ['acs:PrincipalType', principal.kind],
    ['acs:PrincipalARN', principalArn(principal, vaultAccountId)],
    ['acs:PrincipalAccountId', principal.accountId ?? vaultAccountId],
    ...Object.entries(context.attributes ?? {}).map(([name, value]): [string, Fact] => [
      `app:${name}`,
      value,
    ]),
    ...secretFacts(sources),
    ...requestFacts(sources),
  ]
  if (secret !== null && sources.operation !== 'createSecret') {
    for (const { tagKey, tagValue } of secret.tags) {
      facts.push([`kms:SecretTag/${tagKey}`, tagValue], [`acs:ResourceTag/${tagKey}`, tagValue])
    }
  }
  const known = facts.filter((entry): entry is [string, Fact] => entry[1] !== undefined)
  return Object.fromEntries(known)
}

type FactEntries = [key: string, fact: Fact | undefined][]

function secretFacts({ operation, request, secret }: FactSources): FactEntries {
  const addressed = secret?.secretName ?? nameOf(textOf(request['secretName']))
  if (operation !== 'createSecret') {
    return [
      ['kms:SecretName', addressed],
      ['kms:SecretType', secret?.secretType],
      ['kms:EncryptionKeyId', secret?.encryptionKeyId],
    ]
  }
  return [
    ['kms:SecretName', nameOf(textOf(request['secretName']))],
    ['kms:SecretType', textOf(request['secretType']) ?? 'Generic'],
    ['kms:EncryptionKeyId', textOf(request['encryptionKeyId'])],
  ]
}

/** What the request names: versions, labels, tags, days. */
function requestFacts({ operation, request }: FactSources): FactEntries {
  const versionId = textOf(request['versionId'])
  const stage = textOf(request['versionStage'])
  const facts: FactEntries = [
    ['kms:VersionId', versionId],
    ['kms:VersionStage', stage],
  ]
  switch (operation) {
    case 'getSecretValue':
      if (versionId === undefined && stage === undefined) {
        facts.push(['kms:VersionStage', 'ACSCurrent'])
      }
      break
    case 'putSecretValue':
      facts.push([
        'kms:VersionStages',
        (request['versionStages'] as string[] | undefined) ?? ['ACSCurrent'],
      ])
      break
    case 'updateSecretVersionStage':
      facts.push(['kms:VersionStages', stage === undefined ? undefined : [stage]])
      break
    case 'createSecret':
    case 'tagResource':
      facts.push(...tagFacts(request['tags'] as ReferenceSecret['tags'] | undefined))
      break
    case 'untagResource':
      facts.push(['kms:RequestTagKeys', request['tagKeys'] as string[]])
      break
    case 'deleteSecret':
      facts.push(...deletionFacts(request))
  }
  return facts
}

function tagFacts(tags: ReferenceSecret['tags'] = []): FactEntries {
  const facts: FactEntries = tags.flatMap(({ tagKey, tagValue }) => [
    [`kms:RequestTag/${tagKey}`, tagValue],
    [`acs:RequestTag/${tagKey}`, tagValue],
  ])
  if (tags.length > 0) facts.push(['kms:RequestTagKeys', tags.map(({ tagKey }) => tagKey)])
  return facts
}

/** A deletion at once has no window; otherwise the default of 30 days counts as given. */
function deletionFacts(request: Readonly<Record<string, unknown>>): FactEntries {
  const isForced = request['forceDeleteWithoutRecovery'] === true
  const days = (request['recoveryWindowInDays'] as number | undefined) ?? 30
  return [
    ['kms:RecoveryWindowInDays', isForced ? undefined : days],
    ['kms:ForceDeleteWithoutRecovery', isForced],
  ]
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The name from a name or an ARN. */
function nameOf(secretName: string | undefined): string | undefined {
  if (secretName?.startsWith('acs:') !== true) return secretName
  return secretName.slice(secretName.indexOf('secret/') + 'secret/'.length)
}
