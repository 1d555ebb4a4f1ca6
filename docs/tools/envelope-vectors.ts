/** `envelope.json`: values sealed with fixed randomness, and what must come of opening them. */

import { encodeText } from '@stagevault/core/text'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { sealVersion } from '@stagevault/core/records/envelope'
import { bytesOf } from './case-input.js'
import type { DraftCase } from './draft-case.js'
import { accept } from './draft-case.js'
import { openVersionFaults } from './envelope-faults.js'
import {
  KEK,
  KEY_ID,
  LONG_ID,
  ROOT_KEY,
  SECRET_ID,
  START_TIME,
  VAULT_ID,
  inputOf,
  subkeyOf,
} from './example-vault.js'
import { namedBytes } from './named-bytes.js'
import { kekOf, versionOf } from './perform-envelope.js'
import { twoKeyDrafts } from './two-key-version.js'
import type { JsonObject } from './vector-file.js'

export const ABOUT =
  'Version records: sealing, opening, and faults of one field each (docs/format/envelope.md).'

const WORKED_VALUE = '{"user":"app"}'

interface Sealing {
  readonly what: string
  readonly versionId?: string
  readonly number?: number
  readonly keyVersion?: number
  readonly contentType: number
  readonly createTime?: number
  readonly value: Uint8Array
  readonly random?: Uint8Array
}

const text = (value: string): { contentType: number; value: Uint8Array } => ({
  contentType: 0,
  value: encodeText('a value', value),
})

const SEALINGS: readonly Sealing[] = [
  { what: 'the worked example', ...text(WORKED_VALUE) },
  { what: 'the same value as binary', contentType: 1, value: text(WORKED_VALUE).value },
  { what: 'the next version', number: 2, versionId: 'v2', ...text('{"user":"app2"}') },
  { what: 'one byte', contentType: 1, value: Uint8Array.of(0) },
  { what: 'one block of a cipher', contentType: 1, value: namedBytes('64 bytes', 64) },
  { what: 'one byte more', contentType: 1, value: namedBytes('65 bytes', 65) },
  { what: 'every byte', contentType: 1, value: Uint8Array.from({ length: 256 }, (_, i) => i) },
  { what: 'text of many planes', ...text('p\u00e4ssw\u00f6rd \u20ac \u{1f511}') },
  { what: 'text after a byte order mark', ...text('\ufeffmark') },
  { what: 'text with a NUL', ...text('a\0b') },
  {
    what: 'the greatest numbers and the longest id',
    number: 0xffff_ffff,
    keyVersion: 0xffff_ffff,
    createTime: 2 ** 53 - 1,
    versionId: LONG_ID,
    ...text('edge'),
  },
  { what: 'a dead random source', random: new Uint8Array(64), ...text('one') },
  { what: 'a dead random source, another value', random: new Uint8Array(64), ...text('two') },
]

function sealInput(suite: SuiteId, sealing: Sealing): JsonObject {
  const { what, versionId = 'v1', number = 1, contentType, createTime = START_TIME } = sealing
  const random = sealing.random ?? namedBytes(`seal random: ${what}`, 64)
  return inputOf({
    suite,
    vaultId: VAULT_ID,
    secretId: SECRET_ID,
    number,
    versionId,
    kek: inputOf({ keyId: KEY_ID, keyVersion: sealing.keyVersion ?? 1, key: KEK }),
    digestKey: subkeyOf(ROOT_KEY, 'value digest'),
    contentType,
    createTime,
    value: sealing.value,
    random,
  })
}

/** What it takes to open what a `seal-version` case seals. */
function openInput(input: JsonObject): JsonObject {
  const { suite, vaultId, secretId, number, versionId, kek } = input
  const version = versionOf(noblePrimitives, input)
  const random = bytesOf(input, 'random')
  const record = sealVersion(noblePrimitives, kekOf(noblePrimitives, input), version, random)
  return {
    ...({ suite, vaultId, secretId, number, versionId, kek } as JsonObject),
    ...inputOf({ record }),
  }
}

function suiteDrafts(suite: SuiteId): DraftCase[] {
  const named = `suite ${String(suite)}`
  const sealings = SEALINGS.flatMap((sealing) => {
    const input = sealInput(suite, sealing)
    return [
      accept('ENV-1', `${named}: sealing ${sealing.what}`, 'seal-version', input),
      accept('ENV-2', `${named}: opening ${sealing.what}`, 'open-version', openInput(input)),
    ]
  })
  return [...sealings, ...openVersionFaults(suite)]
}

export function envelopeDrafts(): DraftCase[] {
  return [...suiteDrafts(1), ...suiteDrafts(2), ...twoKeyDrafts()]
}
