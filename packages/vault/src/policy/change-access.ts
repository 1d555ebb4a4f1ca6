/** Changes of access records, as changes that the committer runs. */

import type { AccessChange } from '@stagevault/core/access/access-changes'
import type { AccessEntries, EntryOf } from '@stagevault/core/access/access-entries'
import { entryOf } from '@stagevault/core/access/access-entries'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { sealAccessRecord } from '@stagevault/core/records/access-records'
import { sealAccessList, sealAccessRoot } from '@stagevault/core/records/access-root'
import type { AccessRecordKind } from '@stagevault/core/records/layout'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  accessRecordKey,
  parseAccessRecordKey,
} from '@stagevault/core/records/layout'
import { recordTag } from '@stagevault/core/records/record-frame'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { Mutation, StorageKey } from '@stagevault/storage'
import type { Change, Plan, View } from '../commit/change.js'
import { unchanged } from '../commit/change.js'
import type { Session } from '../session/session.js'
import type { AccessState } from './access-state.js'
import { openAccessState, openListedRecord } from './access-state.js'
import { areEntriesLoaded, loadEntries } from './read-access.js'

/** What a change of access records is decided on. */
export interface AccessView extends AccessEntries {
  /** The record of a target of the change, with its document if it is a policy. */
  target(kind: AccessRecordKind, name: string): AccessRecord | null
}

/** A change of users, roles, groups or policies. */
export interface AccessRequest<T> {
  /** The records that the request names. Every attempt reads them, and a guard compares them. */
  readonly targets: readonly Pick<AccessRecord, 'kind' | 'name'>[]
  /**
   * Whether the decision depends on records that the request does not name, such as the members of
   * a group. They are read before the change is planned. No guard compares them: the list, which a
   * guard compares, names each by its tag.
   */
  readonly needsAll: boolean
  readonly signal: AbortSignalLike | null
  /** @returns `null` to change nothing */
  decide(view: AccessView): AccessChange | null
  /** @param change - what `decide` returned */
  resultOf(change: AccessChange | null, view: AccessView): T
}

export function accessChange<T>(session: Session, request: AccessRequest<T>): Change<T> {
  const targets = request.targets.map(({ kind, name }) => accessRecordKey(kind, name))
  return {
    secretNames: [],
    keys: [ACCESS_KEY, ACCESS_LIST_KEY, ...targets],
    signal: request.signal,
    plan: (view) => {
      const state = openAccessState(session, view.root, (key) => view.record(key))
      if (request.needsAll && !areEntriesLoaded(session, state)) return 'prepare'
      const entries = accessView(session, view, state, targets)
      const change = request.decide(entries)
      const result = request.resultOf(change, entries)
      return change === null ? unchanged(result) : planAccess(session, state, change, result)
    },
    prepare: () => loadEntries(session),
  }
}

function accessView(
  session: Session,
  view: View,
  state: AccessState,
  targets: readonly StorageKey[],
): AccessView {
  const { list } = state
  function target(kind: AccessRecordKind, name: string): AccessRecord | null {
    const record = view.record(accessRecordKey(kind, name))
    return openListedRecord(session, state, { kind, name }, record)
  }
  function get<Kind extends AccessRecordKind>(kind: Kind, name: string): EntryOf[Kind] | null {
    const key = accessRecordKey(kind, name)
    if (targets.includes(key)) {
      const record = target(kind, name)
      return record === null ? null : (entryOf(record) as EntryOf[Kind])
    }
    const tag = list.get(key)
    if (tag === undefined) return null
    const entry = session.access.entry(key, tag)
    if (entry === null) throw new TypeError(`a change did not name the record ${key}`)
    return entry as EntryOf[Kind]
  }
  function* ofKind<Kind extends AccessRecordKind>(kind: Kind): Generator<EntryOf[Kind]> {
    for (const key of list.keys()) {
      const place = parseAccessRecordKey(key)
      const entry = place?.kind === kind ? get(kind, place.name) : null
      if (entry !== null) yield entry
    }
  }
  return { size: list.size, get, ofKind, target }
}

/** Seals the records that change, then what pins them: the list, and the access root. */
function planAccess<T>(
  session: Session,
  { generation, list }: AccessState,
  { written, deleted }: AccessChange,
  result: T,
): Plan<T> {
  const keys = session.keys.records
  const records: Mutation[] = []
  const nextList = new Map(list)
  for (const record of written) {
    const key = accessRecordKey(record.kind, record.name)
    const value = sealAccessRecord(keys, record)
    const tag = recordTag(value)
    // A later change of the round is decided on this record, which is not stored yet.
    session.access.putEntry(key, tag, entryOf(record))
    nextList.set(key, tag)
    records.push({ key, value })
  }
  if (deleted !== null) {
    const key = accessRecordKey(deleted.kind, deleted.name)
    nextList.delete(key)
    records.push({ key, value: null })
  }
  const listRecord = sealAccessList(keys, nextList)
  const listTag = recordTag(listRecord)
  const accessRoot = sealAccessRoot(keys, { generation: generation + 1, listTag })
  records.push({ key: ACCESS_LIST_KEY, value: listRecord }, { key: ACCESS_KEY, value: accessRoot })
  return { ...unchanged(result), records, rootChange: { accessTag: recordTag(accessRoot) } }
}
