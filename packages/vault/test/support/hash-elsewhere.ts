/** Long values hashed on another thread, as in browsers; in Node nothing is. */

import { createHash } from 'node:crypto'
import { platform } from '../../dist/platform/node-platform.js'
import type { HashLongData } from '../../dist/platform/platform.js'
import { LONG_DATA_BYTES_MIN } from '../../dist/platform/platform.js'

/** Text that is hashed elsewhere, and tells from which text it was made. */
export function longText(text: string): string {
  return text.padEnd(LONG_DATA_BYTES_MIN, '.')
}

/**
 * What `open` opens or creates hashes long values after a turn elsewhere; a handle keeps that.
 *
 * @param turn - settles when the other thread has the hash
 */
export async function withHashElsewhere<T>(
  turn: () => Promise<unknown>,
  open: () => Promise<T>,
): Promise<T> {
  const before = platform.hashLongData
  const hashLongData: HashLongData = async (data) => {
    // A caller that has been given up wipes what it gave.
    const hash = new Uint8Array(createHash('sha256').update(data).digest())
    await turn()
    return hash
  }
  Object.assign(platform, { hashLongData })
  try {
    return await open()
  } finally {
    Object.assign(platform, { hashLongData: before })
  }
}
