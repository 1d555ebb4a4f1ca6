/** What changes of users, roles, groups and policies are decided on. */

import { VaultError } from '../errors.js'
import type {
  AccessRecord,
  GroupRecord,
  PolicyRecord,
  RoleRecord,
  UserRecord,
} from '../records/access-records.js'
import type { AccessRecordKind } from '../records/layout.js'
import { encodeText } from '../text.js'

/** A policy without its document, so that the entries of a vault fit in memory. */
export interface PolicyEntry extends Omit<PolicyRecord, 'document'> {
  /** UTF-8 bytes of the document. */
  readonly documentBytes: number
}

/** The entries by kind. */
export interface EntryOf {
  readonly user: UserRecord
  readonly role: RoleRecord
  readonly group: GroupRecord
  readonly policy: PolicyEntry
}

export type AccessEntry = EntryOf[AccessRecordKind]

/** What a policy may be attached to. */
export type PolicyHolder = UserRecord | RoleRecord | GroupRecord

/** The users, roles, groups and policies of a vault. */
export interface AccessEntries {
  /** How many there are of all kinds. */
  readonly size: number
  /** An entry, or `null` if there is none of this kind and name. */
  get<Kind extends AccessRecordKind>(kind: Kind, name: string): EntryOf[Kind] | null
  /** All entries of a kind. */
  ofKind<Kind extends AccessRecordKind>(kind: Kind): Iterable<EntryOf[Kind]>
}

/** The entry of a record. */
export function entryOf(record: AccessRecord): AccessEntry {
  if (record.kind !== 'policy') return record
  const { kind, name, generation, description, document } = record
  const documentBytes = encodeText('policy', document).length
  return { kind, name, generation, description, documentBytes }
}

/** The entries with another state of one of them. */
export function withEntry(entries: AccessEntries, next: AccessEntry): AccessEntries {
  function get<Kind extends AccessRecordKind>(kind: Kind, name: string): EntryOf[Kind] | null {
    const isNext = next.kind === kind && next.name === name
    return isNext ? (next as EntryOf[Kind]) : entries.get(kind, name)
  }
  function* ofKind<Kind extends AccessRecordKind>(kind: Kind): Generator<EntryOf[Kind]> {
    for (const { name } of entries.ofKind(kind)) {
      const entry = get(kind, name)
      if (entry !== null) yield entry
    }
  }
  return { size: entries.size, get, ofKind }
}

/** @throws {@link VaultError} `ENTITY_NOT_FOUND` */
export function requireEntry<Kind extends AccessRecordKind>(
  entries: AccessEntries,
  kind: Kind,
  name: string,
): EntryOf[Kind] {
  const entry = entries.get(kind, name)
  if (entry === null) throw entityNotFound(kind, name)
  return entry
}

export function entityNotFound(kind: AccessRecordKind, name: string): VaultError {
  return new VaultError('ENTITY_NOT_FOUND', `there is no ${kind} ${name}`)
}

/**
 * UTF-8 bytes of the policies that a user or role reaches: those attached to it and to its groups,
 * each counted once.
 */
export function reachedBytes(entries: AccessEntries, principal: UserRecord | RoleRecord): number {
  const names = new Set(principal.policies)
  for (const groupName of principal.kind === 'user' ? principal.groups : []) {
    for (const name of entries.get('group', groupName)?.policies ?? []) names.add(name)
  }
  let bytes = 0
  for (const name of names) bytes += entries.get('policy', name)?.documentBytes ?? 0
  return bytes
}
