/**
 * Page tokens of views. A token names the last row that was looked at, which the caller may not be
 * allowed to see, so it is encrypted, and bound to the principal.
 */

import { principalArn } from '@stagevault/core/access/principal'
import { fromHex, toHex } from '@stagevault/core/bytes'
import { NONCE_BYTES } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import { decodeText, encodeText } from '@stagevault/core/text'
import type { Session } from '../session/session.js'
import type { Caller } from '../session/session.js'

const PREFIX = 'view:'

export function sealListToken(session: Session, { principal }: Caller, token: string): string {
  const { primitives, suite, keys, random } = session
  const nonce = random(NONCE_BYTES)
  const aad = encodeText('the principal', principalArn(principal))
  const box = primitives.aeadSeal(suite, keys.tokenKey, nonce, aad, encodeText('a token', token))
  return PREFIX + toHex(nonce) + toHex(box)
}

/**
 * @throws {@link VaultError} `INVALID_PARAMETER` for a token of the owner or of another principal
 */
export function openListToken(session: Session, { principal }: Caller, token: unknown): string {
  if (typeof token !== 'string') throw new TypeError('nextToken must be a string')
  const bytes = token.startsWith(PREFIX) ? fromHex(token.slice(PREFIX.length)) : null
  const { primitives, suite, keys } = session
  const aad = encodeText('the principal', principalArn(principal))
  const text =
    bytes === null || bytes.length < NONCE_BYTES
      ? null
      : primitives.aeadOpen(
          suite,
          keys.tokenKey,
          bytes.subarray(0, NONCE_BYTES),
          aad,
          bytes.subarray(NONCE_BYTES),
        )
  if (text !== null) return decodeText(text)
  throw new VaultError('INVALID_PARAMETER', 'nextToken is not a token of an earlier page')
}
