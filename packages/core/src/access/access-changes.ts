/**
 * Changes of users, roles, groups and policies: from the entries of a vault to the records that a
 * change writes and deletes. Repeating a change that was made changes nothing.
 */

import { VaultError } from '../errors.js'
import {
  ACCESS_RECORDS_MAX,
  ATTACHED_POLICIES_MAX,
  DETACHED_RECORDS_MAX,
  REACHED_POLICY_BYTES_MAX,
  USER_GROUPS_MAX,
} from '../limits.js'
import { compareText } from '../names.js'
import type {
  AccessRecord,
  PolicyRecord,
  RoleRecord,
  UserRecord,
} from '../records/access-records.js'
import type { AccessRecordKind } from '../records/layout.js'
import type { AccessEntries, AccessEntry, PolicyHolder } from './access-entries.js'
import { entryOf, reachedBytes, requireEntry, withEntry } from './access-entries.js'

/** The records that a change writes and deletes. */
export interface AccessChange {
  readonly written: readonly AccessRecord[]
  readonly deleted: Pick<AccessRecord, 'kind' | 'name'> | null
}

/** A user, role or group to create. */
export interface NewHolder {
  readonly kind: PolicyHolder['kind']
  readonly name: string
  readonly description: string
}

/**
 * Creates a user, role or group without policies.
 *
 * @throws {@link VaultError} `ENTITY_EXISTS`, `QUOTA_EXCEEDED`
 */
export function createHolder(entries: AccessEntries, added: NewHolder): AccessChange {
  const { kind, name, description } = added
  requireFree(entries, kind, name)
  const base = { name, generation: 1, description, policies: [] }
  switch (kind) {
    case 'user':
      return writing({ kind, ...base, isEnabled: true, groups: [] })
    case 'role':
      return writing({ kind, ...base, isEnabled: true })
    case 'group':
      return writing({ kind, ...base })
  }
}

/**
 * Creates a policy that is attached to nothing.
 *
 * @throws {@link VaultError} `ENTITY_EXISTS`, `QUOTA_EXCEEDED`
 */
export function createPolicy(
  entries: AccessEntries,
  { name, description, document }: Pick<PolicyRecord, 'name' | 'description' | 'document'>,
): AccessChange {
  requireFree(entries, 'policy', name)
  return writing({ kind: 'policy', name, generation: 1, description, document })
}

function requireFree(entries: AccessEntries, kind: AccessRecordKind, name: string): void {
  if (entries.get(kind, name) !== null) {
    throw new VaultError('ENTITY_EXISTS', `${kind} ${name} already exists`)
  }
  if (entries.size < ACCESS_RECORDS_MAX) return
  const most = String(ACCESS_RECORDS_MAX)
  throw quotaExceeded(`the vault has ${most} users, roles, groups and policies already`)
}

/**
 * Replaces the document of a policy.
 *
 * @param before - the stored policy
 * @returns `null` if it has this document already
 * @throws {@link VaultError} `VERSION_CONFLICT`, `QUOTA_EXCEEDED`
 */
export function updatePolicy(
  entries: AccessEntries,
  before: PolicyRecord,
  document: string,
  expectedGeneration: number | null,
): AccessChange | null {
  const { name, generation } = before
  if (expectedGeneration !== null && expectedGeneration !== generation) {
    const message = `policy ${name} has generation ${String(generation)}`
    throw new VaultError('VERSION_CONFLICT', `${message}, not the expected one`)
  }
  if (document === before.document) return null
  const next: PolicyRecord = { ...before, generation: generation + 1, document }
  requireReach(entries, entryOf(next), [...entries.ofKind('user'), ...entries.ofKind('role')])
  return writing(next)
}

/**
 * Deletes a user, role, group or policy, and ends its attachments and memberships.
 *
 * @param detach - whether to delete one that has attachments or memberships
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`; `ENTITY_IN_USE`; `QUOTA_EXCEEDED` if too many
 *   records would change
 */
export function deleteEntity(
  entries: AccessEntries,
  kind: AccessRecordKind,
  name: string,
  detach: boolean,
): AccessChange {
  const entry = requireEntry(entries, kind, name)
  const referrers = referrersOf(entries, entry)
  if (!detach && (referrers.length > 0 || hasReferences(entry))) {
    const message = `${kind} ${name} has attachments or memberships`
    throw new VaultError('ENTITY_IN_USE', `${message}; delete it with detach to end them`)
  }
  if (referrers.length > DETACHED_RECORDS_MAX) {
    const count = `${String(referrers.length)} records refer to ${kind} ${name}`
    throw quotaExceeded(`${count}; detach some first, to ${String(DETACHED_RECORDS_MAX)} at most`)
  }
  const written = referrers.map((each) => withoutReference(each, kind, name))
  return { written, deleted: { kind, name } }
}

function hasReferences(entry: AccessEntry): boolean {
  if (entry.kind === 'policy') return false
  return entry.policies.length > 0 || (entry.kind === 'user' && entry.groups.length > 0)
}

