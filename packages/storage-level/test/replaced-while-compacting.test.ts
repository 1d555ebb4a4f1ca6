/**
 * A folder is replaced while LevelDB's own thread writes tables and deletes files. On Linux it does
 * so through an open descriptor, so that it never touches the folder that was put in its place.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { listLevelFiles } from './open-files.js'
import { startSecondHandle, type SecondHandle } from './second-handle.js'
import { keysAt, put } from './stored-keys.js'

/** Bytes of a value: a log and a table are full after 42 and 21 of them. */
const LENGTH = 100_000

let folder: string
/** What the store is opened as. */
let location: string
let moved: string
let backup: string
let others: SecondHandle[]

interface Way {
  readonly name: string
  readonly replace: () => void
  /** Where the old folder is afterwards, or `null` where it is gone. */
  readonly oldFolder: () => string | null
}

const WAYS: readonly Way[] = [
  {
    name: 'renamed, and a copy renamed to its name',
    replace: () => {
      renameSync(location, moved)
      cpSync(backup, join(folder, 'new'), { recursive: true })
      renameSync(join(folder, 'new'), location)
    },
    oldFolder: () => moved,
  },
  {
    name: 'renamed, and copied to its name file by file',
    replace: () => {
      renameSync(location, moved)
      cpSync(backup, location, { recursive: true })
    },
    oldFolder: () => moved,
  },
  {
    name: 'removed, and copied to its name file by file',
    replace: () => {
      removeAll(location)
      cpSync(backup, location, { recursive: true })
    },
    oldFolder: () => null,
  },
  {
    name: 'left by a link',
    replace: () => {
      cpSync(backup, join(folder, 'new'), { recursive: true })
      symlinkSync('new', join(folder, 'link'))
      renameSync(join(folder, 'link'), location)
    },
    oldFolder: () => join(folder, 'old'),
  },
]

/** LevelDB may make a file between the removal of the others and that of the folder. */
function removeAll(at: string): void {
  for (;;) {
    try {
      rmSync(at, { recursive: true })
      return
    } catch (error) {
      if (Reflect.get(error as object, 'code') !== 'ENOTEMPTY') throw error
    }
  }
}

/** Keeps the handle from looking, while LevelDB's own thread goes on. */
function blockThread(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
}

async function makeStore({ name }: Way): Promise<void> {
  const at = name === 'left by a link' ? join(folder, 'old') : location
  if (at !== location) symlinkSync('old', location)
  const made = await createLevelStorage({ location: at, durability: 'relaxed' })
  await Promise.all(Array.from({ length: 100 }, (_, n) => put(made, `old${n}`, LENGTH)))
  await made.close()
  cpSync(at, backup, { recursive: true })
}

/** Every file with a hash of what is in it. */
function contentsOf(at: string): string[] {
  return readdirSync(at)
    .filter((name) => lstatSync(join(at, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(at, name)))
          .digest('hex')}`,
    )
}

function startOther(): SecondHandle {
  const other = startSecondHandle('process')
  others.push(other)
  return other
}

const PLACES = [
  ['on a disk', tmpdir()],
  ['in memory', '/dev/shm'],
] as const
const MOMENTS = [0, 1, 2]
/** Each way at each moment in the campaign, and else at one of them, another for each way. */
const cases = WAYS.flatMap((way, place) =>
  MOMENTS.map((moment) => ({ ...way, way, moment })).filter(
    ({ moment }) => process.env['STAGEVAULT_FOLDERS'] === 'all' || moment === place % 3,
  ),
)

for (const [what, place] of PLACES) {
  const isMissing = process.platform !== 'linux' || !existsSync(place)
  describe.skipIf(isMissing)(`a folder ${what}`, () => {
    beforeEach(() => {
      folder = mkdtempSync(join(place, 'stagevault-level-'))
      location = join(folder, 'store')
      moved = join(folder, 'moved')
      backup = join(folder, 'backup')
      others = []
    })

    afterEach(async () => {
      for (const other of others) await other.kill()
      rmSync(folder, { recursive: true })
    })

    it.each(cases)(
      'that is $name keeps what was acknowledged, the new one what it had: $moment',
      async ({ way, moment }) => {
        await makeStore(way)
        const storage = await openLevelStorage({ location, durability: 'relaxed' })
        const acknowledged: string[] = []
        const refused: unknown[] = []
        async function commit(n: number): Promise<void> {
          const key = `old${(n * 7) % 100}-${n}`
          try {
            await put(storage, key, LENGTH)
            acknowledged.push(key)
          } catch (error) {
            refused.push(Reflect.get(error as object, 'code'))
          }
        }
        const commits = Array.from({ length: 400 }, (_, n) => commit(n))
        // Not when an answer comes: then LevelDB has just written, and its thread may have a rest.
        await sleep(5 + moment * 30)
        way.replace()
        blockThread()
        await Promise.all(commits)
        await commit(400)
        await storage.close()
        expect(new Set(refused)).toEqual(new Set(['STORAGE_CLOSED']))
        expect(contentsOf(location)).toEqual(contentsOf(backup))
        const old = way.oldFolder()
        if (old !== null) {
          expect(await keysAt(old)).toEqual(expect.arrayContaining(acknowledged))
        }
      },
    )

    it.each(WAYS)('that is $name keeps what another process writes in the new one', async (way) => {
      await makeStore(way)
      const first = startOther()
      const second = startOther()
      expect(await first.call('open', location)).toBe('open')
      const firstKeys = first.call('putMany', 'first', 400, LENGTH) as Promise<string[]>
      await sleep(20)
      way.replace()
      expect(await second.call('open', location)).toBe('open')
      const secondKeys = (await second.call('putMany', 'second', 150, LENGTH)) as string[]
      expect(secondKeys).toHaveLength(150)
      const acknowledged = await firstKeys
      expect(await first.call('put', 'lost')).toBe('STORAGE_CLOSED')
      expect(await first.call('close')).toBe('closed')
      expect(await second.call('close')).toBe('closed')
      const before = Array.from({ length: 100 }, (_, n) => `old${n}`)
      expect(await keysAt(location)).toEqual([...before, ...secondKeys].sort())
      const old = way.oldFolder()
      if (old !== null) {
        expect(await keysAt(old)).toEqual(expect.arrayContaining(acknowledged))
      }
    })

    it('that is emptied can be filled again once its handle has closed LevelDB', async () => {
      const [way] = WAYS
      if (way !== undefined) await makeStore(way)
      const storage = await openLevelStorage({ location, durability: 'relaxed' })
      await Promise.all(Array.from({ length: 200 }, (_, n) => put(storage, `new${n}`, LENGTH)))
      for (const name of readdirSync(location)) rmSync(join(location, name), { force: true })
      // No call is made: the handle sees it by itself, and LevelDB's thread ends.
      while (listLevelFiles(location).length > 0) await sleep(10)
      for (const name of readdirSync(location)) rmSync(join(location, name))
      cpSync(backup, location, { recursive: true })
      const second = startOther()
      expect(await second.call('open', location)).toBe('open')
      const secondKeys = (await second.call('putMany', 'second', 150, LENGTH)) as string[]
      expect(secondKeys).toHaveLength(150)
      await expect(put(storage, 'lost')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
      await storage.close()
      expect(await second.call('close')).toBe('closed')
      const before = Array.from({ length: 100 }, (_, n) => `old${n}`)
      expect(await keysAt(location)).toEqual([...before, ...secondKeys].sort())
    })
  })
}
