import { realpathSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorageSubject } from '@stagevault/storage/conformance'
import { createLevelStorage } from '@stagevault/storage-level'
import type { LevelDurability } from '@stagevault/storage-level'
import { Level } from 'level'

/** An empty folder that the test removes. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'stagevault-level-'))
}

/**
 * Whether a batch that is made to fail is made nevertheless. LevelDB has both: a record that the
 * log has no room for is gone, one whose fsync fails is there after reopening.
 */
export type FailedBatch = 'made' | 'not made'

/** LevelDB in a new folder, with failures put in between abstract-level and the native binding. */
export async function levelSubject(
  durability: LevelDurability,
  failedBatch: FailedBatch,
): Promise<StorageSubject> {
  const folder = await temporaryFolder()
  const location = join(folder, 'store')
  const faults: Faults = { reads: false, batches: null }
  FAULTS.set(location, faults)
  return {
    open: () => createLevelStorage({ location, durability }),
    failReads() {
      faults.reads = true
    },
    failWrites() {
      faults.batches = failedBatch
    },
    heal() {
      faults.reads = false
      faults.batches = null
    },
    async dispose() {
      FAULTS.delete(location)
      await rm(folder, { recursive: true })
    },
  }
}

interface Faults {
  reads: boolean
  batches: FailedBatch | null
}

const FAULTS = new Map<string, Faults>()

/** The adapter gives LevelDB a path through a descriptor. */
function faultsOf({ location }: Implementation): Faults | undefined {
  return FAULTS.get(realpathSync(location))
}

/** The methods that abstract-level calls an implementation through. */
interface Implementation {
  readonly location: string
  _getSync: (this: Implementation, key: unknown, options: unknown) => unknown
  _batch: (this: Implementation, operations: unknown, options: unknown) => Promise<void>
  _chainedBatch: (this: Implementation) => { _write: (options: unknown) => Promise<void> }
  _iterator: (this: Implementation, options: unknown) => { _nextv: () => Promise<unknown> }
}

const implementation = Level.prototype as unknown as Implementation
const { _getSync, _batch, _chainedBatch, _iterator } = implementation

const ioError = (): Error =>
  Object.assign(new Error('IO error: made to fail'), { code: 'LEVEL_IO_ERROR' })

implementation._getSync = function (key, options) {
  if (faultsOf(this)?.reads === true) throw ioError()
  return _getSync.call(this, key, options)
}

async function write(database: Implementation, make: () => Promise<void>): Promise<void> {
  const fault = faultsOf(database)?.batches ?? null
  if (fault !== 'not made') await make()
  if (fault !== null) throw ioError()
}

implementation._batch = function (operations, options) {
  return write(this, () => _batch.call(this, operations, options))
}

implementation._chainedBatch = function () {
  const batch = _chainedBatch.call(this)
  const make = batch._write.bind(batch)
  batch._write = (options) => write(this, () => make(options))
  return batch
}

implementation._iterator = function (options) {
  const iterator = _iterator.call(this, options)
  if (faultsOf(this)?.reads === true) iterator._nextv = () => Promise.reject(ioError())
  return iterator
}
