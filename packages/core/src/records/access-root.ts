/**
 * What pins the access records: the vault root holds the tag of the access root, this the tag of
 * the list, and the list the tag of every access record. An earlier access record that was put back
 * has another tag, so that an attacker who can write the store cannot undo a revoke. Normative
 * description: docs/format/records.md.
 */

import { VaultError } from '../errors.js'
import { ACCESS_NAME_CHARS_MAX, ACCESS_RECORDS_MAX } from '../limits.js'
import { compareText } from '../names.js'
import { ACCESS_KEY, ACCESS_LIST_KEY, parseAccessRecordKey } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { RECORD_TAG_BYTES, beginRecord, openRecord, sealRecord } from './record-frame.js'

export interface AccessRoot {
  /** 1 after the first change of an access record, one more with every later change. */
  readonly generation: number
  /** Tag of the list, 16 bytes. */
  readonly listTag: Uint8Array
}

/** The tags of all access records, by storage key, in the order of the keys. */
export type AccessList = ReadonlyMap<string, Uint8Array>

/** `access!policy!` and a name. */
const KEY_CHARS_MAX = 14 + ACCESS_NAME_CHARS_MAX
/** Bytes of a list without rows, and the most bytes of a row: key with its length, and tag. */
const LIST_FIXED_BYTES = 39
const LIST_ROW_BYTES_MAX = 1 + KEY_CHARS_MAX + RECORD_TAG_BYTES

/** @throws {@link VaultError} `MALFORMED_RECORD` for generation 0: an internal error */
export function sealAccessRoot(keys: RecordKeys, root: AccessRoot): Uint8Array {
  checkAccessRoot(root)
  const writer = beginRecord('accessRoot', 64)
  writer.u64(root.generation)
  writer.bytes(root.listTag)
  return sealRecord(keys, ACCESS_KEY, writer)
}

/** @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED` */
export function openAccessRoot(keys: RecordKeys, record: Uint8Array): AccessRoot {
  const reader = openRecord(keys, 'accessRoot', ACCESS_KEY, record)
  const root = { generation: reader.u64(), listTag: reader.bytes(RECORD_TAG_BYTES) }
  reader.end()
  checkAccessRoot(root)
  return root
}

/** Generation 0 marks a handle that has seen no access root yet, so no access root may have it. */
function checkAccessRoot({ generation }: AccessRoot): void {
  if (generation > 0) return
  throw new VaultError('MALFORMED_RECORD', 'the access root has generation 0')
}

/**
 * The list as it is stored, in the order of the keys.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` for a list that could not be read again: an
 *   internal error, detected before anything is written
 */
export function sealAccessList(keys: RecordKeys, list: AccessList): Uint8Array {
  if (list.size > ACCESS_RECORDS_MAX) throw malformedList('has too many rows')
  const writer = beginRecord('accessList', LIST_FIXED_BYTES + list.size * LIST_ROW_BYTES_MAX)
  writer.u16(list.size)
  for (const [key, tag] of [...list].sort(([a], [b]) => compareText(a, b))) {
    requireAccessRecordKey(key)
    if (tag.length !== RECORD_TAG_BYTES) throw malformedList('has a tag of another length')
    writer.shortText(key)
    writer.bytes(tag)
  }
  return sealRecord(keys, ACCESS_LIST_KEY, writer)
}

/** @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED` */
export function openAccessList(keys: RecordKeys, record: Uint8Array): AccessList {
  const reader = openRecord(keys, 'accessList', ACCESS_LIST_KEY, record)
  const list = new Map<string, Uint8Array>()
  const count = reader.bounded(reader.u16(), ACCESS_RECORDS_MAX)
  let last = ''
  for (let i = 0; i < count; i++) {
    const key = reader.shortText(KEY_CHARS_MAX)
    requireAccessRecordKey(key)
    if (compareText(last, key) >= 0) throw malformedList('has unsorted keys')
    last = key
    list.set(key, reader.bytes(RECORD_TAG_BYTES))
  }
  reader.end()
  return list
}

function requireAccessRecordKey(key: string): void {
  if (parseAccessRecordKey(key) === null) throw malformedList('names a key of no access record')
}

function malformedList(problem: string): VaultError {
  return new VaultError('MALFORMED_RECORD', `the list of access records ${problem}`)
}
