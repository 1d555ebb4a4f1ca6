import { VaultError } from '@stagevault/core/errors'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { openAccessRecord } from '@stagevault/core/records/access-records'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  ROOT_KEY,
  accessRecordKey,
  parseAccessRecordKey,
} from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { Breather } from '../platform/breather.js'
import type { AccessState } from '../policy/access-state.js'
import { openListedRecord, openNamedAccessRoot, openNamedList } from '../policy/access-state.js'
import { ACCESS_READ_MAX } from '../policy/read-access.js'
import type { Snapshot } from '../records/snapshot.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/**
 * Checks the access root, the list, and every access record that is stored or listed. Each is
 * compared with what pins it in one snapshot, so that changes of other handles are no problems.
 */
export async function checkAccess(
  session: Session,
  findings: Findings,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<void> {
  const known = new Set(findings.accessKeys)
  const unchecked = [...known]
  do {
    signal?.throwIfAborted()
    const keys = unchecked.splice(0, ACCESS_READ_MAX)
    const pins = [ROOT_KEY, ACCESS_KEY, ACCESS_LIST_KEY]
    const snapshot = await readSnapshot(session, [...pins, ...keys])
    const state = checkPins(session, findings, snapshot)
    for (const key of keys) {
      await breather.breathe()
      note(findings, key, () => {
        checkAccessRecord(session, state, key, snapshot.get(key))
      })
    }
    for (const key of state?.list.keys() ?? []) {
      if (known.has(key)) continue
      known.add(key)
      unchecked.push(key)
    }
  } while (unchecked.length > 0)
}

/** What the list names, or `null` if something that pins it is damaged. */
function checkPins(session: Session, findings: Findings, snapshot: Snapshot): AccessState | null {
  const root = session.isUnproved
    ? null
    : note(findings, ROOT_KEY, () => rootIn(session, snapshot).state)
  const opened = note(findings, ACCESS_KEY, () => ({
    accessRoot: openNamedAccessRoot(session, root, snapshot.get(ACCESS_KEY)),
  }))
  if (opened === null) return null
  return note(findings, ACCESS_LIST_KEY, () =>
    openNamedList(session, opened.accessRoot, snapshot.get(ACCESS_LIST_KEY)),
  )
}

function checkAccessRecord(
  session: Session,
  state: AccessState | null,
  key: string,
  bytes: Uint8Array | null,
): void {
  const place = parseAccessRecordKey(key)
  if (place === null) {
    if (bytes === null) return
    throw new VaultError('MALFORMED_RECORD', 'a record exists at a key that no vault uses')
  }
  if (state === null) {
    if (bytes !== null) openAccessRecord(session.keys.records, place.kind, place.name, bytes)
    return
  }
  const record = openListedRecord(session, state, place, bytes)
  if (record !== null) checkReferences(state, record)
}

function checkReferences({ list }: AccessState, record: AccessRecord): void {
  if (record.kind === 'policy') return
  const groups = record.kind === 'user' ? record.groups : []
  const references = [
    ...groups.map((name) => accessRecordKey('group', name)),
    ...record.policies.map((name) => accessRecordKey('policy', name)),
  ]
  if (references.every((key) => list.has(key))) return
  const message = `${record.kind} ${record.name} names a group or policy that does not exist`
  throw new VaultError('RECORD_MISMATCH', message)
}
