/** The folder of an open store is replaced or removed, in every way that there is. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { startSecondHandle } from './second-handle.js'
import { EVERYTHING, keysAt, put } from './stored-keys.js'

let folder: string
let location: string
let backup: string

/** A way to replace a folder, and what is at its place afterwards. */
interface Way {
  readonly name: string
  /** What the store is opened as, where that is not its folder. */
  readonly open?: () => string
  readonly whenOpen?: () => void
  readonly replace: () => void
  readonly then: 'another store' | 'the same files' | 'damage' | 'nothing'
  /** What the message says of it. */
  readonly says: string
}

const store = (name: string): string => join(location, name)
const nameIn = (pattern: RegExp): string =>
  store(
    readdirSync(location)
      .filter((name) => pattern.test(name))
      .at(-1) ?? '',
  )
const moved = (): string => join(folder, 'moved')

/** Behind a new name, so that it is another file with the same content. */
function replaceFile(path: string): void {
  cpSync(path, join(folder, 'file'), { preserveTimestamps: true })
  renameSync(join(folder, 'file'), path)
}

const WAYS: readonly Way[] = [
  {
    name: 'renamed',
    replace: () => {
      renameSync(location, moved())
    },
    then: 'nothing',
    says: 'removed or renamed',
  },
  {
    name: 'removed',
    replace: () => {
      rmSync(location, { recursive: true })
    },
    then: 'nothing',
    says: 'removed or renamed',
  },
  {
    name: 'removed with the folder above it',
    replace: () => {
      rmSync(dirname(location), { recursive: true })
    },
    then: 'nothing',
    says: 'removed or renamed',
  },
  {
    name: 'renamed, and a copy put in its place',
    replace: () => {
      renameSync(location, moved())
      cpSync(backup, location, { recursive: true })
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'removed, and a copy with its times put in its place',
    replace: () => {
      rmSync(location, { recursive: true })
      execFileSync('cp', ['-a', backup, location])
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'replaced by a copy of it while it was open',
    replace: () => {
      execFileSync('cp', ['-a', location, moved()])
      rmSync(location, { recursive: true })
      renameSync(moved(), location)
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'replaced by hard links to its files',
    replace: () => {
      execFileSync('cp', ['-al', location, moved()])
      rmSync(location, { recursive: true })
      renameSync(moved(), location)
    },
    then: 'the same files',
    says: 'replaced',
  },
  {
    name: 'replaced by a link to a copy',
    replace: () => {
      renameSync(location, moved())
      symlinkSync(backup, location)
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'replaced with the folder above it',
    replace: () => {
      renameSync(dirname(location), moved())
      mkdirSync(dirname(location))
      cpSync(backup, location, { recursive: true })
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'left by the link that it was opened through',
    open: () => {
      symlinkSync(location, join(folder, 'link'))
      return join(folder, 'link')
    },
    replace: () => {
      symlinkSync(backup, join(folder, 'link2'))
      renameSync(join(folder, 'link2'), join(folder, 'link'))
    },
    then: 'another store',
    says: 'replaced',
  },
  {
    name: 'emptied',
    replace: () => {
      for (const name of readdirSync(location)) unlinkSync(store(name))
    },
    then: 'nothing',
    says: 'lost its file CURRENT',
  },
  {
    name: 'emptied, and filled from a copy',
    replace: () => {
      for (const name of readdirSync(location)) unlinkSync(store(name))
      cpSync(backup, location, { recursive: true })
    },
    // This handle holds a LOCK that is gone; the folder is another store for every other one.
    then: 'another store',
    says: 'lost its file CURRENT',
  },
  {
    name: 'written over with a copy',
    replace: () => {
      cpSync(backup, location, { recursive: true })
    },
    then: 'the same files',
    says: 'lost its file CURRENT',
  },
  {
    name: 'written over with a copy of it while it was open, with its times',
    whenOpen: () => {
      execFileSync('cp', ['-a', location, moved()])
    },
    replace: () => {
      execFileSync('cp', ['-a', `${moved()}/.`, location])
    },
    then: 'the same files',
    says: 'lost the end of its file 0',
  },
  {
    name: 'left with a log cut short',
    replace: () => {
      truncateSync(nameIn(/\.log$/), 10)
    },
    then: 'damage',
    says: 'lost the end of its file 0',
  },
  ...['CURRENT', 'MANIFEST'].flatMap((file): Way[] => [
    {
      name: `left without its ${file}`,
      replace: () => {
        unlinkSync(nameIn(new RegExp(`^${file}`)))
      },
      then: 'damage',
      says: `lost its file ${file}`,
    },
    {
      name: `given another ${file}`,
      replace: () => {
        replaceFile(nameIn(new RegExp(`^${file}`)))
      },
      then: 'the same files',
      says: `lost its file ${file}`,
    },
  ]),
  {
    name: 'left without its log',
    replace: () => {
      unlinkSync(nameIn(/\.log$/))
    },
    then: 'damage',
    says: 'lost its file 0',
  },
  {
    name: 'given another log',
    replace: () => {
      replaceFile(nameIn(/\.log$/))
    },
    then: 'the same files',
    says: 'lost its file 0',
  },
  {
    name: 'left without its owner file',
    replace: () => {
      unlinkSync(store('OWNER-1'))
    },
    then: 'the same files',
    says: 'opened by another handle or process, or lost its owner file',
  },
  {
    name: 'given another owner file',
    replace: () => {
      replaceFile(store('OWNER-1'))
    },
    then: 'the same files',
    says: 'written over',
  },
  {
    name: 'left with an empty owner file',
    replace: () => {
      truncateSync(store('OWNER-1'))
    },
    then: 'the same files',
    says: 'written over',
  },
]

const PLACES = [
  ['on a disk', tmpdir()],
  ['in memory', '/dev/shm'],
] as const

for (const [what, place] of PLACES) {
  describe.skipIf(!existsSync(place))(`a folder ${what}`, () => {
    beforeEach(async () => {
      folder = mkdtempSync(join(place, 'stagevault-level-'))
      location = join(folder, 'above', 'store')
      backup = join(folder, 'backup')
      const storage = await createLevelStorage({ location })
      await put(storage, 'first')
      await storage.close()
      cpSync(location, backup, { recursive: true })
    })

    afterEach(() => {
      rmSync(folder, { recursive: true })
    })

    it.each(WAYS)('that is $name', async ({ open, whenOpen, replace, then, says }) => {
      const at = open?.() ?? location
      const storage = await openLevelStorage({ location: at })
      whenOpen?.()
      await put(storage, 'before')
      replace()
      const other = startSecondHandle('process')
      const isShared = then === 'the same files'
      if (then === 'another store') {
        expect(await other.call('open', at)).toBe('open')
        expect(await other.call('put', 'other-1')).toBe('applied')
      }
      const [lost, again] = await Promise.allSettled([put(storage, 'lost'), put(storage, 'again')])
      for (const each of [lost, again]) {
        expect(each).toMatchObject({ status: 'rejected', reason: { code: 'STORAGE_CLOSED' } })
        expect(Reflect.get(each, 'reason')).toHaveProperty('message', expect.stringContaining(says))
      }
      await expect(storage.read(['before'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
      await expect(storage.scan(EVERYTHING)).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
      if (then === 'another store') expect(await other.call('put', 'other-2')).toBe('applied')
      await storage.close()
      if (then === 'another store') {
        expect(await other.call('put', 'other-3')).toBe('applied')
        expect(await other.call('close')).toBe('closed')
        expect(await keysAt(at)).toEqual(
          expect.arrayContaining(['first', 'other-1', 'other-2', 'other-3']),
        )
      }
      if (isShared) expect(await keysAt(at)).toContain('first')
      if (then === 'nothing') {
        await expect(openLevelStorage({ location: at })).rejects.toMatchObject({
          code: 'STORAGE_MISSING',
        })
      } else if (then !== 'damage') {
        expect(await keysAt(at)).not.toContain('lost')
      }
      await other.kill()
    })

    it('that is read only is not read for ever after', async () => {
      const storage = await openLevelStorage({ location })
      expect(await storage.read(['first'])).toEqual([new Uint8Array(3)])
      renameSync(location, moved())
      await sleep(110)
      await expect(storage.read(['first'])).rejects.toMatchObject({
        code: 'STORAGE_CLOSED',
        message: `${location} was removed or renamed while it was open: close the store and open it again`,
      })
      await storage.close()
      expect(await keysAt(moved())).toEqual(['first'])
    })

    it('that was copied, linked to, listed and given other rights is still the same', async () => {
      const storage = await openLevelStorage({ location })
      await put(storage, 'a')
      execFileSync('cp', ['-al', location, moved()])
      execFileSync('chmod', ['-R', 'u+x', location])
      execFileSync('cp', ['-a', location, join(folder, 'copy')])
      await put(storage, 'b')
      rmSync(moved(), { recursive: true })
      await put(storage, 'c')
      await storage.close()
      expect(await keysAt(location)).toEqual(['a', 'b', 'c', 'first'])
    })
  })
}
