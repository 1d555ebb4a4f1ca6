/**
 * The small records beside the heads: the vault root, name records and deletion entries.
 * Normative description: docs/format/records.md.
 */

import { VaultError } from '../errors.js'
import { ROOT_KEY, dueKey, nameKey } from './layout.js'
import { SECRET_NAME_CHARS_MAX } from '../limits.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'

/** What holds for the vault as a whole; written where secrets come and go. */
export interface VaultRoot {
  /** 1 in a new vault, one more with every write. */
  readonly generation: number
  /** Secrets in the vault, those scheduled for deletion included. */
  readonly secretCount: number
}

/** The root as it is stored. */
export function sealRoot(keys: RecordKeys, root: VaultRoot): Uint8Array {
  const writer = beginRecord('root')
  writer.u64(root.generation)
  writer.u64(root.secretCount)
  // Sections: 1 is kept for the inventory over all heads, which is not in use yet.
  writer.u16(0)
  return sealRecord(keys, ROOT_KEY, writer)
}

/** @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED` */
export function openRoot(keys: RecordKeys, record: Uint8Array): VaultRoot {
  const reader = openRecord(keys, 'root', ROOT_KEY, record)
  const root: VaultRoot = { generation: reader.u64(), secretCount: reader.u64() }
  if (reader.u16() !== 0) {
    const message = 'the vault root has a section this program does not know'
    throw new VaultError('UNSUPPORTED_FORMAT', message)
  }
  reader.end()
  return root
}

/** The root after `change` secrets were added or, below zero, removed. */
export function countSecrets(root: VaultRoot, change: 1 | -1): VaultRoot {
  const secretCount = Math.max(0, root.secretCount + change)
  return { generation: root.generation + 1, secretCount }
}

/**
 * The record that says that `secretName` is taken by the secret with this id. It is written with
 * the first head and removed with the last: where one of the two is missing, the other tells.
 */
export function sealName(
  keys: RecordKeys,
  secretName: string,
  secretId: Uint8Array,
): Uint8Array {
  const writer = beginRecord('name', 64)
  writer.bytes(secretId)
  return sealRecord(keys, nameKey(secretName), writer)
}

/**
 * The id of the secret that has this name.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openName(keys: RecordKeys, secretName: string, record: Uint8Array): Uint8Array {
  const reader = openRecord(keys, 'name', nameKey(secretName), record)
  const secretId = reader.bytes(16)
  reader.end()
  return secretId
}

/**
 * The entry that lets a deletion fall due without a look at every secret. The head decides; the
 * entry only points at it.
 */
export function sealDue(
  keys: RecordKeys,
  time: number,
  secretId: Uint8Array,
  secretName: string,
): Uint8Array {
  const writer = beginRecord('due', 256)
  writer.shortText(secretName)
  return sealRecord(keys, dueKey(time, secretId), writer)
}

/**
 * The name of the secret whose deletion entry is kept at `storageKey`.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openDue(keys: RecordKeys, storageKey: string, record: Uint8Array): string {
  const reader = openRecord(keys, 'due', storageKey, record)
  const secretName = reader.shortText(SECRET_NAME_CHARS_MAX)
  reader.end()
  return secretName
}
