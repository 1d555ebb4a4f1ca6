/** Encodes and decodes the head of a secret. Normative description: docs/format/records.md. */

import type { ByteReader, ByteWriter } from '../bytes.js'
import { isZero } from '../bytes.js'
import { VaultError } from '../errors.js'
import { headKey } from './layout.js'
import {
  DESCRIPTION_CHARS_MAX,
  EXTENDED_CONFIG_CHARS_MAX,
  SECRET_NAME_CHARS_MAX,
  STAGE_LABEL_CHARS_MAX,
  TAGS_MAX,
  TAG_CHARS_MAX,
  TOMBSTONES_MAX,
  VERSION_ID_CHARS_MAX,
} from '../limits.js'
import { SECRET_TYPES } from '../names.js'
import { DIGEST_BYTES } from '../crypto/primitives.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'
import { POLICY_SECTION, policyPinOf } from './secret-policy.js'
import {
  lengthOfSections,
  readSections,
  requireReadable,
  requireRewritable,
  writeSections,
} from './sections.js'
import type {
  SecretState,
  StagePointer,
  Tag,
  VersionState,
  VersionStatus,
} from '../model/secret-state.js'
import { checkInvariants } from '../model/secret-state.js'
import { Tombstones } from '../model/tombstones.js'
import { VALUE_DIGEST_BYTES } from '../model/value.js'

/** In the order of their numbers; append only. */
const STATUSES: readonly VersionStatus[] = ['Enabled', 'Disabled', 'Destroyed']

/** Sections that this release supports. Reserved numbers: 1 rotation, 3 audit chain. */
const KNOWN_SECTIONS: readonly number[] = [POLICY_SECTION]

/** The most UTF-8 bytes of a UTF-16 unit. */
const UTF8_FACTOR = 3

/** Bytes of a head without texts and rows, and of the rows without their texts. */
const FIXED_BYTES = 164
const TAG_BYTES = 2
const VERSION_BYTES = 62
const STAGE_BYTES = 5

/**
 * The head as it is stored. Its invariants are checked first.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` if `state` breaks a rule: an internal error,
 *   detected before anything is written
 */
export function sealHead(keys: RecordKeys, state: SecretState): Uint8Array {
  checkInvariants(state)
  checkRecordHashes(state)
  policyPinOf(state)
  const writer = beginRecord('head', lengthOf(state))
  writer.u64(state.generation)
  writer.bytes(state.previousHeadHash)
  writer.bytes(state.secretId)
  writer.shortText(state.secretName)
  writer.u8(SECRET_TYPES.indexOf(state.secretType))
  writer.bytes(state.encryptionKeyId)
  writer.u64(state.createTime)
  writer.u64(state.updateTime)
  writer.u64(state.plannedDeleteTime ?? 0)
  writer.longText(state.description)
  writer.longText(state.extendedConfig)
  writer.u8(state.tags.length)
  for (const tag of state.tags) {
    writer.shortText(tag.tagKey)
    writer.shortText(tag.tagValue)
  }
  writer.u32(state.nextNumber)
  writer.u64(state.nextAutoId)
  writeVersions(writer, state)
  writeSections(writer, state.sections)
  return sealRecord(keys, headKey(state.secretName), writer)
}

/** The maximum length of the record of `state`, in bytes. */
export function headBytesMax(state: SecretState): number {
  const { description, extendedConfig } = state
  return lengthOf(state) + (UTF8_FACTOR - 1) * (description.length + extendedConfig.length)
}

/** The length of the record; too small if a text is not ASCII. */
function lengthOf(state: SecretState): number {
  const { secretName, description, extendedConfig } = state
  let bytes = FIXED_BYTES + secretName.length + description.length + extendedConfig.length
  for (const tag of state.tags) bytes += TAG_BYTES + tag.tagKey.length + tag.tagValue.length
  for (const version of state.versions) bytes += VERSION_BYTES + version.versionId.length
  for (const pointer of state.stages) bytes += STAGE_BYTES + pointer.stage.length
  return bytes + state.tombstones.rows.length + lengthOfSections(state.sections)
}

/** A version has a hash exactly as long as it has a record. */
function checkRecordHashes(state: SecretState): void {
  const isRight = state.versions.every(
    ({ status, recordHash }) => (status === 'Destroyed') === isZero(recordHash),
  )
  if (isRight) return
  const message = 'a version with a record lacks its hash, or a destroyed version has one'
  throw new VaultError('MALFORMED_RECORD', message)
}

