import { wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import {
  PASSPHRASE_CHARS_MAX,
  SCRYPT_LOG_N_DEFAULT,
  SCRYPT_LOG_N_MAX,
  SCRYPT_LOG_N_MIN,
} from '@stagevault/core/limits'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import { SCRYPT_P, SCRYPT_R, SCRYPT_SALT_BYTES } from '@stagevault/core/records/unlock-slot'
import {
  optionalInteger,
  optionalSignal,
  readFields,
} from '@stagevault/core/request/request-fields'
import { encodeText } from '@stagevault/core/text'
import { platform } from '#platform'
import type { Unlock } from './unlock.js'

/** What `passphrase` takes besides the words. */
export interface PassphraseOptions {
  /**
   * Cost of a new slot as log2(N) of scrypt: 15 to 20, default 17 (128 MiB, about half a second).
   * An existing slot keeps its cost.
   */
  readonly scryptLogN?: number | undefined
  /** Aborts the derivation; the operation rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with the finished fraction of the derivation, 0 to 1. Native code reports only the end.
   */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/**
 * Unlocks with a passphrase, by scrypt (RFC 7914). Composed and decomposed forms of a character are
 * the same passphrase (Unicode NFC, as in RFC 8265 section 4.2). Nothing else is normalized.
 *
 * @param text - 1 to 1,024 characters. A string cannot be overwritten in memory; see the threat
 *   model.
 * @throws TypeError if `text` is not a string; {@link VaultError} `INVALID_PARAMETER` for a
 *   passphrase that is empty, too long, or contains a NUL or a lone surrogate, for a cost out of
 *   range, or for an unknown option
 */
export function passphrase(text: string, options: PassphraseOptions = {}): Unlock {
  if (typeof text !== 'string') throw new TypeError('passphrase takes a string')
  if (text.length < 1 || text.length > PASSPHRASE_CHARS_MAX) {
    const range = `1 to ${String(PASSPHRASE_CHARS_MAX)}`
    throw new VaultError('INVALID_PARAMETER', `a passphrase must have ${range} characters`)
  }
  // scrypt's HMAC pads its key with zeros, so "x" and "x\0" would be the same passphrase.
  if (text.includes('\0'))
    throw new VaultError('INVALID_PARAMETER', 'a passphrase must not contain a NUL')
  wipe(encodeText('a passphrase', text))
  const fields = readFields('passphrase', options, ['scryptLogN', 'signal', 'onProgress'])
  const [min, max] = [SCRYPT_LOG_N_MIN, SCRYPT_LOG_N_MAX]
  const logN = optionalInteger(fields, 'scryptLogN', min, max) ?? SCRYPT_LOG_N_DEFAULT
  const signal = (optionalSignal(fields) as AbortSignal | null) ?? undefined
  const onProgress = fields.get('onProgress') as PassphraseOptions['onProgress']
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }

  return {
    kind: 'passphrase',
    newKdf: (random) => ({
      kind: 'passphrase',
      logN,
      salt: random(SCRYPT_SALT_BYTES),
    }),
    deriveKey: async (kdf) => {
      if (kdf.kind !== 'passphrase') throw new TypeError('a passphrase opens passphrase slots')
      const password = encodeText('a passphrase', text.normalize('NFC'))
      const { salt } = kdf
      const cost = { logN: kdf.logN, r: SCRYPT_R, p: SCRYPT_P, keyBytes: KEY_BYTES }
      try {
        return await platform.scrypt({ password, salt, ...cost, signal, onProgress })
      } finally {
        wipe(password)
      }
    },
  }
}
