/** One handle for a folder, over all threads and processes, with LevelDB's lock or without. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as storageLevel from '@stagevault/storage-level'
import { startSecondHandle, type SecondHandle, type Where } from './second-handle.js'
import { keysAt, put } from './stored-keys.js'

const { createLevelStorage, openLevelStorage } = storageLevel
const WHERE: readonly Where[] = ['worker', 'process']
const isWhole = process.env['STAGEVAULT_FOLDERS'] === 'all'
/** A campaign also checks a file system in memory. */
const PLACES = [
  ['on a disk', tmpdir()] as const,
  ...(isWhole ? [['in memory', '/dev/shm'] as const] : []),
]
const onLinux = process.platform === 'linux'

let folder: string
let location: string
let others: SecondHandle[]

function makePlace(place: string): void {
  folder = mkdtempSync(join(place, 'stagevault-level-'))
  location = join(folder, 'store')
  others = []
}

async function removePlace(): Promise<void> {
  for (const other of others) await other.kill()
  rmSync(folder, { recursive: true })
}

function startOther(where: Where): SecondHandle {
  const other = startSecondHandle(where)
  others.push(other)
  return other
}

async function expectLocked(at = location): Promise<void> {
  for (const open of [createLevelStorage, openLevelStorage]) {
    await expect(open({ location: at })).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  }
}

/** Nothing but the store's own files, once it is closed. */
function expectNoOwner(): void {
  expect(readdirSync(location).filter((name) => name.startsWith('OWNER'))).toEqual([])
}

