/** Derives keys from keys: HKDF-Expand, key-check values, and wrapping one key under another. */

import { equalBytes, wipe } from '../bytes.js'
import { saltHedgeContext, secretIdContext } from './associated-data.js'
import type { Primitives, SuiteId } from './primitives.js'
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './primitives.js'

/** Length of a key-check value, in bytes. */
export const KEY_CHECK_BYTES = 16
/** Length of the salt of a wrap, in bytes. */
export const WRAP_SALT_BYTES = 32
/** Length of a wrapped key: the key and the tag. Any other length is refused before decryption. */
export const WRAPPED_KEY_BYTES: number = KEY_BYTES + TAG_BYTES

const ONE = /* @__PURE__ */ Uint8Array.of(1)
const TWO = /* @__PURE__ */ Uint8Array.of(2)

/**
 * Every derived key encrypts once, so its nonce is zero. The 32-byte salts and hedged DEKs in the
 * contexts of the derivations keep the keys distinct.
 */
export const ZERO_NONCE: Uint8Array = /* @__PURE__ */ new Uint8Array(NONCE_BYTES)

/**
 * HKDF-Expand (RFC 5869, section 2.3) with SHA-256, 32 bytes. Extract is not needed, because the
 * input keys are already uniform.
 */
export function expandKey(primitives: Primitives, key: Uint8Array, info: Uint8Array): Uint8Array {
  return primitives.hmacSha256(key, info, ONE)
}

/** HKDF-Expand to 64 bytes, as two halves. */
export function expandTwoKeys(
  primitives: Primitives,
  key: Uint8Array,
  info: Uint8Array,
): readonly [first: Uint8Array, second: Uint8Array] {
  const first = primitives.hmacSha256(key, info, ONE)
  return [first, primitives.hmacSha256(key, first, info, TWO)]
}

/**
 * A key-check value, stored next to the data that the key protects, which distinguishes a wrong key
 * from damaged data. It does not help to guess passphrases more than the wrapped key itself does.
 */
export function keyCheck(primitives: Primitives, key: Uint8Array, context: Uint8Array): Uint8Array {
  return expandKey(primitives, key, context).slice(0, KEY_CHECK_BYTES)
}

/** Whether `key` is the key from which `check` was derived. */
export function keyChecks(
  primitives: Primitives,
  key: Uint8Array,
  context: Uint8Array,
  check: Uint8Array,
): boolean {
  return equalBytes(keyCheck(primitives, key, context), check)
}

/**
 * A salt that also depends on the key to be wrapped. It stays unpredictable and unique even if the
 * random source repeats itself, as after a virtual machine is resumed twice.
 */
export function hedgedSalt(
  primitives: Primitives,
  hedgeKey: Uint8Array,
  vaultId: Uint8Array,
  random: Uint8Array,
  keyToWrap: Uint8Array,
): Uint8Array {
  return primitives.hmacSha256(hedgeKey, saltHedgeContext(vaultId), random, keyToWrap)
}

/** Length of a secret's id, in bytes. */
export const SECRET_ID_BYTES = 16

/**
 * The id of a new secret. It also depends on name, time and value: two handles whose random sources
 * are in the same state, as after a virtual machine is resumed twice, do not draw one id for two
 * secrets.
 *
 * @param random - 32 fresh bytes
 */
export function hedgedSecretId(
  primitives: Primitives,
  hedgeKey: Uint8Array,
  secret: {
    readonly vaultId: Uint8Array
    readonly secretName: string
    readonly createTime: number
  },
  random: Uint8Array,
  value: Uint8Array,
): Uint8Array {
  const context = secretIdContext(secret.vaultId, secret.secretName, secret.createTime)
  return primitives.hmacSha256(hedgeKey, context, random, value).slice(0, SECRET_ID_BYTES)
}

/** Wraps `key` under `wrappingKey`; `context` names both and contains a fresh salt. */
export function wrapKey(
  primitives: Primitives,
  suite: SuiteId,
  wrappingKey: Uint8Array,
  context: Uint8Array,
  key: Uint8Array,
): Uint8Array {
  const once = expandKey(primitives, wrappingKey, context)
  try {
    return primitives.aeadSeal(suite, once, ZERO_NONCE, context, key)
  } finally {
    wipe(once)
  }
}

/**
 * The key in `wrapped`, or `null` if it was wrapped under another key or context, or was changed.
 */
export function unwrapKey(
  primitives: Primitives,
  suite: SuiteId,
  wrappingKey: Uint8Array,
  context: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array | null {
  if (wrapped.length !== WRAPPED_KEY_BYTES) return null
  const once = expandKey(primitives, wrappingKey, context)
  try {
    return primitives.aeadOpen(suite, once, ZERO_NONCE, context, wrapped)
  } finally {
    wipe(once)
  }
}
