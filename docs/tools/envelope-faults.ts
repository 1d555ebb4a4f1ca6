/** Version records with one fault each. */

import { valueContext } from '@stagevault/core/crypto/associated-data'
import { ZERO_NONCE, expandTwoKeys } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  KEK,
  KEY_ID,
  SECRET_ID,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
} from './example-vault.js'
import type { ForgedVersion, VersionFields } from './forge-version.js'
import { forgeVersion, writeVersion } from './forge-version.js'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

const ADDRESS = { vaultId: VAULT_ID, secretId: SECRET_ID, number: 1, versionId: 'v1' }
const OTHER_DEK = namedBytes('other dek', 32)
const ASCII_A = 0x61

function honest(suite: SuiteId): ForgedVersion {
  return {
    suite,
    address: ADDRESS,
    keyId: KEY_ID,
    keyVersion: 1,
    kek: KEK,
    dek: namedBytes('forged dek', 32),
    salt: namedBytes('forged salt', 32),
    contentType: 0,
    createTime: START_TIME,
    padding: 0,
    value: Uint8Array.of(ASCII_A),
  }
}

type Refusal<T> = (rule: string, what: string, change: Partial<T>, expect: string) => DraftCase

/** What the cases of one suite are made with. */
interface Part {
  readonly suite: SuiteId
  readonly named: string
  readonly fields: VersionFields
  readonly input: (record: Uint8Array, change?: JsonObject) => JsonObject
  /** A case in which fields of the record differ from what was sealed. */
  readonly stored: Refusal<VersionFields>
  /** A case in which something else was sealed, and honestly so. */
  readonly sealed: Refusal<ForgedVersion>
}

function partOf(suite: SuiteId): Part {
  const named = `suite ${String(suite)}`
  const fields = forgeVersion(honest(suite))
  const input: Part['input'] = (record, change = {}) => ({
    ...inputOf({
      suite,
      ...ADDRESS,
      kek: inputOf({ keyId: KEY_ID, keyVersion: 1, key: KEK }),
      record,
    }),
    ...change,
  })
  const draft = (rule: string, what: string, record: Uint8Array, expect: string): DraftCase =>
    reject(rule, `${named}: ${what}`, 'open-version', input(record), expect)
  return {
    suite,
    named,
    fields,
    input,
    stored: (rule, what, change, expect) =>
      draft(rule, what, writeVersion({ ...fields, ...change }), expect),
    sealed: (rule, what, change, expect) =>
      draft(rule, what, writeVersion(forgeVersion({ ...honest(suite), ...change })), expect),
  }
}

export function openVersionFaults(suite: SuiteId): DraftCase[] {
  const part = partOf(suite)
  return [
    accept(
      'ENV-2',
      `${part.named}: the record that the following ones differ from`,
      'open-version',
      part.input(writeVersion(part.fields)),
    ),
    ...formFaults(part),
    ...contextFaults(part),
    ...keyFaults(part),
    ...boxFaults(part),
    ...placeFaults(part),
  ]
}

