/**
 * The platform of browsers and of runtimes without `node:crypto`. Nothing here or below may import
 * `node:*`. What many vaults do without, AES-GCM and scrypt, is loaded by those that need it.
 */
import { nobleChaCha } from '@stagevault/core/crypto/noble-chacha'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import { loadPart } from '../load-part.js'
import { openBroadcastChannel } from './broadcast-channel.js'
import type { HashLong, Platform } from './platform.js'
import { scryptInPage } from './web-scrypt.js'

// Web Crypto API, getRandomValues: more than this is a QuotaExceededError.
const MAX_RANDOM_BYTES = 65_536

async function primitivesOf(suite: SuiteId): Promise<Primitives> {
  if (suite === SUITE_CHACHA20_POLY1305) return nobleChaCha
  const load = () => import('@stagevault/core/crypto/noble-primitives')
  return (await loadPart(load)).noblePrimitives
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

export const platform: Platform = {
  primitives: nobleChaCha,
  primitivesOf,
  hashLong: hashLongBy((globalThis as unknown as WebCryptoScope).crypto?.subtle),
  randomBytes,
  isSame,
  scrypt: scryptInPage,
  openChannel: openBroadcastChannel,
}
