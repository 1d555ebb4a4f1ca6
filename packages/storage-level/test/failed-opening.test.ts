/** What is left of an opening that fails once LevelDB is open. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { openLocation } from '../dist/open-location.js'
import { keysAt, put } from './stored-keys.js'

let folder: string
let location: string
let moved: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stagevault-level-'))
  location = join(folder, 'store')
  moved = join(folder, 'moved')
  const storage = await createLevelStorage({ location })
  await put(storage, 'first')
  await storage.close()
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** LevelDB whose folder is renamed while it is opened. */
class LevelOfLostFolder<K, V> extends Level<K, V> {
  override async open(): Promise<void> {
    await super.open()
    renameSync(location, moved)
    mkdirSync(location)
  }
}

const closeAtLast: (() => Promise<void>)[] = []

/** The same, and it does not close when it is asked to. */
class LevelThatStaysOpen<K, V> extends LevelOfLostFolder<K, V> {
  override close(): Promise<void> {
    closeAtLast.push(() => super.close())
    return Promise.reject(new Error('made to fail'))
  }
}

const owners = (): string[] => readdirSync(moved).filter((name) => name.startsWith('OWNER'))
const lost = { code: 'STORAGE_LOCKED', cause: { code: 'STORAGE_CLOSED' } }

// Elsewhere LevelDB works by path, or the folder cannot be renamed.
describe.skipIf(process.platform !== 'linux')('an opening that finds the folder lost', () => {
  it('leaves nothing open where LevelDB closes', async () => {
    const before = readdirSync('/proc/self/fd').length
    await expect(
      openLocation(location, { Level: LevelOfLostFolder, sync: true, create: false }),
    ).rejects.toMatchObject(lost)
    expect(owners()).toEqual([])
    expect(readdirSync('/proc/self/fd')).toHaveLength(before)
    expect(await keysAt(moved)).toEqual(['first'])
  })

  it('keeps its error and the folder where LevelDB does not close', async () => {
    await expect(
      openLocation(location, { Level: LevelThatStaysOpen, sync: true, create: false }),
    ).rejects.toMatchObject(lost)
    expect(owners()).toEqual(['OWNER-1'])
    await expect(openLevelStorage({ location: moved })).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      message: `this process has ${moved} open`,
    })
    expect(closeAtLast).toHaveLength(1)
    await closeAtLast[0]?.()
  })
})
