import { StorageError } from '@stagevault/storage'

/** What was stored under a key, `null` for nothing; anything but bytes was put there by others. */
export function requireBytes(stored: unknown): Uint8Array | null {
  if (stored === undefined) return null
  if (stored instanceof Uint8Array) return stored
  throw new StorageError('STORAGE_UNAVAILABLE', 'the database holds something other than records')
}

/**
 * A copy with a buffer of its own. A view is stored with the whole buffer that it is a part of,
 * which may hold other records, and one of shared memory is not stored at all.
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