for (const [what, place] of PLACES) {
  describe.skipIf(!existsSync(place))(`a folder ${what}`, () => {
    beforeEach(() => {
      makePlace(place)
    })

    afterEach(removePlace)

    it('refuses every second handle, however often others were refused', async () => {
      const storage = await createLevelStorage({ location })
      for (const where of ['process', 'worker', 'process', 'worker', 'process'] as const) {
        const other = startOther(where)
        expect(await other.call('open', location)).toBe('STORAGE_LOCKED')
        expect(await other.call('create', location)).toBe('STORAGE_LOCKED')
        await expectLocked()
        expect(await put(storage, `k${others.length}`)).toBe('applied')
      }
      await storage.close()
      expectNoOwner()
      expect(await keysAt(location)).toEqual(['k1', 'k2', 'k3', 'k4', 'k5'])
    })

    it.each(WHERE)(
      'that a %s holds is refused to others, and given free with its end',
      async (where) => {
        const holder = startOther(where)
        expect(await holder.call('create', location)).toBe('open')
        expect(await holder.call('put', 'held')).toBe('applied')
        await expectLocked()
        for (const each of WHERE) {
          expect(await startOther(each).call('open', location)).toBe('STORAGE_LOCKED')
        }
        expect(await holder.call('put', 'still')).toBe('applied')
        // Nothing is closed: the process is killed, or the thread ended.
        await holder.kill()
        expect(await keysAt(location)).toEqual(['held', 'still'])
        expectNoOwner()
      },
    )

    // Elsewhere processes do not see one another's files, and the other one takes over.
    it.skipIf(!onLinux)('is refused to others after its process has dropped the lock', async () => {
      const storage = await createLevelStorage({ location })
      await put(storage, 'a')
      for (const copy of ['copy-1', 'copy-2']) {
        cpSync(location, join(folder, copy), { recursive: true })
        readFileSync(join(location, 'LOCK'))
        for (const where of WHERE) {
          const other = startOther(where)
          const opened = await other.call('open', location)
          expect(opened).toBe('STORAGE_LOCKED')
        }
      }
      expect(await put(storage, 'b')).toBe('applied')
      await storage.close()
      expect(await keysAt(location)).toEqual(['a', 'b'])
    })

    it.skipIf(!onLinux)('is refused to others after its LOCK was removed or replaced', async () => {
      const storage = await createLevelStorage({ location })
      const lock = join(location, 'LOCK')
      for (const spoil of [
        () => {
          unlinkSync(lock)
        },
        () => {
          writeFileSync(lock, '')
        },
        () => {
          writeFileSync(join(folder, 'LOCK'), '')
          renameSync(join(folder, 'LOCK'), lock)
        },
      ]) {
        spoil()
        for (const where of WHERE) {
          expect(await startOther(where).call('open', location)).toBe('STORAGE_LOCKED')
        }
        expect(await put(storage, 'a')).toBe('applied')
      }
      await storage.close()
      expect(await keysAt(location)).toEqual(['a'])
    })

    const spoils: readonly (readonly [string, (path: string) => void])[] = [
      ['removed', unlinkSync],
      ['emptied', truncateSync],
      [
        'written over',
        (path) => {
          writeFileSync(path, '1 2\n')
        },
      ],
      [
        'replaced',
        (path) => {
          writeFileSync(join(folder, 'OWNER'), '1 2\n')
          renameSync(join(folder, 'OWNER'), path)
        },
      ],
    ]

    it.each(spoils)('whose owner file was %s has no two handles', async (_what, spoil) => {
      for (const where of WHERE) {
        const storage = await createLevelStorage({ location })
        await put(storage, `${where}-a`)
        spoil(join(location, 'OWNER-1'))
        const other = startOther(where)
        let opened: unknown
        // LevelDB's lock refuses it until the first handle has seen the loss and closed LevelDB.
        while (opened !== 'open') {
          opened = await other.call('open', location)
          expect(['open', 'STORAGE_LOCKED']).toContain(opened)
        }
        await expect(put(storage, 'lost')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
        await expectLocked()
        await storage.close()
        await expectLocked()
        expect(await other.call('put', `${where}-b`)).toBe('applied')
        expect(await other.call('close')).toBe('closed')
      }
      expect(await keysAt(location)).toEqual(['process-a', 'process-b', 'worker-a', 'worker-b'])
    })

    it('with what dead handles left is opened by one of many that come at once', async () => {
      const dead = startOther('process')
      expect(await dead.call('create', location)).toBe('open')
      await dead.kill()
      const text = readFileSync(join(location, 'OWNER-1'), 'utf8')
      const rivals = [...WHERE, ...WHERE, ...WHERE].map(startOther)
      for (let round = 0; round < 8; round += 1) {
        const left = ['OWNER-1', 'OWNER-3', 'OWNER-new-1', 'OWNER-20']
        for (const name of left) writeFileSync(join(location, name), text)
        const opened = await Promise.all(rivals.map((each) => each.call('open', location)))
        expect(opened.filter((each) => each === 'open')).toHaveLength(1)
        expect(opened.filter((each) => each === 'STORAGE_LOCKED')).toHaveLength(rivals.length - 1)
        expect(readdirSync(location).filter((name) => name.startsWith('OWNER'))).toEqual([
          'OWNER-21',
        ])
        const winner = rivals[opened.indexOf('open')]
        expect(await winner?.call('put', `k${round}`)).toBe('applied')
        expect(await winner?.call('close')).toBe('closed')
      }
      expect(await keysAt(location)).toHaveLength(8)
    })
  })
}

describe('in one process', () => {
  beforeEach(() => {
    makePlace(tmpdir())
  })

  afterEach(removePlace)

  it('two copies of this package have one folder between them', async () => {
    const own = fileURLToPath(new URL('../', import.meta.url))
    const copy = mkdtempSync(join(own, 'node_modules', 'copy-'))
    try {
      cpSync(join(own, 'dist'), copy, { recursive: true })
      writeFileSync(join(copy, 'package.json'), '{ "type": "module" }')
      const other = (await import(
        pathToFileURL(join(copy, 'index.js')).href
      )) as typeof storageLevel
      expect(other.openLevelStorage).not.toBe(openLevelStorage)
      const storage = await createLevelStorage({ location })
      await expect(other.openLevelStorage({ location })).rejects.toMatchObject({
        code: 'STORAGE_LOCKED',
        message: `this process has ${location} open`,
      })
      await storage.close()
      const opened = await other.openLevelStorage({ location })
      await expectLocked()
      await opened.close()
    } finally {
      rmSync(copy, { recursive: true })
    }
  })

  it.skipIf(!onLinux)(
    'a folder that LevelDB itself has open is refused, and stays locked',
    async () => {
      const database = new Level<string, string>(location)
      await database.open()
      await expectLocked()
      expect(await startOther('worker').call('open', location)).toBe('STORAGE_LOCKED')
      expect(await startOther('process').call('open', location)).toBe('STORAGE_LOCKED')
      await database.put('a', 'b')
      await database.close()
      expect(await keysAt(location)).toEqual(['a'])
    },
  )

  const strangers: readonly (readonly [string, (path: string) => void])[] = [
    [
      'of a process that lives and does not have it',
      (path) => {
        writeFileSync(path, '1 3\n')
      },
    ],
    [
      'of an earlier process with this id',
      (path) => {
        writeFileSync(path, `${process.pid} 1\n`)
      },
    ],
    [
      'with a descriptor that cannot be',
      (path) => {
        writeFileSync(path, `${process.pid} 9999999\n`)
      },
    ],
    [
      'that is empty',
      (path) => {
        writeFileSync(path, '')
      },
    ],
    [
      'with something else in it',
      (path) => {
        writeFileSync(path, 'x'.repeat(100_000))
      },
    ],
    [
      'that is a link to nothing',
      (path) => {
        symlinkSync('nothing', path)
      },
    ],
    [
      'that is a pipe',
      (path) => {
        execFileSync('mkfifo', [path])
      },
    ],
  ]

  it.each(strangers)('an owner file %s keeps nothing closed', async (_what, make) => {
    await (await createLevelStorage({ location })).close()
    make(join(location, 'OWNER-7'))
    const storage = await openLevelStorage({ location })
    expect(readdirSync(location)).toContain('OWNER-8')
    await expectLocked()
    await storage.close()
    expectNoOwner()
  })

  it('a folder with the name of an owner file keeps nothing closed, and stays', async () => {
    await (await createLevelStorage({ location })).close()
    const folders = ['OWNER-7', 'OWNER-new-x', 'OWNER-999999999999999']
    for (const name of folders) mkdirSync(join(location, name, 'deeper'), { recursive: true })
    for (const name of ['OWNER-3', 'OWNER-new-y']) writeFileSync(join(location, name), '')
    const storage = await openLevelStorage({ location })
    await expectLocked()
    expect(await startOther('process').call('open', location)).toBe('STORAGE_LOCKED')
    await storage.close()
    expect(
      readdirSync(location)
        .filter((name) => name.startsWith('OWNER'))
        .sort(),
    ).toEqual(folders.sort())
  })

  it.each([14, 15, 16, 30])(
    'an owner file with a number of %i digits is followed by one that counts',
    async (digits) => {
      await (await createLevelStorage({ location })).close()
      const great = `OWNER-${'9'.repeat(digits)}`
      writeFileSync(join(location, great), '1 2\n')
      const storage = await openLevelStorage({ location })
      const names = readdirSync(location).filter(
        (name) => name.startsWith('OWNER') && name !== great,
      )
      expect(names).toEqual([digits === 14 ? 'OWNER-100000000000000' : 'OWNER-1'])
      readFileSync(join(location, 'LOCK'))
      if (onLinux) expect(await startOther('process').call('open', location)).toBe('STORAGE_LOCKED')
      expect(await put(storage, 'a')).toBe('applied')
      await storage.close()
      expect(await keysAt(location)).toEqual(['a'])
    },
  )

  it('a child that inherits what LevelDB has open opens the folder once it is closed', async () => {
    const storage = await createLevelStorage({ location })
    const child = startOther('process')
    expect(await child.call('open', location)).toBe('STORAGE_LOCKED')
    await storage.close()
    expect(await child.call('open', location)).toBe('open')
    await expectLocked()
    expect(await child.call('close')).toBe('closed')
  })

  it.skipIf(!onLinux)('many handles after one another leave nothing open', async () => {
    await (await createLevelStorage({ location })).close()
    const before = readdirSync('/proc/self/fd').length
    for (let n = 0; n < 20; n += 1) {
      await (await openLevelStorage({ location })).close()
      await expect(openLevelStorage({ location: join(folder, 'x') })).rejects.toThrow()
      mkdirSync(join(folder, `empty${n}`))
      await expect(openLevelStorage({ location: join(folder, `empty${n}`) })).rejects.toThrow()
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })
})
