/**
 * The name record: the id of the secret that has a name. It is written with the first head and
 * removed with the last, so that each of the two records shows that the other is missing. Normative
 * description: docs/format/records.md.
 */

import { nameKey } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'

/** @param secretId - 16 bytes */
export function sealName(keys: RecordKeys, secretName: string, secretId: Uint8Array): Uint8Array {
  const writer = beginRecord('name', 53)
  writer.bytes(secretId)
  return sealRecord(keys, nameKey(secretName), writer)
}

/**
 * The id of the secret that has this name, 16 bytes.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openName(keys: RecordKeys, secretName: string, record: Uint8Array): Uint8Array {
  const reader = openRecord(keys, 'name', nameKey(secretName), record)
  const secretId = reader.bytes(16)
  reader.end()
  return secretId
}
