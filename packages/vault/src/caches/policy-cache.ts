/**
 * Compiled policies that were authenticated before. Each is cached with the tag that pins it, so an
 * entry with another tag is not used. Decisions are never cached.
 */

import type { AttachedPolicy } from '@stagevault/core/access/decide'
import type { Policy } from '@stagevault/core/access/policy'
import { equalBytes } from '@stagevault/core/bytes'
import { POLICIES_CACHED_MIN } from '@stagevault/core/limits'
import { createRecentMap } from './recent-map.js'

/** What the access records say of a principal. */
export interface PrincipalPolicies {
  readonly isDisabled: boolean
  /** Its own policies, then those of its groups. */
  readonly policies: readonly AttachedPolicy[]
}

export interface PolicyCache {
  /**
   * @param key - of the principal's record
   * @param accessTag - of the access root; `null` if the vault has none
   */
  principal(key: string, accessTag: Uint8Array | null): PrincipalPolicies | null
  putPrincipal(key: string, accessTag: Uint8Array | null, policies: PrincipalPolicies): void
  /** The compiled document of the record at `key` with this tag. */
  document(key: string, tag: Uint8Array): Policy | null
  putDocument(key: string, tag: Uint8Array, policy: Policy): void
  clear(): void
}

interface Tagged<T> {
  readonly tag: Uint8Array | null
  readonly value: T
}

export function createPolicyCache(): PolicyCache {
  const principals = createRecentMap<string, Tagged<PrincipalPolicies>>(POLICIES_CACHED_MIN)
  const documents = createRecentMap<string, Tagged<Policy>>(POLICIES_CACHED_MIN)
  return {
    principal: (key, tag) => valueOf(principals.get(key), tag),
    putPrincipal: (key, tag, value) => {
      principals.set(key, { tag, value })
    },
    document: (key, tag) => valueOf(documents.get(key), tag),
    putDocument: (key, tag, value) => {
      documents.set(key, { tag, value })
    },
    clear: () => {
      principals.clear()
      documents.clear()
    },
  }
}

function valueOf<T>(known: Tagged<T> | undefined, tag: Uint8Array | null): T | null {
  if (known === undefined) return null
  if (tag === null || known.tag === null) return tag === known.tag ? known.value : null
  return equalBytes(known.tag, tag) ? known.value : null
}
