/** The random source of a vault, watched for the failures that would cost secrecy. */

import { isBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { RANDOM_BLOCKS_MIN } from '@stagevault/core/limits'
import { platform } from '#platform'
import { createRecentMap } from '../memory/recent-map.js'

/** Gives `length` fresh, unpredictable bytes. */
export type RandomSource = (length: number) => Uint8Array

/** Blocks that are long enough to be unique are told by their first bytes. */
const UNIQUE_BYTES = 16
const BLOCK_BYTES = 32

/**
 * The platform's source. It gives arrays that nothing else holds, so they need no copies. Where it
 * fails it throws, or gives the same block over and over: it is compared with the block before.
 *
 * @returns a source that throws {@link VaultError} `RANDOM_FAILED`
 */
export function watchPlatformRandom(): RandomSource {
  let last = 0
  return (length) => {
    let bytes: Uint8Array
    try {
      bytes = platform.randomBytes(length)
    } catch {
      throw failed('threw an error')
    }
    if (length < UNIQUE_BYTES) return bytes
    const fingerprint = fingerprintOf(bytes)
    if (fingerprint === last) throw failed('repeated itself')
    last = fingerprint
    return bytes
  }
}

/**
 * The source with its answers checked. One that repeats itself within a process is broken or was
 * replayed: nothing is sealed with what it gives.
 *
 * @returns a source that throws {@link VaultError} `RANDOM_FAILED` when `source` throws, gives
 *   something else than asked for, or gives one block twice.
 */
export function watchRandom(source: RandomSource): RandomSource {
  const blocks = createRecentMap<number, true>(RANDOM_BLOCKS_MIN)

  function remember(start: Uint8Array): void {
    const fingerprint = fingerprintOf(start)
    if (blocks.get(fingerprint) === true) throw failed('repeated itself')
    blocks.set(fingerprint, true)
  }

  return (length) => {
    let bytes: unknown
    try {
      bytes = source(length)
    } catch {
      // Not passed on as `cause`: it may hold the state of the generator.
      throw failed('threw an error')
    }
    // The copy is measured: a subclass of Uint8Array may say anything of its length.
    const own = isBytes(bytes) ? new Uint8Array(bytes) : null
    if (own?.length !== length) throw failed('did not give what was asked')
    for (let i = 0; i + UNIQUE_BYTES <= length; i += BLOCK_BYTES) {
      remember(own.subarray(i))
    }
    return own
  }
}

/**
 * 53 bits of it, which two different ones share once in 10^15 times. The bytes themselves are not
 * kept: what is remembered outlives the keys that are made of them.
 */
function fingerprintOf(start: Uint8Array): number {
  // FNV-1a in 32 bits, and once more with another multiplier.
  let low = 0x811c9dc5
  let high = 0x811c9dc5
  for (let i = 0; i < UNIQUE_BYTES; i++) {
    const byte = start[i] ?? 0
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ byte, 0x85ebca6b)
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}

function failed(what: string): VaultError {
  return new VaultError('RANDOM_FAILED', `the random source ${what}; nothing was written`)
}
