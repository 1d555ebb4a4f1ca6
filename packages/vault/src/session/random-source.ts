/** The random source of a vault, watched for the failures that would cost secrecy. */

import { isBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'

/** Gives `length` fresh, unpredictable bytes. */
export type RandomSource = (length: number) => Uint8Array

/** Blocks that are long enough to be unique are remembered by their first 16 bytes. */
const FINGERPRINT_BYTES = 16
const BLOCK_BYTES = 32
/** Blocks that are remembered at least. */
const BLOCKS_MIN = 4096

/**
 * The source with its answers checked. One that repeats itself within a process is broken or was
 * replayed: nothing is sealed with what it gives.
 *
 * @returns a source that throws {@link VaultError} `RANDOM_FAILED` when `source` throws, gives
 *   something else than asked for, or gives one block twice.
 */
export function watchRandom(source: RandomSource): RandomSource {
  let recent = new Set<string>()
  // Forgotten as a whole: a set that loses its oldest entry each time has to look for it among the
  // places of those that it lost before.
  let earlier = new Set<string>()

  function remember(block: Uint8Array): void {
    const fingerprint = Reflect.apply(String.fromCharCode, null, block) as string
    if (recent.has(fingerprint) || earlier.has(fingerprint)) throw failed('repeated itself')
    recent.add(fingerprint)
    if (recent.size < BLOCKS_MIN) return
    earlier = recent
    recent = new Set()
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
    for (let i = 0; i + FINGERPRINT_BYTES <= length; i += BLOCK_BYTES) {
      remember(own.subarray(i, i + FINGERPRINT_BYTES))
    }
    return own
  }
}

function failed(what: string): VaultError {
  return new VaultError('RANDOM_FAILED', `the random source ${what}; nothing was written`)
}
