/**
 * What pins the access records: the vault root holds the tag of the access root, this the tag of
 * the list, and the list the tag of every access record. An earlier access record that was put back
 * has another tag, so that nobody who can write the store can undo a revoke. Normative description:
 * docs/format/records.md.
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

export function sealAccessRoot(keys: RecordKeys, root: AccessRoot): Uint8Array {
  const writer = beginRecord('access', 64)
  writer.u64(root.generation)
  writer.bytes(root.listTag)
  return sealRecord(keys, ACCESS_KEY, writer)
}

/** @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED` */
export function openAccessRoot(keys: RecordKeys, record: Uint8Array): AccessRoot {
  const reader = openRecord(keys, 'access', ACCESS_KEY, record)
  const root = { generation: reader.u64(), listTag: reader.bytes(RECORD_TAG_BYTES) }
  reader.end()
  return root
}

export function sealAccessList(keys: RecordKeys, list: AccessList): Uint8Array {
  const writer = beginRecord('accessList')
  writer.u16(list.size)
  for (const key of [...list.keys()].sort(compareText)) {
    writer.shortText(key)
    writer.bytes(list.get(key) ?? new Uint8Array(RECORD_TAG_BYTES))
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
    if (parseAccessRecordKey(key) === null || compareText(last, key) >= 0) {
      const message = 'the list of access records names keys that are unsorted or of other records'
      throw new VaultError('MALFORMED_RECORD', message)
    }
    last = key
    list.set(key, reader.bytes(RECORD_TAG_BYTES))
  }
  reader.end()
  return list
}
