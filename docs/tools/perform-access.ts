/** Reads the access records and policies of a vault by docs/format/storage-layout.md. */

import { equalBytes, toHex } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { expandKey } from '@stagevault/core/crypto/key-wrapping'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import { openAccessRecord } from '@stagevault/core/records/access-records'
import { openAccessList, openAccessRoot } from '@stagevault/core/records/access-root'
import {
  ACCESS_KEY,
  ACCESS_KEYS,
  ACCESS_LIST_KEY,
  DESCRIPTOR_KEY,
  EVERY_KEY,
  POLICY_KEYS,
  ROOT_KEY,
  parseAccessRecordKey,
  policyKey,
} from '@stagevault/core/records/layout'
import type { KeyRange } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { recordTag } from '@stagevault/core/records/record-frame'
import { isRemoved, openSecretPolicy, policyPinOf } from '@stagevault/core/records/secret-policy'
import { parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { accessTagOf, openRoot } from '@stagevault/core/records/vault-root'
import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import { rootKeyOf } from './example-story.js'
import { accessFields } from './perform-access-records.js'
import type { StoredRecords } from './vault-content.js'
import { headsOf } from './vault-content.js'
import type { JsonObject } from './vector-file.js'

/** What the records of a store say. */
export async function performReadAccess(
  primitives: Primitives,
  storage: StorageAdapter,
): Promise<JsonObject> {
  const records = new Map<string, Uint8Array>()
  for await (const { key, value } of scanAll(storage, EVERY_KEY)) records.set(key, value)
  const { vaultId } = parseDescriptor(primitives, required(records, DESCRIPTOR_KEY))
  const rootKey = await rootKeyOf(storage, vaultId)
  const macKey = expandKey(primitives, rootKey, subkeyContext(vaultId, 'record mac'))
  const keys = { primitives, vaultId, macKey }
  return { access: readAccess(keys, records), policies: readPolicies(keys, records) }
}

function required(records: StoredRecords, key: string): Uint8Array {
  const record = records.get(key)
  if (record !== undefined) return record
  throw new VaultError('RECORD_MISSING', `${key} is missing`)
}

/** The content of a record, after its MAC and then its tag were found right. */
function pinned<T>(
  records: StoredRecords,
  key: string,
  tag: Uint8Array,
  open: (record: Uint8Array) => T,
): T {
  const record = required(records, key)
  const content = open(record)
  if (equalBytes(recordTag(record), tag)) return content
  throw new VaultError('RECORD_MISMATCH', `${key} is not the record that is pinned`)
}

function requireNamed(records: StoredRecords, range: KeyRange, named: ReadonlySet<string>): void {
  for (const key of records.keys()) {
    if (key < range.start || key >= range.end || named.has(key)) continue
    throw new VaultError('RECORD_MISMATCH', `no record names ${key}`)
  }
}

/** LAY-22 and LAY-23. */
function readAccess(keys: RecordKeys, records: StoredRecords): JsonObject | null {
  const tag = accessTagOf(openRoot(keys, required(records, ROOT_KEY)))
  if (tag === null) {
    requireNamed(records, ACCESS_KEYS, new Set())
    if (!records.has(ACCESS_KEY)) return null
    throw new VaultError('RECORD_MISMATCH', 'the root pins no access root')
  }
  const root = pinned(records, ACCESS_KEY, tag, (record) => openAccessRoot(keys, record))
  const list = pinned(records, ACCESS_LIST_KEY, root.listTag, (record) =>
    openAccessList(keys, record),
  )
  const found = [...list].map(([key, recordTagOf]) => {
    const place = parseAccessRecordKey(key)
    if (place === null) throw new TypeError('a list with a foreign key was read')
    const record = pinned(records, key, recordTagOf, (bytes) =>
      openAccessRecord(keys, place.kind, place.name, bytes),
    )
    return { name: place.name, ...accessFields(record) }
  })
  requireNamed(records, ACCESS_KEYS, new Set([ACCESS_LIST_KEY, ...list.keys()]))
  return { generation: root.generation, records: found }
}

/** LAY-24, for every secret that has or had a policy. */
function readPolicies(keys: RecordKeys, records: StoredRecords): JsonObject[] {
  const named = new Set<string>()
  const found = headsOf(keys, records).flatMap((head): JsonObject[] => {
    const pin = policyPinOf(head)
    if (pin === null) return []
    const { secretId, secretName } = head
    const { generation, tag } = pin
    if (isRemoved(pin)) return [{ secretName, generation, document: null }]
    const key = policyKey(secretId, generation)
    named.add(key)
    const document = pinned(records, key, tag, (record) =>
      openSecretPolicy(keys, secretId, generation, record),
    )
    return [{ secretName, secretId: toHex(secretId), generation, document }]
  })
  requireNamed(records, POLICY_KEYS, named)
  return found
}
