/**
 * Access records: the users, roles, groups and named policies of a vault. Normative description:
 * docs/format/records.md.
 */

import type { ByteReader, ByteWriter } from '../bytes.js'
import { VaultError } from '../errors.js'
import {
  ACCESS_DESCRIPTION_CHARS_MAX,
  ACCESS_NAME_CHARS_MAX,
  ATTACHED_POLICIES_MAX,
  POLICY_BYTES_MAX,
  USER_GROUPS_MAX,
} from '../limits.js'
import { compareText, isAccessName } from '../names.js'
import type { AccessRecordKind } from './layout.js'
import { accessRecordKey } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'

interface AccessRecordBase {
  /** 1 to 64 of `A-Z a-z 0-9 _ . @ -`. */
  readonly name: string
  /** 1 in a new record, one more with every write. */
  readonly generation: number
  readonly description: string
}

/** What a user, role or group has: the names of attached policies, ascending. */
interface WithPolicies {
  readonly policies: readonly string[]
}

export interface UserRecord extends AccessRecordBase, WithPolicies {
  readonly kind: 'user'
  /** A disabled user is denied everything. */
  readonly isEnabled: boolean
  /** Names of groups, ascending. */
  readonly groups: readonly string[]
}

export interface RoleRecord extends AccessRecordBase, WithPolicies {
  readonly kind: 'role'
  readonly isEnabled: boolean
}

export interface GroupRecord extends AccessRecordBase, WithPolicies {
  readonly kind: 'group'
}

export interface PolicyRecord extends AccessRecordBase {
  readonly kind: 'policy'
  /** The document as it was given. */
  readonly document: string
}

export type AccessRecord = UserRecord | RoleRecord | GroupRecord | PolicyRecord

/** In the order of their numbers in the record; append only. */
const KINDS: readonly AccessRecordKind[] = ['user', 'role', 'group', 'policy']

const UTF8_FACTOR = 3

/**
 * The record as it is stored at {@link accessRecordKey}.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` for generation 0 and for names that could not be
 *   read again: an internal error, detected before anything is written
 */
export function sealAccessRecord(keys: RecordKeys, record: AccessRecord): Uint8Array {
  if (!isAccessName(record.name)) throw malformed('has a name with other characters')
  checkAccessRecord(record)
  const writer = beginRecord('accessRecord')
  writer.u8(KINDS.indexOf(record.kind) + 1)
  writer.u64(record.generation)
  writer.longText(record.description)
  if (record.kind === 'policy') {
    writer.longText(record.document)
  } else {
    if (record.kind !== 'group') writer.u8(Number(record.isEnabled))
    if (record.kind === 'user') writeNames(writer, record.groups)
    writeNames(writer, record.policies)
  }
  return sealRecord(keys, accessRecordKey(record.kind, record.name), writer)
}

/**
 * The record stored under a kind and name, authenticated.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openAccessRecord(
  keys: RecordKeys,
  kind: AccessRecordKind,
  name: string,
  bytes: Uint8Array,
): AccessRecord {
  const reader = openRecord(keys, 'accessRecord', accessRecordKey(kind, name), bytes)
  if (KINDS[reader.u8() - 1] !== kind) throw malformed('is of another kind than its key names')
  const base = {
    name,
    generation: reader.u64(),
    description: reader.longText(UTF8_FACTOR * ACCESS_DESCRIPTION_CHARS_MAX),
  }
  const record = readRest(reader, kind, base)
  reader.end()
  checkAccessRecord(record)
  return record
}

function readRest(
  reader: ByteReader,
  kind: AccessRecordKind,
  base: AccessRecordBase,
): AccessRecord {
  switch (kind) {
    case 'user': {
      const isEnabled = readFlag(reader)
      const groups = readNames(reader, USER_GROUPS_MAX)
      return {
        kind,
        ...base,
        isEnabled,
        groups,
        policies: readNames(reader, ATTACHED_POLICIES_MAX),
      }
    }
    case 'role': {
      const isEnabled = readFlag(reader)
      return { kind, ...base, isEnabled, policies: readNames(reader, ATTACHED_POLICIES_MAX) }
    }
    case 'group':
      return { kind, ...base, policies: readNames(reader, ATTACHED_POLICIES_MAX) }
    case 'policy':
      return { kind, ...base, document: reader.longText(POLICY_BYTES_MAX) }
  }
}

function readFlag(reader: ByteReader): boolean {
  return reader.bounded(reader.u8(), 1) === 1
}

function writeNames(writer: ByteWriter, names: readonly string[]): void {
  writer.u8(names.length)
  for (const name of names) writer.shortText(name)
}

function readNames(reader: ByteReader, countMax: number): readonly string[] {
  const count = reader.bounded(reader.u8(), countMax)
  return Array.from({ length: count }, () => reader.shortText(ACCESS_NAME_CHARS_MAX))
}

/** What a writer ensures and a reader requires. */
function checkAccessRecord(record: AccessRecord): void {
  if (record.generation === 0) throw malformed('has generation 0')
  if (record.kind === 'user') checkNames(record.groups, USER_GROUPS_MAX)
  if (record.kind !== 'policy') checkNames(record.policies, ATTACHED_POLICIES_MAX)
}

/** Names in their one order, so that equal records have equal bytes. */
function checkNames(names: readonly string[], countMax: number): void {
  if (names.length > countMax) throw malformed('has too many names')
  let last = ''
  for (const name of names) {
    if (!isAccessName(name)) throw malformed('has a name with other characters')
    if (compareText(last, name) >= 0) throw malformed('has unsorted names')
    last = name
  }
}

function malformed(problem: string): VaultError {
  return new VaultError('MALFORMED_RECORD', `an access record ${problem}`)
}
