import type { DisposableStorage } from '@stagevault/storage'
import { openConnection } from './connection.js'
import type { IdbDurability } from './idb-adapter.js'
import { idbAdapter } from './idb-adapter.js'

export type { IdbDurability } from './idb-adapter.js'

/** What `createIdbStorage` and `openIdbStorage` take. */
export interface IdbStorageOptions {
  /** The name of the database within the origin. */
  readonly name: string
  /**
   * When a commit counts as applied. `strict`, the default: once the browser has written it to the
   * disk. `relaxed`: once the operating system has it, so that a crash of the machine may lose the
   * latest commits, but never a part of one.
   */
  readonly durability?: IdbDurability | undefined
}

/**
 * Opens the database, and creates it if it is missing. All tabs and workers of the origin may have
 * it open at the same time.
 *
 * Rejects with `STORAGE_BLOCKED`, `STORAGE_FULL` or `STORAGE_UNAVAILABLE`, with `STORAGE_CLOSED` if
 * another tab deletes or replaces it during the call, and with a `TypeError` or `RangeError` for
 * wrong options.
 */
export function createIdbStorage(options: IdbStorageOptions): Promise<DisposableStorage> {
  return open(options, true)
}

/**
 * Opens the database without creating it.
 *
 * Rejects with `STORAGE_MISSING` if it does not exist, or if the browser has deleted or emptied it;
 * otherwise as {@link createIdbStorage}.
 */
export function openIdbStorage(options: IdbStorageOptions): Promise<DisposableStorage> {
  return open(options, false)
}

async function open(options: IdbStorageOptions, create: boolean): Promise<DisposableStorage> {
  const { name, durability = 'strict', ...others } = options
  if (Object.keys(others).length > 0) throw new RangeError('options are name and durability')
  if (typeof name !== 'string') throw new TypeError(`name must be a string, not ${typeof name}`)
  if (name === '') throw new RangeError('name must not be empty')
  if (typeof durability !== 'string') {
    throw new TypeError(`durability must be a string, not ${typeof durability}`)
  }
  if (!['strict', 'relaxed'].includes(durability)) {
    throw new RangeError("durability must be 'strict' or 'relaxed'")
  }
  return idbAdapter(await openConnection(name, create ? durability : null), durability)
}
