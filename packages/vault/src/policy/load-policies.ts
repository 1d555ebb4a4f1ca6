/** Reads and compiles the policies that count for a caller, each with what pins it. */

import type { AttachedPolicy } from '@stagevault/core/access/decide'
import type { Policy } from '@stagevault/core/access/policy'
import { readPolicy } from '@stagevault/core/access/read-policy'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { accessRecordKey, policyKey } from '@stagevault/core/records/layout'
import { isRemoved, policyPinOf } from '@stagevault/core/records/secret-policy'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { PrincipalPolicies } from '../caches/policy-cache.js'
import type { Session } from '../session/session.js'
import type { Caller } from '../session/session.js'
import type { AccessSnapshot } from './read-access.js'
import { readAccess } from './read-access.js'
import { readPolicyFor, readSecretPolicy } from './secret-policy.js'

const NO_POLICIES: PrincipalPolicies = { isDisabled: false, policies: [] }

/** The key under which the policies of a caller are cached. */
export function principalKey({ principal }: Caller): string {
  return accessRecordKey(principal.kind, principal.name)
}

/** Whether the access records of the vault are about a caller: not of a principal elsewhere. */
export function isLocal(session: Session, { principal }: Caller): boolean {
  return principal.accountId === session.scope.accountId
}

/**
 * Reads what the access records say of a caller, in one snapshot, and caches it.
 *
 * Rejects as {@link readAccess}, and with {@link VaultError} `CONFLICT` if the records change
 * faster than they can be read.
 */
export async function loadPrincipal(
  session: Session,
  caller: Caller,
  signal: AbortSignalLike | null,
): Promise<void> {
  const key = principalKey(caller)
  let keys: readonly string[] = [key]
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const snapshot = await readAccess(session, keys, signal)
    const wanted = keysFor(snapshot, key, keys)
    if (wanted === null) {
      session.policies.putPrincipal(key, snapshot.state.tag, policiesIn(session, snapshot, key))
      return
    }
    keys = wanted
  }
  throw new VaultError('CONFLICT', 'access records change faster than they can be read')
}

/** The keys that must be read instead of `keys`, or `null` if all that count were read. */
function keysFor(
  snapshot: AccessSnapshot,
  key: string,
  keys: readonly string[],
): readonly string[] | null {
  const wanted = new Set([key])
  const principal = snapshot.get(key)
  for (const groupKey of groupKeysOf(principal)) wanted.add(groupKey)
  for (const holder of wanted) {
    if (!keys.includes(holder)) continue
    for (const policy of policyKeysOf(snapshot.get(holder))) wanted.add(policy)
  }
  return [...wanted].every((each) => keys.includes(each)) ? null : [...wanted]
}

function groupKeysOf(record: AccessRecord | null): readonly string[] {
  return record?.kind === 'user' ? record.groups.map((name) => accessRecordKey('group', name)) : []
}

function policyKeysOf(record: AccessRecord | null): readonly string[] {
  if (record === null || record.kind === 'policy') return []
  return record.policies.map((name) => accessRecordKey('policy', name))
}

function policiesIn(session: Session, snapshot: AccessSnapshot, key: string): PrincipalPolicies {
  const principal = snapshot.get(key)
  if (principal === null || principal.kind === 'group' || principal.kind === 'policy') {
    return NO_POLICIES
  }
  const policies: AttachedPolicy[] = []
  const attach = (source: 'identity' | 'group', holder: AccessRecord | null): void => {
    for (const policyKeyText of policyKeysOf(holder)) {
      const policy = compiled(session, snapshot, policyKeyText)
      policies.push({ source, ...policy })
    }
  }
  attach('identity', principal)
  for (const groupKey of groupKeysOf(principal)) attach('group', required(snapshot, groupKey))
  return { isDisabled: !principal.isEnabled, policies }
}

function compiled(
  session: Session,
  snapshot: AccessSnapshot,
  key: string,
): { readonly policyName: string; readonly policy: Policy } {
  const record = required(snapshot, key)
  if (record.kind !== 'policy') throw new TypeError('the record is of another kind')
  const tag = snapshot.state.list.get(key)
  const known = tag === undefined ? null : session.policies.document(key, tag)
  const policy = known ?? readPolicy(record.document, { kind: 'identity' })
  if (tag !== undefined) session.policies.putDocument(key, tag, policy)
  return { policyName: record.name, policy }
}

/** A record that another one refers to. Refusing to delete what is referred to keeps it there. */
function required(snapshot: AccessSnapshot, key: string): AccessRecord {
  const record = snapshot.get(key)
  if (record !== null) return record
  throw new VaultError('RECORD_MISSING', 'an access record that another refers to is missing')
}

/** The compiled policy that a head pins: `null` if it has none, `undefined` if it is not cached. */
export function cachedSecretPolicy(
  session: Session,
  state: SecretState,
): Policy | null | undefined {
  const pin = policyPinOf(state)
  if (pin === null || isRemoved(pin)) return null
  return session.policies.document(policyKey(state.secretId, pin.generation), pin.tag) ?? undefined
}

/**
 * Reads the policy of a secret together with the head that pins it, and caches it.
 *
 * Rejects as {@link readSecretPolicy}.
 */
export async function loadSecretPolicy(
  session: Session,
  secretName: string,
  signal: AbortSignalLike | null,
): Promise<void> {
  const found = await readSecretPolicy(session, secretName, signal)
  const { state, pin = null, document = null } = found ?? {}
  if (state === undefined || pin === null || document === null) return
  const policy = readPolicyFor(session.scope, secretName, document)
  session.policies.putDocument(policyKey(state.secretId, pin.generation), pin.tag, policy)
}
