import type { Mutation, StorageAdapter } from './contract.js'
import { createMemoryData, createMemoryStorage, type MemoryData } from './memory.js'

/** When a commit is safe from a loss of power: once it is applied, or with a later strict one. */
export type SimulatedDurability = 'strict' | 'relaxed'

/**
 * A disk in memory that can lose its power, for tests of what stands on a store. It behaves as an
 * adapter with one log does that is synced for strict commits: what is lost is always the latest,
 * and never a part of a commit.
 */
export interface SimulatedDisk {
  /** A store on this disk. All of them see each other's commits at once. */
  open(durability: SimulatedDurability): StorageAdapter
  /** How many commits a loss of power may take. */
  readonly atRisk: number
  /**
   * Keeps the first `kept` of the commits at risk (0 by default) and takes back the others. Stores
   * that are open reject with `STORAGE_CLOSED` from now on. Throws a `RangeError` where `kept` is
   * not an integer from 0 to {@link SimulatedDisk.atRisk}.
   */
  losePower(kept?: number): void
}

/** A new, empty disk. */
export function createSimulatedDisk(): SimulatedDisk {
  const records = createMemoryData()
  /** What takes back each commit at risk, the oldest first. */
  const undo: (readonly Mutation[])[] = []
  let open: StorageAdapter[] = []

  function dataOf(durability: SimulatedDurability): MemoryData {
    return {
      ...records,
      apply(mutations) {
        if (mutations.length === 0) return
        // One log: what is synced brings everything before it along.
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
      // What survived is on the disk, and nothing can take it any more.
      undo.length = 0
      for (const storage of open) void storage.close()
      open = []
    },
  }
}
