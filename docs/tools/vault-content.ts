/** What the records of a story's vault say, for a reader in any language to compare with. */

import { toHex } from '@stagevault/core/bytes'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { openHead } from '@stagevault/core/records/head-record'
import { ROOT_KEY, parseSecretKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { VaultDescriptor } from '@stagevault/core/records/vault-descriptor'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { StoryValues } from './example-story.js'
import type { JsonObject } from './vector-file.js'

export type StoredRecords = ReadonlyMap<string, Uint8Array>

export function recordAt(records: StoredRecords, key: string): Uint8Array {
  const record = records.get(key)
  if (record !== undefined) return record
  throw new Error(`the story left no record at ${key}`)
}

/** Values come from the story and not from the records: that they are the same is to be shown. */
export function contentOf(
  keys: RecordKeys,
  descriptor: VaultDescriptor,
  records: StoredRecords,
  values: StoryValues,
): JsonObject {
  const root = openRoot(keys, recordAt(records, ROOT_KEY))
  const { vaultId, suite, createTime, region, accountId } = descriptor
  return {
    vaultId: toHex(vaultId),
    suite,
    createTime,
    region,
    accountId,
    epoch: root.epoch,
    secretCount: root.secretCount,
    keyringGeneration: root.keyringGeneration,
    keyringTag: toHex(root.keyringTag),
    limits: { ...root.limits },
    secrets: headsOf(keys, records).map((state) => secretOf(state, values)),
  }
}

/** The heads, in order of name. */
export function headsOf(keys: RecordKeys, records: StoredRecords): SecretState[] {
  const heads: SecretState[] = []
  for (const [key, record] of records) {
    const place = parseSecretKey(key)
    if (place?.part === 'head') heads.push(openHead(keys, place.name, record))
  }
  return heads
}

function secretOf(state: SecretState, values: StoryValues): JsonObject {
  return {
    secretName: state.secretName,
    secretId: toHex(state.secretId),
    secretType: state.secretType,
    encryptionKeyId: toHex(state.encryptionKeyId),
    generation: state.generation,
    createTime: state.createTime,
    updateTime: state.updateTime,
    plannedDeleteTime: state.plannedDeleteTime,
    description: state.description,
    extendedConfig: state.extendedConfig,
    tags: state.tags.map(({ tagKey, tagValue }) => ({ tagKey, tagValue })),
    nextNumber: state.nextNumber,
    nextAutoId: state.nextAutoId,
    versions: state.versions.map((version) => versionOf(state, version, values)),
    evicted: Array.from(state.tombstones, ({ versionId }) => versionId),
  }
}

function versionOf(state: SecretState, version: VersionState, values: StoryValues): JsonObject {
  const { number, versionId, createTime, status } = version
  return {
    number,
    versionId,
    createTime,
    status,
    stages: stagesOf(state, number),
    ...(status === 'Destroyed' ? {} : valueOf(values.get(`${state.secretName} ${versionId}`))),
  }
}

/** Text as it is, binary in hexadecimal. */
function valueOf(value: string | Uint8Array | undefined): JsonObject {
  if (value === undefined) throw new Error('the story does not know a value that was stored')
  return typeof value === 'string' ? { text: value } : { binary: toHex(value) }
}
