/** Hashes of long data on another thread, where that is faster than on this one. */

import { wipe } from '@stagevault/core/bytes'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { HashLong } from './platform.js'
import { HASH_LONG_BYTES_MIN } from './platform.js'

/** How a vault hashes. */
export interface Hashing {
  readonly primitives: Primitives
  /** Instead of `primitives.sha256`, for what is long. */
  readonly hashLong: HashLong | null
}

/** Whether `length` bytes are hashed on another thread. */
export function isHashedElsewhere({ hashLong }: Hashing, length: number): boolean {
  return hashLong !== null && length >= HASH_LONG_BYTES_MIN
}

/** SHA-256 of `data`, which must not change until it is there. */
export async function sha256Async(
  { hashLong, primitives }: Hashing,
  data: Uint8Array,
): Promise<Uint8Array> {
  if (hashLong === null || data.length < HASH_LONG_BYTES_MIN) return primitives.sha256(data)
  return hashLong(data).catch(() => primitives.sha256(data))
}

/** The length of SHA-256's block, in bytes, and the bytes that HMAC fills two of them up with. */
const BLOCK_BYTES = 64
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

/**
 * Makes HMAC-SHA-256 over `context` and then `data`, which may be long. Elsewhere there is SHA-256
 * alone, of which RFC 2104 makes it in two steps: Web Crypto's HMAC would need an object for the
 * key, to be made anew each time or to outlive the vault. A key has at most a block.
 */
export function hmacAsync(hashing: Hashing): HmacAsync {
  const { hashLong, primitives } = hashing
  return async (key, context, data) => {
    if (hashLong === null || data.length < HASH_LONG_BYTES_MIN) {
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

/** A block of the key and what it is filled up with, and then `parts`. */
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
