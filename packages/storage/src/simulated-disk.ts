import type { Mutation, StorageAdapter } from './contract.js'
import { createMemoryData, createMemoryStorage, type MemoryData } from './memory.js'

/** When a commit survives a power loss: once it is applied, or once a later strict commit is. */
export type SimulatedDurability = 'strict' | 'relaxed'

/**
 * A disk in memory that can lose power, for tests of code that uses a store. It behaves like an
 * adapter with one log that is synced for strict commits: a power loss takes only the latest
 * commits, and never a part of one.
 */
export interface SimulatedDisk {
  /** Opens a store on this disk. All stores of a disk see each other's commits immediately. */
  open(durability: SimulatedDurability): StorageAdapter
  /** How many commits a power loss may take. */
  readonly atRisk: number
  /**
   * Keeps the first `kept` of the commits at risk (0 by default) and reverts the others. Open
   * stores then reject with `STORAGE_CLOSED`. Throws a `RangeError` if `kept` is not an integer
   * from 0 to {@link SimulatedDisk.atRisk}.
   */
  losePower(kept?: number): void
}

/** Creates an empty disk. */
export function createSimulatedDisk(): SimulatedDisk {
  const records = createMemoryData()
  /** The mutations that revert each commit at risk, oldest first. */
  const undo: (readonly Mutation[])[] = []
  let open: StorageAdapter[] = []

  function dataOf(durability: SimulatedDurability): MemoryData {
    return {
      ...records,
      apply(mutations) {
        if (mutations.length === 0) return
        // There is one log, so a sync also makes every earlier commit durable.
        if (durability === 'strict') undo.length = 0
        else undo.push(mutations.map(({ key }) => ({ key, value: records.get(key) })))
        records.apply(mutations)
      },
    }
  }

  return {
    open(durability) {
      const storage = createMemoryStorage({ data: dataOf(durability) })
      open.push(storage)
      return storage
    },

    get atRisk() {
      return undo.length
    },

    losePower(kept = 0) {
      if (!Number.isInteger(kept) || kept < 0 || kept > undo.length) {
        throw new RangeError(`kept must be an integer from 0 to ${undo.length}`)
      }
      for (const mutations of undo.splice(kept).reverse()) records.apply(mutations)
      // The surviving commits are on the disk and can no longer be lost.
      undo.length = 0
      for (const storage of open) void storage.close()
      open = []
    },
  }
}
