import { VaultError } from '@stagevault/core/errors'
import { DESCRIPTOR_KEY, EVERY_KEY } from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'

/**
 * The vault's descriptor, or `null` in an empty store.
 *
 * @throws {@link VaultError} `RECORD_MISSING` where there are records and no descriptor: what lost
 *   it, or is something else, is neither opened nor taken over
 */
export async function readDescriptor(storage: StorageAdapter): Promise<Uint8Array | null> {
  const descriptor = await readRecord(storage)
  if (descriptor !== null) return descriptor
  const [stray] = await storage.scan({ ...EVERY_KEY, limit: 1 })
  if (stray === undefined) return null
  // Somebody else may have created the vault between the two reads.
  const late = await readRecord(storage)
  if (late !== null) return late
  const message = 'the vault descriptor is missing, though the store holds records'
  throw new VaultError('RECORD_MISSING', message)
}

async function readRecord(storage: StorageAdapter): Promise<Uint8Array | null> {
  const [descriptor = null] = await storage.read([DESCRIPTOR_KEY])
  return descriptor
}
