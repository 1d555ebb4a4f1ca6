/** What `records.json` asks of access records, and of the policies of secrets. */

import { toHex } from '@stagevault/core/bytes'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { openAccessRecord } from '@stagevault/core/records/access-records'
import { openAccessList, openAccessRoot } from '@stagevault/core/records/access-root'
import { parseAccessRecordKey } from '@stagevault/core/records/layout'
import { openSecretPolicy } from '@stagevault/core/records/secret-policy'
import { bytesOf, numberOf, textOf } from './case-input.js'
import { recordKeysOf } from './perform-records.js'
import type { JsonObject } from './vector-file.js'

/** In the order of their numbers: see docs/format/records.md. */
const KINDS: readonly AccessRecord['kind'][] = ['user', 'role', 'group', 'policy']

export function performOpenAccessRoot(primitives: Primitives, input: JsonObject): JsonObject {
  const keys = recordKeysOf(primitives, input)
  const { generation, listTag } = openAccessRoot(keys, bytesOf(input, 'record'))
  return { generation, listTag: toHex(listTag) }
}

export function performOpenAccessList(primitives: Primitives, input: JsonObject): JsonObject {
  const list = openAccessList(recordKeysOf(primitives, input), bytesOf(input, 'record'))
  return { records: [...list].map(([key, tag]) => ({ key, tag: toHex(tag) })) }
}

export function performOpenAccessRecord(primitives: Primitives, input: JsonObject): JsonObject {
  const place = parseAccessRecordKey(textOf(input, 'storageKey'))
  if (place === null) throw new TypeError('a vector needs the key of an access record')
  const keys = recordKeysOf(primitives, input)
  const record = openAccessRecord(keys, place.kind, place.name, bytesOf(input, 'record'))
  return accessFields(record)
}

/** The fields of an access record under the names of docs/format/records.md. */
export function accessFields(record: AccessRecord): JsonObject {
  const { kind, generation, description } = record
  return {
    kind: KINDS.indexOf(kind) + 1,
    generation,
    description,
    ...('isEnabled' in record ? { enabled: Number(record.isEnabled) } : {}),
    ...('groups' in record ? { groups: record.groups } : {}),
    ...('policies' in record ? { policies: record.policies } : {}),
    ...('document' in record ? { document: record.document } : {}),
  }
}

export function performOpenSecretPolicy(primitives: Primitives, input: JsonObject): JsonObject {
  const keys = recordKeysOf(primitives, input)
  const [secretId, generation] = [bytesOf(input, 'secretId'), numberOf(input, 'generation')]
  return { document: openSecretPolicy(keys, secretId, generation, bytesOf(input, 'record')) }
}
