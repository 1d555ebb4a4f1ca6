/** A secret value: text or bytes, copied at the API, compared by keyed digest. */

import { wipe } from '../bytes.js'
import { valueDigestContext } from '../crypto/associated-data.js'
import { decodeText } from '../text.js'

/** `text` is passed and returned as a string, `binary` as a `Uint8Array`. */
export type SecretDataType = 'text' | 'binary'

export interface SecretValue {
  readonly type: SecretDataType
  /** The vault's own copy. */
  readonly bytes: Uint8Array
}

/** In the order of their numbers in the version record; append only. */
export const CONTENT_TYPES: readonly SecretDataType[] = ['text', 'binary']

/** Bytes of a value's digest that the head contains. */
export const VALUE_DIGEST_BYTES = 16

export function contentTypeNumber(type: SecretDataType): number {
  return CONTENT_TYPES.indexOf(type)
}

/**
 * The keyed digest of a value under a version id, 32 bytes. The head contains the first 16: enough
 * to distinguish two values of one id. Without the key they do not help to test a guess.
 *
 * @param hmacSha256 - computes the MAC over a context and the value, synchronously or not
 */
export function digestValue<Digest>(
  hmacSha256: (key: Uint8Array, context: Uint8Array, bytes: Uint8Array) => Digest,
  digestKey: Uint8Array,
  id: { readonly vaultId: Uint8Array; readonly secretId: Uint8Array; readonly versionId: string },
  value: SecretValue,
): Digest {
  const { vaultId, secretId, versionId } = id
  const contentType = contentTypeNumber(value.type)
  const context = valueDigestContext({ vaultId, secretId, versionId, contentType })
  return hmacSha256(digestKey, context, value.bytes)
}

/** A value as the caller gets it. */
export type SecretData =
  | { readonly secretDataType: 'text'; readonly secretData: string }
  | { readonly secretDataType: 'binary'; readonly secretData: Uint8Array }

/**
 * The value as the caller gets it: a string, or the bytes themselves. The bytes of a string are
 * overwritten, so `value` must not be used again.
 */
export function toSecretData(value: SecretValue): SecretData {
  if (value.type === 'binary') return { secretDataType: 'binary', secretData: value.bytes }
  try {
    return { secretDataType: 'text', secretData: decodeText(value.bytes) }
  } finally {
    wipe(value.bytes)
  }
}
