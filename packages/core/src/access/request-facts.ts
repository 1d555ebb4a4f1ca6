/** What a request says of each condition key. */

import { toHex } from '../bytes.js'
import type { SecretState } from '../model/secret-state.js'
import type { FactValue, Facts } from './conditions.js'
import type { Principal } from './principal.js'
import { principalArn } from './principal.js'

/** The value of a key `app:<name>`. */
export type AttributeValue = string | number | boolean | readonly string[]

/** What a front end knows of a request, besides who it is from; `null` for what it does not say. */
export interface RequestContext {
  readonly sourceIp: string | null
  readonly secureTransport: boolean | null
  readonly mfaPresent: boolean | null
  readonly userAgent: string | null
  readonly requestId: string | null
  /** By key name, in lower case: `app:team`. */
  readonly attributes: ReadonlyMap<string, AttributeValue>
}

/** A secret as conditions see it. */
export interface SecretFacts {
  readonly secretName: string
  /** What is known of a secret that exists, or of one that is to be created. */
  readonly state: Pick<SecretState, 'secretType' | 'encryptionKeyId'> | null
  /** The tags of a secret that exists. */
  readonly tags: SecretState['tags'] | null
}

/** What an operation asks for, as far as conditions can compare it. */
export interface OperationFacts {
  /** The tags that are to be set. */
  readonly requestTags?: SecretState['tags']
  /** The keys of the tags that are to be set or removed; left out if there are none. */
  readonly requestTagKeys?: readonly string[]
  readonly versionId?: string | null
  readonly versionStage?: string | null
  /** The labels that would move. */
  readonly versionStages?: readonly string[]
  readonly recoveryWindowInDays?: number | null
  readonly forceDeleteWithoutRecovery?: boolean
  /** Seconds. */
  readonly rotationInterval?: number | null
}

export interface FactSources {
  /** The host's clock, in milliseconds since 1970. */
  readonly now: number
  readonly principal: Principal
  readonly context: RequestContext
  /** The secret that is addressed, whether it exists or not. */
  readonly secret: SecretFacts | null
  readonly operation: OperationFacts
}

/** The facts of one request, looked up when a condition asks for them. */
export function createFacts(sources: FactSources): Facts {
  return (name) => factOf(sources, name) ?? null
}

function factOf(sources: FactSources, name: string): FactValue | null | undefined {
  const { principal, context, secret, operation } = sources
  switch (name) {
    case 'acs:currenttime':
      return { timeMs: sources.now }
    case 'acs:sourceip':
      return context.sourceIp
    case 'acs:securetransport':
      return context.secureTransport
    case 'acs:mfapresent':
      return context.mfaPresent
    case 'acs:useragent':
      return context.userAgent
    case 'acs:principalname':
      return principal.name
    case 'acs:principaltype':
      return principal.kind
    case 'acs:principalarn':
      return principalArn(principal)
    case 'acs:principalaccountid':
      return principal.accountId
    case 'kms:requesttagkeys':
      return operation.requestTagKeys
    case 'kms:secretname':
      return secret?.secretName
    case 'kms:secrettype':
      return secret?.state?.secretType
    case 'kms:encryptionkeyid':
      return secret?.state ? toHex(secret.state.encryptionKeyId) : undefined
    case 'kms:versionid':
      return operation.versionId
    case 'kms:versionstage':
      return operation.versionStage
    case 'kms:versionstages':
      return operation.versionStages
    case 'kms:recoverywindowindays':
      return operation.recoveryWindowInDays
    case 'kms:forcedeletewithoutrecovery':
      return operation.forceDeleteWithoutRecovery
    case 'kms:rotationinterval':
      return operation.rotationInterval
    default:
      return prefixedFact(sources, name)
  }
}

function prefixedFact(
  { context, secret, operation }: FactSources,
  name: string,
): FactValue | undefined {
  const slash = name.indexOf('/') + 1
  switch (name.slice(0, slash)) {
    case 'kms:secrettag/':
    case 'acs:resourcetag/':
      return tagOf(secret?.tags, name.slice(slash))
    case 'kms:requesttag/':
    case 'acs:requesttag/':
      return tagOf(operation.requestTags, name.slice(slash))
    default:
      return context.attributes.get(name)
  }
}

function tagOf(tags: SecretState['tags'] | null | undefined, tagKey: string): string | undefined {
  return tags?.find((tag) => tag.tagKey === tagKey)?.tagValue
}
