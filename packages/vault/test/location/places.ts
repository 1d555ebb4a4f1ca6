import type { StorageAdapter } from '@stagevault/storage'

/** What unlocks the vaults of these tests: 32 bytes with no meaning. */
export const KEY: Uint8Array = new Uint8Array(32).fill(7)

/** What the cases need of an environment: the store that a location names in it. */
export interface Places {
  /** Runs a case on a location where nothing is, and removes what it leaves there. */
  withPlace(step: (place: Place) => Promise<void>): Promise<void>
}

export interface Place {
  readonly location: string
  /** Whether there is anything, a vault or not. */
  exists(): Promise<boolean>
  /** Whether anybody, in this process or page, has it open. */
  isOpen(): Promise<boolean>
  /** How the writes that were made so far asked to be kept, without repeats. */
  durabilities(): readonly ('strict' | 'relaxed')[]
  /** The store itself, through its adapter. */
  createStorage(): Promise<StorageAdapter>
  openStorage(): Promise<StorageAdapter>
}
