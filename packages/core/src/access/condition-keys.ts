/** The keys of a request that conditions compare, and their types. */

import { foldCase } from './wildcards.js'

/** What the values of a key are. `any`: the operator decides, for keys of the application. */
export type KeyType = 'string' | 'strings' | 'number' | 'boolean' | 'date' | 'address' | 'any'

/** A key in the spelling in which requests are asked for it. */
export interface ConditionKey {
  /** In lower case up to the `/`, and as written after it: tag keys differ by case. */
  readonly name: string
  /** `null` for a key that no request has. */
  readonly type: KeyType | null
}

/** By name in lower case; a key that ends in `/` is followed by a tag key. */
const TYPES: ReadonlyMap<string, KeyType> = /* @__PURE__ */ new Map([
  ['acs:currenttime', 'date'],
  ['acs:sourceip', 'address'],
  ['acs:securetransport', 'boolean'],
  ['acs:mfapresent', 'boolean'],
  ['acs:useragent', 'string'],
  ['acs:principalname', 'string'],
  ['acs:principaltype', 'string'],
  ['acs:principalarn', 'string'],
  ['acs:principalaccountid', 'string'],
  ['kms:secrettag/', 'string'],
  ['acs:resourcetag/', 'string'],
  ['kms:requesttag/', 'string'],
  ['acs:requesttag/', 'string'],
  ['kms:requesttagkeys', 'strings'],
  ['kms:secretname', 'string'],
  ['kms:secrettype', 'string'],
  ['kms:encryptionkeyid', 'string'],
  ['kms:versionid', 'string'],
  ['kms:versionstage', 'string'],
  ['kms:versionstages', 'strings'],
  ['kms:recoverywindowindays', 'number'],
  ['kms:forcedeletewithoutrecovery', 'boolean'],
  ['kms:rotationinterval', 'number'],
])

const APPLICATION_PREFIX = 'app:'

/** The key that a policy names. */
export function readConditionKey(text: string): ConditionKey {
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash + 1
  const folded = foldCase(text.slice(0, end))
  const name = folded + text.slice(end)
  if (folded.startsWith(APPLICATION_PREFIX)) return { name, type: 'any' }
  const hasTag = slash >= 0 && end < text.length
  return { name, type: slash < 0 || hasTag ? (TYPES.get(folded) ?? null) : null }
}
