/**
 * The platform of browsers and of runtimes without `node:crypto`. Nothing here or below may import
 * `node:*`. What many vaults do without, AES-GCM and scrypt, is loaded by those that need it.
 */
import { nobleChaCha } from '@stagevault/core/crypto/noble-chacha'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import { openBroadcastChannel } from './broadcast-channel.js'
import type { HashLong, Platform, ScryptInput } from './platform.js'

// Web Crypto API, getRandomValues: more than this is a QuotaExceededError.
const MAX_RANDOM_BYTES = 65_536

// noble reports up to 10,000 times, which is right for noticing an abort and too much for a caller.
const PROGRESS_STEP = 0.01

async function primitivesOf(suite: SuiteId): Promise<Primitives> {
  if (suite === SUITE_CHACHA20_POLY1305) return nobleChaCha
  return (await import('@stagevault/core/crypto/noble-primitives')).noblePrimitives
}

/** Web Crypto as far as it is used here; pages that came over plain HTTP have none. */
interface WebCryptoScope {
  readonly crypto?: { readonly subtle?: SubtleDigest }
}

interface SubtleDigest {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>
}

/** Native code, on another thread. */
function hashLongBy(subtle: SubtleDigest | undefined): HashLong | null {
  if (subtle === undefined) return null
  return async (data) => new Uint8Array(await subtle.digest('SHA-256', data))
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += MAX_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(start, start + MAX_RANDOM_BYTES))
  }
  return bytes
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function progressOf(input: ScryptInput): (fraction: number) => void {
  const { signal, onProgress } = input
  let reported = 0
  return (fraction) => {
    // Throwing is the only way to stop noble; it wipes its memory on the way out.
    signal?.throwIfAborted()
    if (fraction < 1 && fraction - reported < PROGRESS_STEP) return
    reported = fraction
    onProgress?.(fraction)
  }
}

/**
 * noble pauses by `scheduler.yield`, after which it would go on before timers and clicks, the one
 * that aborts among them. In a task of the lowest priority it goes on after them.
 */
function inBackground<T>(work: () => Promise<T>): Promise<T> {
  const { scheduler } = globalThis as unknown as { readonly scheduler?: Scheduler }
  return scheduler?.postTask === undefined ? work()
    : scheduler.postTask(work, { priority: 'background' })
}

/** https://wicg.github.io/scheduling-apis, which Safari does not have. */
interface Scheduler {
  postTask?<T>(work: () => Promise<T>, options: { readonly priority: 'background' }): Promise<T>
}

async function scrypt(input: ScryptInput): Promise<Uint8Array> {
  input.signal?.throwIfAborted()
  const { r, p, keyBytes } = input
  const N = 2 ** input.logN
  // noble reads them when it is loaded and at the end, when the caller may have wiped them.
  const password = new Uint8Array(input.password)
  const salt = new Uint8Array(input.salt)
  try {
    const { scryptAsync } = await import('@noble/hashes/scrypt.js')
    input.signal?.throwIfAborted()
    return await inBackground(() => scryptAsync(password, salt, {
      N,
      r,
      p,
      dkLen: keyBytes,
      maxmem: 128 * r * (N + p + 1),
      onProgress: progressOf(input),
    }))
  } finally {
    password.fill(0)
  }
}

export const platform: Platform = {
  primitives: nobleChaCha,
  primitivesOf,
  hashLong: hashLongBy((globalThis as unknown as WebCryptoScope).crypto?.subtle),
  randomBytes,
  isSame,
  scrypt,
  openChannel: openBroadcastChannel,
}
