/** Where a vault's records are, and who opens and closes the store that holds them. */

import { VaultError } from '@stagevault/core/errors'
import { DESCRIPTOR_KEY, EVERY_KEY } from '@stagevault/core/records/layout'
import type { Fields } from '@stagevault/core/request/request-fields'
import { hasMethods, invalid, optionalText } from '@stagevault/core/request/request-fields'
import { encodeText } from '@stagevault/core/text'
import type { StorageAdapter, StorageError } from '@stagevault/storage'
import { checkedStorage, isStorageError } from '@stagevault/storage'
import { embeddedStorage } from '#embedded-storage'
import type { Durability, EmbeddedStorage, EmbeddedStore } from '../platform/platform.js'

/**
 * Where the records of a vault are: in a store that the vault opens and closes itself, or in one
 * that the caller has opened and closes when no vault needs it any more.
 */
export type StorageOptions =
  | {
      /**
       * In Node, Bun and Deno the folder of a LevelDB store, which holds nothing else; in browsers
       * the name of an IndexedDB database within the origin. Not empty, and without NUL.
       */
      readonly location: string
      /** Whether a change waits until it is on the disk; `strict` by default. */
      readonly durability?: Durability | undefined
      /** Not with `location`. */
      readonly storage?: undefined
    }
  | {
      /** An open store. */
      readonly storage: StorageAdapter
      /** Not with `storage`. */
      readonly location?: undefined
      /** Not with `storage`, which has its own. */
      readonly durability?: undefined
    }

/** One of the two, checked. */
export type VaultPlace = { readonly storage: StorageAdapter } | EmbeddedStore

export const PLACE_OPTIONS = ['storage', 'location', 'durability'] as const

/**
 * Reads the options that say where a vault is. Opens nothing.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function parsePlace(operation: string, fields: Fields): VaultPlace {
  const storage = fields.get('storage') as StorageAdapter | undefined
  if (storage !== undefined && !hasMethods(storage, ['read', 'scan', 'commit', 'close'])) {
    throw new TypeError(`${operation} needs a storage with the methods of an adapter`)
  }
  const location = optionalText(fields, 'location')
  const durability = optionalText(fields, 'durability')
  if (storage === undefined) {
    if (location === null) throw new TypeError(`${operation} needs a location or a storage`)
    return { location: parseLocation(location), durability: parseDurability(durability) }
  }
  if (location !== null) throw invalid(`${operation} takes a location or a storage, not both`)
  if (durability !== null) throw invalid('durability goes with location: a storage has its own')
  return { storage }
}

function parseLocation(location: string): string {
  encodeText('location', location)
  // File systems would cut it there, and name another folder than the one that was meant.
  if (location === '' || location.includes('\0')) {
    throw invalid('location must not be empty, and must not contain NUL')
  }
  return location
}

function parseDurability(durability: string | null): Durability {
  if (durability === null || durability === 'strict') return 'strict'
  if (durability === 'relaxed') return durability
  throw invalid('durability must be strict or relaxed')
}

/** An open store, and what gives it back to whom it belongs. */
export interface VaultStore {
  readonly storage: StorageAdapter
  /** Closes a store that the vault has opened; one that was given stays open. */
  readonly release: () => Promise<void>
}

/** Opens the place for `step`, and gives it back if that fails: no lock outlives a failure. */
export async function withStore<T>(
  place: VaultPlace,
  how: keyof EmbeddedStorage,
  step: (store: VaultStore) => Promise<T>,
): Promise<T> {
  const store = await enter(place, how)
  try {
    return await step(store)
  } catch (error) {
    // Why there is no vault says more than what closing may add.
    await store.release().catch(() => undefined)
    throw error
  }
}

async function enter(place: VaultPlace, how: keyof EmbeddedStorage): Promise<VaultStore> {
  if ('storage' in place) {
    return { storage: checkedStorage(place.storage), release: () => Promise.resolve() }
  }
  const storage = checkedStorage(
    await embeddedStorage[how](place).catch((error: unknown) => {
      if (!isMissing(error)) throw error
      throw new VaultError('VAULT_MISSING', error.message, { cause: error })
    }),
  )
  return { storage, release: () => storage.close() }
}

/** No store at a location is no vault. */
function isMissing(error: unknown): error is StorageError {
  return isStorageError(error, 'STORAGE_MISSING')
}

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
  // Another program may have created the vault between the two reads.
  const late = await readRecord(storage)
  if (late !== null) return late
  const message = 'the vault descriptor is missing, though the store holds records'
  throw new VaultError('RECORD_MISSING', message)
}

async function readRecord(storage: StorageAdapter): Promise<Uint8Array | null> {
  const [descriptor = null] = await storage.read([DESCRIPTOR_KEY])
  return descriptor
}