function formFaults({ named, fields, input, stored }: Part): DraftCase[] {
  const record = writeVersion(fields)
  const cut = (what: string, bytes: Uint8Array): DraftCase =>
    reject('FMT-3', `${named}: ${what}`, 'open-version', input(bytes), 'MALFORMED_RECORD')
  const long = 'i'.repeat(65)
  return [
    stored('REC-1', 'the magic of a head', { magic: 'SVHD' }, 'MALFORMED_RECORD'),
    stored('REC-1', 'a magic in lower case', { magic: 'svvr' }, 'MALFORMED_RECORD'),
    stored('REC-2', 'format 0', { format: 0 }, 'UNSUPPORTED_FORMAT'),
    stored('REC-2', 'format 2', { format: 2 }, 'UNSUPPORTED_FORMAT'),
    stored('FMT-2', 'a version id of 65 characters', { versionId: long }, 'MALFORMED_RECORD'),
    stored('FMT-1', 'a time beyond 2^53', { createTime: 2 ** 53 }, 'MALFORMED_RECORD'),
    stored('FMT-2', 'a box beyond its bound', { boxLength: 126_993 }, 'MALFORMED_RECORD'),
    stored('FMT-3', 'a box longer than the record', { boxLength: 18 }, 'MALFORMED_RECORD'),
    stored('FMT-4', 'a box shorter than the record', { boxLength: 16 }, 'MALFORMED_RECORD'),
    stored('FMT-5', 'a version id with a space', { versionId: 'v ' }, 'MALFORMED_RECORD'),
    stored('FMT-5', 'a version id beyond ASCII', { versionId: 'v\u00e9' }, 'MALFORMED_RECORD'),
    cut('empty', new Uint8Array(0)),
    cut('a header and nothing else', record.slice(0, 5)),
    cut('cut within the wrapped key', record.slice(0, 110)),
    cut('one byte short', record.slice(0, -1)),
    reject(
      'FMT-4',
      `${named}: one byte long`,
      'open-version',
      input(joined(record, [0])),
      'MALFORMED_RECORD',
    ),
  ]
}

/** Every field that is bound by context and not by form, each with its first or last bit turned. */
function contextFaults({ suite, fields, stored, sealed }: Part): DraftCase[] {
  const failed = 'DECRYPTION_FAILED'
  return [
    stored('ENV-3', 'the number of the other suite', { suite: 3 - suite }, 'UNSUPPORTED_FORMAT'),
    stored('ENV-3', 'suite 0', { suite: 0 }, 'UNSUPPORTED_FORMAT'),
    stored('ENV-3', 'suite 3', { suite: 3 }, 'UNSUPPORTED_FORMAT'),
    stored('ENV-3', 'a padding that is not in use', { padding: 1 }, 'UNSUPPORTED_FORMAT'),
    sealed('ENV-3', 'sealed with such a padding', { padding: 1 }, 'UNSUPPORTED_FORMAT'),
    stored('ENV-4', 'another version id', { versionId: 'v2' }, 'RECORD_MISMATCH'),
    stored('ENV-4', 'no version id', { versionId: '' }, 'RECORD_MISMATCH'),
    stored('ENV-6', 'binary where text was sealed', { contentType: 1 }, failed),
    stored('ENV-6', 'another time', { createTime: START_TIME + 1 }, failed),
    stored('ENV-5', 'another key id', { keyId: flipped(fields.keyId, 15) }, failed),
    stored('ENV-5', 'another key version', { keyVersion: 2 }, failed),
    stored('ENV-5', 'the first bit of the salt', { salt: flipped(fields.salt, 0, 0x80) }, failed),
    stored('ENV-5', 'the last bit of the salt', { salt: flipped(fields.salt, 31) }, failed),
    sealed('ENV-8', 'a content type of a later format', { contentType: 2 }, 'UNSUPPORTED_FORMAT'),
    sealed('FMT-6', 'text that is not UTF-8', { value: Uint8Array.of(0xff) }, 'MALFORMED_RECORD'),
    sealed(
      'FMT-6',
      'a surrogate in UTF-8',
      { value: Uint8Array.of(0xed, 0xa0, 0x80) },
      'MALFORMED_RECORD',
    ),
    sealed('FMT-6', 'overlong UTF-8', { value: Uint8Array.of(0xc0, 0x80) }, 'MALFORMED_RECORD'),
  ]
}