function writeVersions(writer: ByteWriter, state: SecretState): void {
  writer.u16(state.versions.length)
  for (const version of state.versions) {
    writer.u32(version.number)
    writer.shortText(version.versionId)
    writer.u64(version.createTime)
    writer.u8(STATUSES.indexOf(version.status))
    writer.bytes(version.valueDigest)
    writer.bytes(version.recordHash)
  }
  writer.u16(state.stages.length)
  for (const pointer of state.stages) {
    writer.shortText(pointer.stage)
    writer.u32(pointer.number)
  }
  writer.u16(state.tombstones.length)
  writer.bytes(state.tombstones.rows)
}

/**
 * The state in the head that is stored for `secretName`, authenticated and checked. Its digests,
 * hashes and ids are views of `record`, which must not change.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`;
 *   `RECORD_MISMATCH` if it is the head of another secret
 */
export function openHead(keys: RecordKeys, secretName: string, record: Uint8Array): SecretState {
  const reader = openRecord(keys, 'head', headKey(secretName), record)
  const state = readHead(reader, secretName)
  if (state.secretName !== secretName) {
    const message = `the head at ${secretName} belongs to another secret`
    throw new VaultError('RECORD_MISMATCH', message)
  }
  requireReadable(ownerOf(secretName), state.sections, KNOWN_SECTIONS)
  checkInvariants(state)
  checkRecordHashes(state)
  // A section that does not parse must not be taken for no policy.
  policyPinOf(state)
  return state
}

/**
 * Refuses to rewrite a head with an unsupported section, because the new head could contradict the
 * section.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT`
 */
export function requireRewritableHead({ secretName, sections }: SecretState): void {
  requireRewritable(ownerOf(secretName), sections, KNOWN_SECTIONS)
}

function ownerOf(secretName: string): string {
  return `secret ${secretName}`
}

function readHead(reader: ByteReader, secretName: string): SecretState {
  const state: SecretState = {
    generation: reader.u64(),
    previousHeadHash: reader.window(DIGEST_BYTES),
    secretId: reader.window(16),
    secretName: reader.shortText(SECRET_NAME_CHARS_MAX),
    secretType: pick('secret type', SECRET_TYPES, reader.u8()),
    encryptionKeyId: reader.window(16),
    createTime: reader.u64(),
    updateTime: reader.u64(),
    plannedDeleteTime: reader.u64() || null,
    description: reader.longText(DESCRIPTION_CHARS_MAX * UTF8_FACTOR),
    extendedConfig: reader.longText(EXTENDED_CONFIG_CHARS_MAX * UTF8_FACTOR),
    tags: list(reader, reader.bounded(reader.u8(), TAGS_MAX), readTag),
    nextNumber: reader.u32(),
    nextAutoId: reader.u64(),
    versions: list(reader, reader.u16(), readVersion),
    stages: list(reader, reader.u16(), readStage),
    tombstones: readTombstones(reader),
    sections: readSections(reader, ownerOf(secretName)),
  }
  reader.end()
  return state
}

function readTag(reader: ByteReader): Tag {
  return { tagKey: reader.shortText(TAG_CHARS_MAX), tagValue: reader.shortText(TAG_CHARS_MAX) }
}

function readVersion(reader: ByteReader): VersionState {
  return {
    number: reader.u32(),
    versionId: reader.shortText(VERSION_ID_CHARS_MAX),
    createTime: reader.u64(),
    status: pick('version status', STATUSES, reader.u8()),
    valueDigest: reader.window(VALUE_DIGEST_BYTES),
    recordHash: reader.window(DIGEST_BYTES),
  }
}

function readStage(reader: ByteReader): StagePointer {
  return { stage: reader.shortText(STAGE_LABEL_CHARS_MAX), number: reader.u32() }
}

function readTombstones(reader: ByteReader): Tombstones {
  const count = reader.bounded(reader.u16(), TOMBSTONES_MAX)
  const rows = reader.span(() => {
    for (let i = 0; i < count; i++) {
      reader.skipShortText(VERSION_ID_CHARS_MAX)
      reader.window(VALUE_DIGEST_BYTES)
    }
  })
  return new Tombstones(rows, count)
}

function list<T>(reader: ByteReader, count: number, read: (reader: ByteReader) => T): T[] {
  const items: T[] = []
  for (let i = 0; i < count; i++) items.push(read(reader))
  return items
}

function pick<T>(what: string, table: readonly T[], index: number): T {
  const value = table[index]
  if (value !== undefined) return value
  throw new VaultError('UNSUPPORTED_FORMAT', `a head has an unsupported ${what}`)
}
