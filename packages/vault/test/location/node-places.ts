import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import type { Place, Places } from './places.js'

/** Folders of the system's own for temporary files. */
export const nodePlaces: Places = {
  withPlace: async (step) => {
    const folder = await mkdtemp(join(tmpdir(), 'stagevault-location-'))
    const location = join(folder, 'deep', 'vault')
    const writes = watchWrites()
    try {
      await step({
        location,
        exists: () => Promise.resolve(existsSync(join(folder, 'deep'))),
        isOpen: () => isLocked(location),
        durabilities: () => [...writes.durabilities],
        createStorage: () => createLevelStorage({ location }),
        openStorage: () => openLevelStorage({ location }),
      })
    } finally {
      writes.restore()
      await rm(folder, { recursive: true })
    }
  },
}

async function isLocked(location: string): Promise<boolean> {
  try {
    await (await openLevelStorage({ location })).close()
    return false
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return error.code === 'STORAGE_LOCKED'
  }
}

interface WriteOptions {
  readonly sync: boolean
}

interface ChainedBatch {
  write(options: WriteOptions): unknown
}

interface Batches {
  batch(): ChainedBatch
  batch(operations: unknown, options: WriteOptions): unknown
}

/** How the batches of LevelDB are asked for, below its adapter. */
function watchWrites(): {
  readonly durabilities: ReadonlySet<ReturnType<Place['durabilities']>[number]>
  readonly restore: () => void
} {
  const durabilities = new Set<'strict' | 'relaxed'>()
  const note = (options: WriteOptions) => {
    durabilities.add(options.sync ? 'strict' : 'relaxed')
  }
  const prototype = levelPrototype()
  const batch = Reflect.get(prototype, 'batch')
  function watchedBatch(this: Batches): ChainedBatch
  function watchedBatch(this: Batches, operations: unknown, options: WriteOptions): unknown
  function watchedBatch(this: Batches, operations?: unknown, options?: WriteOptions): unknown {
    if (options !== undefined) {
      note(options)
      return Reflect.apply(batch, this, [operations, options])
    }
    const chained = Reflect.apply(batch, this, []) as ChainedBatch
    const write = chained.write.bind(chained)
    return Object.assign(chained, {
      write: (asked: WriteOptions) => {
        note(asked)
        return write(asked)
      },
    })
  }
  prototype.batch = watchedBatch
  return {
    durabilities,
    restore: () => {
      Reflect.deleteProperty(prototype, 'batch')
    },
  }
}

/** Of the same `level` that the adapter has loaded, which is no dependency of the vault. */
function levelPrototype(): Batches {
  const adapter = createRequire(import.meta.url).resolve('@stagevault/storage-level')
  const { Level } = createRequire(adapter)('level') as { readonly Level: { prototype: Batches } }
  return Level.prototype
}
