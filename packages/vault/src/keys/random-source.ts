/** Random sources that are checked for failures that would break secrecy. */

import { isBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { RANDOM_BLOCKS_MIN } from '@stagevault/core/limits'
import { platform } from '#platform'
import { createRecentMap } from '../caches/recent-map.js'

/** Returns `length` fresh, unpredictable bytes. */
export type RandomSource = (length: number) => Uint8Array

/** Blocks of at least this many bytes are unique, and compared by their first bytes. */
const UNIQUE_BYTES = 16
const BLOCK_BYTES = 32

/**
 * The platform's random source. It returns arrays that nothing else references, so they are not
 * copied. A failing platform source throws or returns the same block again, so each block is
 * compared with the previous one.
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
 * A random source of the caller, with its results checked. A source that repeats a block within a
 * process is broken or was replayed; nothing is sealed with its bytes.
 *
 * @returns a source that throws {@link VaultError} `RANDOM_FAILED` if `source` throws, returns
 *   anything but `length` bytes, or repeats a block
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
      // Not passed on as `cause`: the error may contain the state of the generator.
      throw failed('threw an error')
    }
    // Measure the copy: a subclass of Uint8Array may report a wrong length.
    const own = isBytes(bytes) ? new Uint8Array(bytes) : null
    if (own?.length !== length) throw failed('did not return the requested bytes')
    for (let i = 0; i + UNIQUE_BYTES <= length; i += BLOCK_BYTES) {
      remember(own.subarray(i))
    }
    return own
  }
}

/**
 * 53 bits of the block; two different blocks share them once in 10^15 cases. The bytes themselves
 * are not kept, because this record outlives the keys made from them.
 */
function fingerprintOf(start: Uint8Array): number {
  // FNV-1a in 32 bits, twice with different multipliers.
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
