/** UTF-8 without a platform's types: the core compiles against the language alone. */

import { VaultError } from './errors.js'

declare class TextEncoder {
  encode(text: string): Uint8Array
  encodeInto(text: string, target: Uint8Array): { readonly read: number }
}

declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}

/**
 * From this length on, text is tried as ASCII first: measured, this takes at most half the time of
 * `encode`.
 */
const LONG_TEXT_CHARS = 1024

const encoder = /* @__PURE__ */ new TextEncoder()
// A byte order mark is part of the text, so that stored text is returned byte for byte.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The UTF-8 bytes of `text`.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` for a lone surrogate: UTF-8 cannot encode it, and
 *   encoders replace it, so that two different texts would become equal
 */
export function encodeText(what: string, text: string): Uint8Array {
  if (!text.isWellFormed()) {
    throw new VaultError('INVALID_PARAMETER', `${what} contains a lone surrogate`)
  }
  if (text.length < LONG_TEXT_CHARS) return encoder.encode(text)
  const bytes = new Uint8Array(text.length)
  if (encoder.encodeInto(text, bytes).read === text.length) return bytes
  // The bytes may be the beginning of a secret.
  bytes.fill(0)
  return encoder.encode(text)
}

/**
 * The text of UTF-8 bytes.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` for bytes that are not UTF-8
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new VaultError('MALFORMED_RECORD', 'text in a record is not UTF-8')
  }
}