function keyFaults({ suite, fields, stored }: Part): DraftCase[] {
  const failed = 'DECRYPTION_FAILED'
  const { wrapped, commitment } = fields
  const other = forgeVersion({ ...honest(suite), dek: OTHER_DEK })
  const zeros = new Uint8Array(32)
  return [
    stored(
      'ENV-5',
      'the first bit of the wrapped key',
      {
        wrapped: flipped(wrapped, 0, 0x80),
      },
      failed,
    ),
    stored('ENV-5', 'the last bit of the wrapped key', { wrapped: flipped(wrapped, 31) }, failed),
    stored('ENV-5', 'the first bit of its tag', { wrapped: flipped(wrapped, 32, 0x80) }, failed),
    stored('ENV-5', 'the last bit of its tag', { wrapped: flipped(wrapped, 47) }, failed),
    stored(
      'ENV-6',
      'the first bit of the commitment',
      {
        commitment: flipped(commitment, 0, 0x80),
      },
      failed,
    ),
    stored(
      'ENV-6',
      'the last bit of the commitment',
      {
        commitment: flipped(commitment, 31),
      },
      failed,
    ),
    stored('ENV-6', 'a commitment of zeros', { commitment: zeros }, failed),
    stored('ENV-6', 'another DEK, honestly wrapped', { wrapped: other.wrapped }, failed),
    stored(
      'ENV-6',
      'the box and commitment of another DEK',
      {
        commitment: other.commitment,
        box: other.box,
      },
      failed,
    ),
  ]
}

function boxFaults({ suite, fields, stored }: Part): DraftCase[] {
  const failed = 'DECRYPTION_FAILED'
  const { box } = fields
  const resized = (bytes: Uint8Array): Partial<VersionFields> => ({
    box: bytes,
    boxLength: bytes.length,
  })
  const other = forgeVersion({ ...honest(suite), dek: OTHER_DEK })
  return [
    stored('ENV-7', 'the first bit of the box', { box: flipped(box, 0, 0x80) }, failed),
    stored('ENV-7', 'the first bit of the tag', { box: flipped(box, 1, 0x80) }, failed),
    stored('ENV-7', 'the last bit of the tag', { box: flipped(box, -1) }, failed),
    stored('ENV-7', 'a box one byte short', resized(box.slice(0, -1)), failed),
    stored('ENV-7', 'a box one byte long', resized(joined(box, [0])), failed),
    stored('ENV-7', 'an empty box', resized(new Uint8Array(0)), failed),
    stored('ENV-7', 'a box shorter than a tag', resized(box.slice(0, 15)), failed),
    stored('ENV-7', 'a tag of 12 bytes', resized(box.slice(0, 13)), failed),
    stored('ENV-7', 'a box sealed with another key', { box: other.box }, failed),
    stored(
      'ENV-7',
      'a box sealed without additional data',
      {
        box: boxWithoutContext(suite),
      },
      failed,
    ),
  ]
}

/** The right key, but a context that went into the key alone. */
function boxWithoutContext(suite: SuiteId): Uint8Array {
  const { address, dek, contentType, createTime, padding, value } = honest(suite)
  const context = valueContext(suite, address, { contentType, createTime, padding })
  const [valueKey] = expandTwoKeys(noblePrimitives, dek, context)
  return noblePrimitives.aeadSeal(suite, valueKey, ZERO_NONCE, new Uint8Array(0), value)
}

/** The record is whole, but opened as that of another place, or with another key. */
function placeFaults({ suite, named, fields, input }: Part): DraftCase[] {
  const record = writeVersion(fields)
  const elsewhere = (what: string, change: JsonObject, expect = 'DECRYPTION_FAILED'): DraftCase =>
    reject(
      expect === 'DECRYPTION_FAILED' ? 'ENV-5' : 'ENV-4',
      `${named}: opened as ${what}`,
      'open-version',
      input(record, change),
      expect,
    )
  const kek = { keyId: KEY_ID, keyVersion: 1, key: KEK }
  return [
    elsewhere('that of another vault', inputOf({ vaultId: flipped(VAULT_ID, 15) })),
    elsewhere('that of another secret', inputOf({ secretId: flipped(SECRET_ID, 15) })),
    elsewhere('another number', inputOf({ number: 2 })),
    elsewhere('another version', inputOf({ versionId: 'v2' }), 'RECORD_MISMATCH'),
    elsewhere('under another KEK', inputOf({ kek: inputOf({ ...kek, key: flipped(KEK, 0) }) })),
    reject(
      'ENV-3',
      `${named}: in a vault of the other suite`,
      'open-version',
      input(record, { suite: 3 - suite }),
      'UNSUPPORTED_FORMAT',
    ),
  ]
}
