/** The platform of Node, Bun and Deno. */
import { Buffer } from 'node:buffer'
import { randomFillSync, scrypt as scryptOnPool } from 'node:crypto'
import { setImmediate } from 'node:timers'
import { nodePrimitives, ownBytes } from './node-primitives.js'
import type { Platform, ScryptInput } from './platform.js'
import { openProcessChannel, openProcessTurns } from './in-process.js'

/**
 * A call of the system's generator costs as much for a page as for one key. So short blocks are
 * taken from a page drawn in advance, and overwritten there.
 */
const PAGE_BYTES = 4_096
const SHORT_BYTES_MAX = 64
const page = new Uint8Array(PAGE_BYTES)
let pageStart = PAGE_BYTES

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  if (length > SHORT_BYTES_MAX) return randomFillSync(bytes)
  if (pageStart + length > PAGE_BYTES) {
    randomFillSync(page)
    pageStart = 0
  }
  for (let i = 0; i < length; i++) {
    bytes[i] = page[pageStart] ?? 0
    page[pageStart++] = 0
  }
  return bytes
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/**
 * The job on the thread pool copies password and salt and cannot be stopped. After an abort it runs
 * to its end, and its result is wiped there.
 */
async function scrypt(input: ScryptInput): Promise<Uint8Array> {
  const { password, salt, keyBytes, r, p, signal } = input
  signal?.throwIfAborted()
  const N = 2 ** input.logN
  // The memory that OpenSSL counts. Without it OpenSSL refuses everything from N = 2^15 at r = 8.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) }
  let giveUp: (() => void) | undefined
  try {
    const key = await new Promise<Uint8Array>((resolve, reject) => {
      giveUp = () => {
        resolve(new Uint8Array(0))
      }
      signal?.addEventListener('abort', giveUp)
      scryptOnPool(password, salt, keyBytes, options, (error, derived) => {
        // Bun passes `undefined` instead of `null`.
        if (error) {
          reject(error)
          return
        }
        if (signal?.aborted === true) derived.fill(0)
        resolve(ownBytes(derived))
      })
    })
    try {
      signal?.throwIfAborted()
      input.onProgress?.(1)
    } catch (error) {
      key.fill(0)
      throw error
    }
    return key
  } finally {
    if (giveUp !== undefined) signal?.removeEventListener('abort', giveUp)
  }
}

export const platform: Platform = {
  primitives: nodePrimitives,
  primitivesOf: () => Promise.resolve(nodePrimitives),
  hashLongData: null,
  randomBytes,
  isSame,
  scrypt,
  openChannel: openProcessChannel,
  openTurns: openProcessTurns,
  yieldThread: () => new Promise((resolve) => setImmediate(resolve)),
}
