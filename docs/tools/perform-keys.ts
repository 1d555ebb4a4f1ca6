/** What `contexts.json` and `key-derivation.json` ask for, done by the library. */

import { toHex } from '@stagevault/core/bytes'
import {
  dekHedgeContext,
  dekWrapContext,
  kekCheckContext,
  kekWrapContext,
  recordMacContext,
  saltHedgeContext,
  secretIdContext,
  slotCheckContext,
  slotWrapContext,
  subkeyContext,
  valueContext,
  valueDigestContext,
} from '@stagevault/core/crypto/associated-data'
import {
  expandKey,
  expandTwoKeys,
  hedgedSalt,
  hedgedSecretId,
  keyCheck,
  unwrapKey,
  wrapKey,
} from '@stagevault/core/crypto/key-wrapping'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import { CONTENT_TYPES, VALUE_DIGEST_BYTES, digestValue } from '@stagevault/core/model/value'
import type { ScryptKdf } from 'stagevault'
import { passphrase } from 'stagevault'
import { addressOf, bytesOf, numberOf, suiteOf, textOf } from './case-input.js'
import type { JsonObject } from './vector-file.js'

/** Contexts by the name that docs/format/envelope.md gives their purpose. */
const CONTEXTS: Readonly<Record<string, (input: JsonObject) => Uint8Array>> = {
  'slot-wrap': (input) =>
    slotWrapContext({
      suite: suiteOf(input),
      vaultId: bytesOf(input, 'vaultId'),
      slotId: bytesOf(input, 'slotId'),
      kind: numberOf(input, 'slotKind'),
      kdf: bytesOf(input, 'kdf'),
      salt: bytesOf(input, 'salt'),
    }),
  'slot-check': (input) => slotCheckContext(bytesOf(input, 'slotId')),
  subkey: (input) => subkeyContext(bytesOf(input, 'vaultId'), textOf(input, 'label')),
  'kek-wrap': (input) =>
    kekWrapContext({
      suite: suiteOf(input),
      vaultId: bytesOf(input, 'vaultId'),
      keyId: bytesOf(input, 'keyId'),
      keyVersion: numberOf(input, 'keyVersion'),
      salt: bytesOf(input, 'salt'),
    }),
  'kek-check': (input) => kekCheckContext(bytesOf(input, 'keyId'), numberOf(input, 'keyVersion')),
  'dek-wrap': (input) =>
    dekWrapContext(suiteOf(input), addressOf(input), {
      keyId: bytesOf(input, 'keyId'),
      keyVersion: numberOf(input, 'keyVersion'),
      salt: bytesOf(input, 'salt'),
    }),
  value: (input) =>
    valueContext(suiteOf(input), addressOf(input), {
      contentType: numberOf(input, 'contentType'),
      createTime: numberOf(input, 'createTime'),
      padding: numberOf(input, 'padding'),
    }),
  'dek-hedge': (input) => dekHedgeContext(addressOf(input)),
  'salt-hedge': (input) => saltHedgeContext(bytesOf(input, 'vaultId')),
  'value-digest': (input) =>
    valueDigestContext({
      vaultId: bytesOf(input, 'vaultId'),
      secretId: bytesOf(input, 'secretId'),
      versionId: textOf(input, 'versionId'),
      contentType: numberOf(input, 'contentType'),
    }),
  'record-mac': (input) => recordMacContext(bytesOf(input, 'vaultId'), textOf(input, 'storageKey')),
  'secret-id': (input) => {
    const { vaultId, secretName, createTime } = newSecretOf(input)
    return secretIdContext(vaultId, secretName, createTime)
  },
}

function newSecretOf(input: JsonObject): Parameters<typeof hedgedSecretId>[2] {
  return {
    vaultId: bytesOf(input, 'vaultId'),
    secretName: textOf(input, 'secretName'),
    createTime: numberOf(input, 'createTime'),
  }
}

export function contextOf(purpose: string, fields: JsonObject): Uint8Array {
  const encode = CONTEXTS[purpose]
  if (encode === undefined) throw new TypeError(`there is no context for ${purpose}`)
  return encode(fields)
}

export function performContext(input: JsonObject): JsonObject {
  return { context: toHex(contextOf(textOf(input, 'purpose'), input)) }
}

export function performExpand(primitives: Primitives, input: JsonObject): JsonObject {
  const key = bytesOf(input, 'key')
  const info = bytesOf(input, 'info')
  if (numberOf(input, 'length') === 32) return { bytes: toHex(expandKey(primitives, key, info)) }
  const [first, second] = expandTwoKeys(primitives, key, info)
  return { bytes: toHex(first) + toHex(second) }
}

export function performKeyCheck(primitives: Primitives, input: JsonObject): JsonObject {
  return { check: toHex(keyCheck(primitives, bytesOf(input, 'key'), bytesOf(input, 'context'))) }
}

export function performHedgedSalt(primitives: Primitives, input: JsonObject): JsonObject {
  const salt = hedgedSalt(
    primitives,
    bytesOf(input, 'hedgeKey'),
    bytesOf(input, 'vaultId'),
    bytesOf(input, 'random'),
    bytesOf(input, 'key'),
  )
  return { salt: toHex(salt) }
}

export function performSecretId(primitives: Primitives, input: JsonObject): JsonObject {
  const secretId = hedgedSecretId(
    primitives,
    bytesOf(input, 'hedgeKey'),
    newSecretOf(input),
    bytesOf(input, 'random'),
    bytesOf(input, 'value'),
  )
  return { secretId: toHex(secretId) }
}

export function performValueDigest(primitives: Primitives, input: JsonObject): JsonObject {
  const type = CONTENT_TYPES[numberOf(input, 'contentType')] ?? 'binary'
  const digest = digestValue(
    (...message) => primitives.hmacSha256(...message),
    bytesOf(input, 'digestKey'),
    {
      vaultId: bytesOf(input, 'vaultId'),
      secretId: bytesOf(input, 'secretId'),
      versionId: textOf(input, 'versionId'),
    },
    { type, bytes: bytesOf(input, 'value') },
  )
  return { digest: toHex(digest), valueDigest: toHex(digest.slice(0, VALUE_DIGEST_BYTES)) }
}

export function performWrap(primitives: Primitives, input: JsonObject): JsonObject {
  const wrapped = wrapKey(
    primitives,
    suiteOf(input),
    bytesOf(input, 'wrappingKey'),
    bytesOf(input, 'context'),
    bytesOf(input, 'key'),
  )
  return { wrapped: toHex(wrapped) }
}

export function performUnwrap(primitives: Primitives, input: JsonObject): JsonObject {
  const key = unwrapKey(
    primitives,
    suiteOf(input),
    bytesOf(input, 'wrappingKey'),
    bytesOf(input, 'context'),
    bytesOf(input, 'wrapped'),
  )
  if (key === null) throw new VaultError('DECRYPTION_FAILED', 'a wrapped key does not open')
  return { key: toHex(key) }
}

export async function performSlotKey(input: JsonObject): Promise<JsonObject> {
  const kdf = {
    kind: 'passphrase',
    logN: numberOf(input, 'logN'),
    salt: bytesOf(input, 'salt'),
  } as const
  return { key: toHex(await passphraseKey(textOf(input, 'passphrase'), kdf)) }
}

/** By what the library makes of a passphrase; it has one implementation on each platform. */
export async function passphraseKey(text: string, kdf: ScryptKdf): Promise<Uint8Array> {
  const key = await passphrase(text).deriveKey(kdf)
  if (key === null) throw new Error('a passphrase passes over a passphrase slot')
  return key
}
