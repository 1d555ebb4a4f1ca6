/**
 * The access records of a vault. The vault root holds the tag of the access root, this the tag of
 * the list, and the list the tags of all access records. So a change of the vault cannot be undone
 * by putting back a record.
 */

import { VaultError } from '@stagevault/core/errors'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { openAccessRecord } from '@stagevault/core/records/access-records'
import type { AccessList, AccessRoot } from '@stagevault/core/records/access-root'
import { openAccessList, openAccessRoot } from '@stagevault/core/records/access-root'
import type { AccessRecordKind } from '@stagevault/core/records/layout'
import { ACCESS_KEY, ACCESS_LIST_KEY, accessRecordKey } from '@stagevault/core/records/layout'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { accessTagOf } from '@stagevault/core/records/vault-root'
import type { StorageKey } from '@stagevault/storage'
import type { Session } from '../session/session.js'
import { openPinned } from './pinned-record.js'

export interface AccessState {
  /** Rises by one with every change of an access record; 0 before the first. */
  readonly generation: number
  readonly list: AccessList
}

/** An access state, and what pins it in the vault root. */
export interface PinnedAccessState extends AccessState {
  /** Tag of the access root; `null` before the first change. */
  readonly tag: Uint8Array | null
}

/** Reads a record of one point in time, or `null` if there is none. */
export type ReadRecord = (key: StorageKey) => Uint8Array | null

/**
 * @param root - of the same point in time; `null` in a vault that is open without a root
 * @throws {@link VaultError} `RECORD_MISSING`, `RECORD_MISMATCH` and other codes of the integrity
 *   group
 */
export function openAccessState(
  session: Pick<Session, 'keys'>,
  root: VaultRoot | null,
  read: ReadRecord,
): PinnedAccessState {
  const accessRoot = openNamedAccessRoot(session, root, read(ACCESS_KEY))
  const tag = root === null ? null : accessTagOf(root)
  return { ...openNamedList(session, accessRoot, read(ACCESS_LIST_KEY)), tag }
}

/** The access root that the vault root names, or `null` if neither exists. */
export function openNamedAccessRoot(
  { keys }: Pick<Session, 'keys'>,
  root: VaultRoot | null,
  record: Uint8Array | null,
): AccessRoot | null {
  const what = 'the access root'
  const open = (bytes: Uint8Array): AccessRoot => openAccessRoot(keys.records, bytes)
  const tag = root === null ? null : accessTagOf(root)
  if (tag !== null) return openPinned(what, tag, record, open)
  if (record === null) return null
  const accessRoot = open(record)
  if (root === null) return accessRoot
  throw new VaultError('RECORD_MISMATCH', `${what} is not one that the vault root names`)
}

/** The list that the access root names; empty if neither exists. */
export function openNamedList(
  { keys }: Pick<Session, 'keys'>,
  accessRoot: AccessRoot | null,
  record: Uint8Array | null,
): AccessState {
  if (accessRoot === null) {
    if (record === null) return { generation: 0, list: new Map() }
    // To ignore the list would enable the users and roles that its records disable.
    throw new VaultError('RECORD_MISSING', 'the access root is missing')
  }
  const { generation, listTag } = accessRoot
  const list = openPinned('the list of access records', listTag, record, (bytes) =>
    openAccessList(keys.records, bytes),
  )
  return { generation, list }
}

/**
 * An access record as the list names it, or `null` if the list has none of this kind and name.
 *
 * @throws {@link VaultError} `RECORD_MISSING`; `RECORD_MISMATCH` for an earlier record, and for one
 *   that the list does not name; other codes of the integrity group
 */
export function openListedRecord(
  { keys }: Pick<Session, 'keys'>,
  { list }: AccessState,
  { kind, name }: { readonly kind: AccessRecordKind; readonly name: string },
  record: Uint8Array | null,
): AccessRecord | null {
  const tag = list.get(accessRecordKey(kind, name))
  const what = `the record of ${kind} ${name}`
  const open = (bytes: Uint8Array): AccessRecord =>
    openAccessRecord(keys.records, kind, name, bytes)
  if (tag !== undefined) return openPinned(what, tag, record, open)
  if (record === null) return null
  open(record)
  throw new VaultError('RECORD_MISMATCH', `${what} is not in the list of access records`)
}
