/**
 * Deletion entries, stored by date, so that due deletions are found without reading every secret.
 * The head decides; an entry only points to it. Normative description: docs/format/records.md.
 */

import { DELETION_LOOK_MS_MIN, SECRET_NAME_CHARS_MAX } from '../limits.js'
import { deletionKey } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'

export interface DeletionEntry {
  readonly secretName: string
  /** When a sweep first found the secret due, in milliseconds since 1970; 0 if none has. */
  readonly lookTime: number
}

/** @param time - the date of the deletion, in milliseconds since 1970 */
export function sealDeletionEntry(
  keys: RecordKeys,
  time: number,
  secretId: Uint8Array,
  entry: DeletionEntry,
): Uint8Array {
  const writer = beginRecord('due', 256)
  writer.shortText(entry.secretName)
  writer.u64(entry.lookTime)
  return sealRecord(keys, deletionKey(time, secretId), writer)
}

/**
 * The deletion entry stored at `storageKey`.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openDeletionEntry(
  keys: RecordKeys,
  storageKey: string,
  record: Uint8Array,
): DeletionEntry {
  const reader = openRecord(keys, 'due', storageKey, record)
  const entry = { secretName: reader.shortText(SECRET_NAME_CHARS_MAX), lookTime: reader.u64() }
  reader.end()
  return entry
}

/**
 * The next step of a sweep that finds an entry due. Two sweeps, at least a minute apart, must find
 * it, so that one wrong clock reading deletes nothing. A recorded time in the future is such a
 * reading and is replaced by the current time.
 */
export function nextDeletionStep(lookTime: number, now: number): 'look' | 'wait' | 'delete' {
  if (lookTime === 0 || lookTime > now) return 'look'
  return now - lookTime >= DELETION_LOOK_MS_MIN ? 'delete' : 'wait'
}
