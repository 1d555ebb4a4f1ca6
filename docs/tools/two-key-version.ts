/**
 * A version record whose box opens under two DEKs: AES-256-GCM does not bind a box to one key, the
 * commitment does (goal F13; Dodis, Grubbs, Ristenpart, Woodage, CRYPTO 2018).
 */

import { fromHex } from '@stagevault/core/bytes'
import { valueContext } from '@stagevault/core/crypto/associated-data'
import { expandTwoKeys } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { KEK, KEY_ID, SECRET_ID, START_TIME, VAULT_ID, inputOf } from './example-vault.js'
import type { ForgedVersion } from './forge-version.js'
import { forgeVersion, writeVersion } from './forge-version.js'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

const ADDRESS = { vaultId: VAULT_ID, secretId: SECRET_ID, number: 1, versionId: 'v1' }
const VALUE = { contentType: 1, createTime: START_TIME, padding: 0 }

/** What the box is made of: the last block of its body was solved for. A test builds it again. */
export interface TwoKeyBox {
  readonly keys: readonly [Uint8Array, Uint8Array]
  /** The associated data. */
  readonly context: Uint8Array
  /** Of the body all but the last block. */
  readonly start: Uint8Array
  readonly box: Uint8Array
}

const BOX =
  '529603dd724a1ca5b02f4ab8989749de9755e03839918ed030f52699b5ee838b0602f0de30bc7e6345fcd5e6db785c28'

const DEKS = [namedBytes('two-key dek 1', 32), namedBytes('two-key dek 2', 32)] as const

export function twoKeyBox(): TwoKeyBox {
  const context = valueContext(2, ADDRESS, VALUE)
  const [first] = expandTwoKeys(noblePrimitives, DEKS[0], context)
  const [second] = expandTwoKeys(noblePrimitives, DEKS[1], context)
  return {
    keys: [first, second],
    context,
    start: namedBytes('two-key start', 16),
    box: fromHex(BOX) ?? new Uint8Array(0),
  }
}

function versionUnder(dek: Uint8Array): ForgedVersion {
  return {
    suite: 2,
    address: ADDRESS,
    keyId: KEY_ID,
    keyVersion: 1,
    kek: KEK,
    dek,
    salt: namedBytes('two-key salt', 32),
    value: new Uint8Array(32),
    ...VALUE,
  }
}

export function twoKeyDrafts(): DraftCase[] {
  const [first, second] = DEKS.map((dek) => forgeVersion(versionUnder(dek)))
  if (first === undefined || second === undefined) return []
  const committed = { ...first, box: twoKeyBox().box }
  const kek = inputOf({ keyId: KEY_ID, keyVersion: 1, key: KEK })
  const input = (record: Uint8Array): JsonObject => inputOf({ suite: 2, ...ADDRESS, kek, record })
  return [
    accept(
      'ENV-6',
      'a box of two keys, opened with the DEK it is committed to',
      'open-version',
      input(writeVersion(committed)),
    ),
    reject(
      'ENV-6',
      'the same box, opened with the other DEK, under which its tag is right',
      'open-version',
      input(writeVersion({ ...committed, wrapped: second.wrapped })),
      'DECRYPTION_FAILED',
    ),
  ]
}
