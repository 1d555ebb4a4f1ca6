/** What `envelope.json` asks for, done by the library. */

import { toHex } from '@stagevault/core/bytes'
import {
  dekHedgeContext,
  dekWrapContext,
  subkeyContext,
  valueContext,
} from '@stagevault/core/crypto/associated-data'
import { expandKey, expandTwoKeys, hedgedSalt } from '@stagevault/core/crypto/key-wrapping'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { Kek, VersionToSeal } from '@stagevault/core/records/envelope'
import {
  SEAL_RANDOM_BYTES,
  openVersion,
  parseVersion,
  sealVersion,
} from '@stagevault/core/records/envelope'
import {
  CONTENT_TYPES,
  contentTypeNumber,
  digestValue,
  toSecretData,
} from '@stagevault/core/model/value'
import { encodeText } from '@stagevault/core/text'
import { addressOf, bytesOf, numberOf, objectOf, suiteOf } from './case-input.js'
import type { JsonObject } from './vector-file.js'

/** The KEK of a case, with the key that hedges what it wraps. */
export function kekOf(primitives: Primitives, input: JsonObject): Kek {
  const kek = objectOf(input, 'kek')
  const key = bytesOf(kek, 'key')
  const context = subkeyContext(bytesOf(input, 'vaultId'), 'hedge')
  return {
    keyId: bytesOf(kek, 'keyId'),
    keyVersion: numberOf(kek, 'keyVersion'),
    key,
    hedgeKey: expandKey(primitives, key, context),
  }
}

/** The version that a `seal-version` case describes. */
export function versionOf(primitives: Primitives, input: JsonObject): VersionToSeal {
  const address = addressOf(input)
  const type = CONTENT_TYPES[numberOf(input, 'contentType')] ?? 'binary'
  const value = { type, bytes: bytesOf(input, 'value') }
  const hmac: Primitives['hmacSha256'] = (...message) => primitives.hmacSha256(...message)
  return {
    suite: suiteOf(input),
    address,
    createTime: numberOf(input, 'createTime'),
    value,
    digest: digestValue(hmac, bytesOf(input, 'digestKey'), address, value),
  }
}

/** Seals, and shows the intermediate results, for authors of other implementations. */
export function performSealVersion(primitives: Primitives, input: JsonObject): JsonObject {
  const kek = kekOf(primitives, input)
  const version = versionOf(primitives, input)
  const random = bytesOf(input, 'random')
  const record = sealVersion(primitives, kek, version, random)

  const { suite, address, digest, createTime } = version
  const first = random.slice(0, 32)
  const second = random.slice(32, SEAL_RANDOM_BYTES)
  const dek = primitives.hmacSha256(kek.hedgeKey, dekHedgeContext(address), first, digest)
  const salt = hedgedSalt(primitives, kek.hedgeKey, address.vaultId, second, dek)
  const contentType = contentTypeNumber(version.value.type)
  const context = valueContext(suite, address, { contentType, createTime, padding: 0 })
  const [valueKey, commitment] = expandTwoKeys(primitives, dek, context)
  return {
    hedgeKey: toHex(kek.hedgeKey),
    digest: toHex(digest),
    dek: toHex(dek),
    salt: toHex(salt),
    wrapContext: toHex(dekWrapContext(suite, address, { ...kek, salt })),
    valueContext: toHex(context),
    valueKey: toHex(valueKey),
    commitment: toHex(commitment),
    record: toHex(record),
    recordHash: toHex(primitives.sha256(record)),
  }
}

export function performOpenVersion(primitives: Primitives, input: JsonObject): JsonObject {
  const sealed = parseVersion(bytesOf(input, 'record'))
  const kek = kekOf(primitives, input)
  const value = openVersion(primitives, suiteOf(input), kek, addressOf(input), sealed)
  const { secretData } = toSecretData(value)
  const bytes = typeof secretData === 'string' ? encodeText('a value', secretData) : secretData
  return { contentType: contentTypeNumber(value.type), value: toHex(bytes) }
}
