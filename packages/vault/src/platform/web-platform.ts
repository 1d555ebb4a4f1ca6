/**
 * The platform of browsers and of runtimes without `node:crypto`. No module reachable from here may
 * import `node:*`. AES-GCM and scrypt are loaded on first use, because many vaults need neither.
 */
import { nobleChaCha } from '@stagevault/core/crypto/noble-chacha'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import { loadPart } from './platform.js'
import { openBroadcastChannel } from './broadcast-channel.js'
import type { HashLongData, Platform, Turns } from './platform.js'
import { openProcessTurns } from './in-process.js'
import { scryptInPage } from './web-scrypt.js'

// Web Crypto API, getRandomValues: more than this is a QuotaExceededError.
const MAX_RANDOM_BYTES = 65_536

async function primitivesOf(suite: SuiteId): Promise<Primitives> {
  if (suite === SUITE_CHACHA20_POLY1305) return nobleChaCha
  const load = () => import('@stagevault/core/crypto/noble-primitives')
  return (await loadPart(load)).noblePrimitives
}

/** The used part of Web Crypto, which pages loaded over plain HTTP do not have. */
interface WebCryptoScope {
  readonly crypto?: { readonly subtle?: SubtleDigest }
}

interface SubtleDigest {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>
}

/** Native code, on another thread. */
function hashLongDataBy(subtle: SubtleDigest | undefined): HashLongData | null {
  if (subtle === undefined) return null
  return async (data) => new Uint8Array(await subtle.digest('SHA-256', data))
}

/** The used part of Web Locks. */
interface LockScope {
  readonly navigator?: { readonly locks?: OriginLocks }
}

interface OriginLocks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<void>
}

/** Turns among all tabs and workers of the origin; without Web Locks, within this one only. */
function openOriginTurns(name: string): Turns {
  const locks = (globalThis as unknown as LockScope).navigator?.locks
  const inProcess = openProcessTurns(name)
  if (locks === undefined) return inProcess
  const take: Turns['take'] = (signal) =>
    new Promise((resolve, reject) => {
      const hold = (): Promise<void> =>
        new Promise((end) => {
          resolve(end)
        })
      locks.request(`stagevault:${name}`, { signal }, hold).catch(() => {
        if (signal.aborted) resolve(null)
        // A page of an opaque origin has `locks` but must not use them.
        else inProcess.take(signal).then(resolve, reject)
      })
    })
  // Querying the queue of a lock takes as long as requesting the lock.
  return { isWanted: () => null, take }
}

/** The used part of MessagePort, without a browser's types. */
interface Port {
  onmessage: (() => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Uses a message, because browsers delay nested timers by four milliseconds. */
function yieldThread(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as Record<'port1' | 'port2', Port>
    port1.onmessage = (): void => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
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
  hashLongData: hashLongDataBy((globalThis as unknown as WebCryptoScope).crypto?.subtle),
  randomBytes,
  isSame,
  scrypt: scryptInPage,
  openChannel: openBroadcastChannel,
  openTurns: openOriginTurns,
  yieldThread,
}
