/** Hashes long data on another thread, if that is faster than on this one. */

import { wipe } from '@stagevault/core/bytes'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { HashLongData } from './platform.js'
import { LONG_DATA_BYTES_MIN } from './platform.js'

/** How a vault hashes. */
export interface Hashing {
  readonly primitives: Primitives
  /** Replaces `primitives.sha256` for long data, if this is faster. */
  readonly hashLongData: HashLongData | null
}

/** Whether `length` bytes are hashed on another thread. */
export function isHashedElsewhere({ hashLongData }: Hashing, length: number): boolean {
  return hashLongData !== null && length >= LONG_DATA_BYTES_MIN
}

/** SHA-256 of `data`, which must not change before the promise settles. */
export async function sha256Async(
  { hashLongData, primitives }: Hashing,
  data: Uint8Array,
): Promise<Uint8Array> {
  if (hashLongData === null || data.length < LONG_DATA_BYTES_MIN) return primitives.sha256(data)
  return hashLongData(data).catch(() => primitives.sha256(data))
}

/** SHA-256's block length in bytes, and the bytes that HMAC pads its two blocks with. */
const BLOCK_BYTES = 64
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

/**
 * Returns HMAC-SHA-256 over `context` and then `data`, which may be long. HMAC is built from two
 * SHA-256 calls as in RFC 2104: Web Crypto's HMAC would need a key object, to be created on every
 * call or kept longer than the vault. `key` must not exceed one block.
 */
export function hmacAsync(hashing: Hashing): HmacAsync {
  const { hashLongData, primitives } = hashing
  return async (key, context, data) => {
    if (hashLongData === null || data.length < LONG_DATA_BYTES_MIN) {
      return primitives.hmacSha256(key, context, data)
    }
    const message = afterKey(key, INNER_PAD, context, data)
    let last: Uint8Array | null = null
    try {
      last = afterKey(key, OUTER_PAD, await sha256Async(hashing, message))
      return primitives.sha256(last)
    } finally {
      wipe(message)
      if (last !== null) wipe(last)
    }
  }
}

export type HmacAsync = (
  key: Uint8Array,
  context: Uint8Array,
  data: Uint8Array,
) => Promise<Uint8Array>

/** The key padded to a block and combined with `pad`, followed by `parts`. */
function afterKey(key: Uint8Array, pad: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, BLOCK_BYTES)
  const message = new Uint8Array(length).fill(pad, 0, BLOCK_BYTES)
  for (const [i, byte] of key.entries()) message[i] = byte ^ pad
  let end = BLOCK_BYTES
  for (const part of parts) {
    message.set(part, end)
    end += part.length
  }
  return message
}