function referrersOf(entries: AccessEntries, { kind, name }: AccessEntry): PolicyHolder[] {
  if (kind === 'group') {
    return [...entries.ofKind('user')].filter(({ groups }) => groups.includes(name))
  }
  if (kind !== 'policy') return []
  const holders = [...entries.ofKind('user'), ...entries.ofKind('role'), ...entries.ofKind('group')]
  return holders.filter(({ policies }) => policies.includes(name))
}

function withoutReference(
  holder: PolicyHolder,
  kind: AccessRecordKind,
  name: string,
): PolicyHolder {
  const generation = holder.generation + 1
  if (kind === 'group' && holder.kind === 'user') {
    return { ...holder, generation, groups: without(holder.groups, name) }
  }
  return { ...holder, generation, policies: without(holder.policies, name) }
}

/**
 * Enables or disables a user or role.
 *
 * @returns `null` if that is what it is already
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`
 */
export function setEnabled(
  entries: AccessEntries,
  kind: 'user' | 'role',
  name: string,
  isEnabled: boolean,
): AccessChange | null {
  const before: UserRecord | RoleRecord = requireEntry(entries, kind, name)
  if (before.isEnabled === isEnabled) return null
  return writing({ ...before, generation: before.generation + 1, isEnabled })
}

/**
 * Adds a user to a group.
 *
 * @returns `null` if the user is in it already
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`, `QUOTA_EXCEEDED`
 */
export function addToGroup(
  entries: AccessEntries,
  userName: string,
  groupName: string,
): AccessChange | null {
  const before = requireEntry(entries, 'user', userName)
  requireEntry(entries, 'group', groupName)
  if (before.groups.includes(groupName)) return null
  if (before.groups.length >= USER_GROUPS_MAX) {
    throw quotaExceeded(`user ${userName} has ${String(USER_GROUPS_MAX)} groups already`)
  }
  const groups = withName(before.groups, groupName)
  const next = { ...before, generation: before.generation + 1, groups }
  requireReach(entries, next, [next])
  return writing(next)
}

/**
 * Removes a user from a group.
 *
 * @returns `null` if the user is not in it
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`
 */
export function removeFromGroup(
  entries: AccessEntries,
  userName: string,
  groupName: string,
): AccessChange | null {
  const before = requireEntry(entries, 'user', userName)
  requireEntry(entries, 'group', groupName)
  if (!before.groups.includes(groupName)) return null
  return writing(withoutReference(before, 'group', groupName))
}

/**
 * Attaches a policy to a user, role or group.
 *
 * @returns `null` if it is attached already
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`, `QUOTA_EXCEEDED`
 */
export function attachPolicy(
  entries: AccessEntries,
  policyName: string,
  { kind, name }: Pick<PolicyHolder, 'kind' | 'name'>,
): AccessChange | null {
  requireEntry(entries, 'policy', policyName)
  const before: PolicyHolder = requireEntry(entries, kind, name)
  if (before.policies.includes(policyName)) return null
  if (before.policies.length >= ATTACHED_POLICIES_MAX) {
    throw quotaExceeded(`${kind} ${name} has ${String(ATTACHED_POLICIES_MAX)} policies already`)
  }
  const policies = withName(before.policies, policyName)
  const next: PolicyHolder = { ...before, generation: before.generation + 1, policies }
  requireReach(entries, next, next.kind === 'group' ? membersOf(entries, name) : [next])
  return writing(next)
}

/**
 * Detaches a policy from a user, role or group.
 *
 * @returns `null` if it is not attached
 * @throws {@link VaultError} `ENTITY_NOT_FOUND`
 */
export function detachPolicy(
  entries: AccessEntries,
  policyName: string,
  { kind, name }: Pick<PolicyHolder, 'kind' | 'name'>,
): AccessChange | null {
  requireEntry(entries, 'policy', policyName)
  const before: PolicyHolder = requireEntry(entries, kind, name)
  if (!before.policies.includes(policyName)) return null
  return writing(withoutReference(before, 'policy', policyName))
}

function membersOf(entries: AccessEntries, groupName: string): UserRecord[] {
  return [...entries.ofKind('user')].filter(({ groups }) => groups.includes(groupName))
}

/**
 * Bounds what a decision reads. A change that does not increase the bytes is never refused, so that
 * a lower limit blocks no detaching.
 */
function requireReach(
  entries: AccessEntries,
  next: AccessEntry,
  principals: readonly (UserRecord | RoleRecord)[],
): void {
  const after = withEntry(entries, next)
  for (const { kind, name } of principals) {
    const bytes = reachedBytes(after, requireEntry(after, kind, name))
    if (bytes <= REACHED_POLICY_BYTES_MAX) continue
    if (bytes <= reachedBytes(entries, requireEntry(entries, kind, name))) continue
    const most = String(REACHED_POLICY_BYTES_MAX)
    throw quotaExceeded(`${kind} ${name} would reach more than ${most} bytes of policies`)
  }
}

function withName(names: readonly string[], name: string): readonly string[] {
  return [...names, name].sort(compareText)
}

function without(names: readonly string[], name: string): readonly string[] {
  return names.filter((each) => each !== name)
}

function writing(record: AccessRecord): AccessChange {
  return { written: [record], deleted: null }
}

function quotaExceeded(message: string): VaultError {
  return new VaultError('QUOTA_EXCEEDED', message)
}
