import { StorageError } from '@stagevault/storage'

/**
 * The bytes stored under a key, or `null` for none. Anything else was written by another program.
 */
export function requireBytes(stored: unknown): Uint8Array | null {
  if (stored === undefined) return null
  if (stored instanceof Uint8Array) return stored
  throw new StorageError('STORAGE_UNAVAILABLE', 'the database holds something other than records')
}

/**
 * A copy with its own buffer. IndexedDB would store a view with its whole buffer, which may hold
 * other records, and cannot store shared memory at all.
 */
export function ownBytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value)
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] !== b[i]) return false
  }
  return true
}
