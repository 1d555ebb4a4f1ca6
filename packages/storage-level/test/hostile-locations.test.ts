import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  chmod,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { temporaryFolder } from './level-subject.js'

let folder: string
let location: string

beforeEach(async () => {
  folder = await temporaryFolder()
  location = join(folder, 'store')
})

afterEach(() => rm(folder, { recursive: true }))

const value = new Uint8Array([1, 2, 3])

async function makeStore(at = location): Promise<void> {
  const storage = await createLevelStorage({ location: at })
  await storage.commit({ guards: [], mutations: [{ key: 'a', value }] })
  await storage.close()
}

async function expectStore(at = location): Promise<void> {
  const storage = await openLevelStorage({ location: at })
  expect(await storage.read(['a'])).toEqual([value])
  await storage.close()
}

/** What opening and creating come to; none of them leaves the location claimed. */
async function codesAt(at: string): Promise<unknown[]> {
  const codes: unknown[] = []
  for (const open of [openLevelStorage, createLevelStorage, openLevelStorage]) {
    const storage = await open({ location: at }).catch((error: unknown) => error as Error)
    if (storage instanceof Error) codes.push('code' in storage ? storage.code : storage.name)
    else await storage.close().then(() => codes.push('open'))
  }
  return codes
}

const UNAVAILABLE = Array(3).fill('STORAGE_UNAVAILABLE')

describe('a location with a name of its own', () => {
  const onWindows = process.platform === 'win32'
  const names = [
    'ünï 🔑',
    'e\u0301',
    ' spaced out',
    '-rf',
    '..store',
    '%2e%2e',
    "it's",
    '{a,b}',
    '$HOME',
    '~',
    'x'.repeat(255),
    ...(onWindows ? [] : ['con', 'NUL ', 'dot.', 'a:b', 'a*b?', 'back\\slash', 'line\nfeed', '"']),
  ]

  it.each(names)('%j is that folder and no other', async (name) => {
    const at = join(folder, name)
    await makeStore(at)
    expect(await readdir(folder)).toEqual([name])
    await expectStore(at)
  })

  it('is refused where its characters stand for nothing', async () => {
    // It would be written as U+FFFD, which is the name of another folder.
    for (const name of ['\ud800', 'a\udc00b']) {
      expect(await codesAt(join(folder, name))).toEqual(Array(3).fill('RangeError'))
    }
    expect(await readdir(folder)).toEqual([])
  })

  it('is refused where it is too long', async () => {
    expect(await codesAt(join(folder, 'x'.repeat(256)))).toEqual(UNAVAILABLE)
    expect(await codesAt(join(folder, ...Array<string>(50).fill('x'.repeat(200))))).toEqual([
      'STORAGE_MISSING',
      'STORAGE_UNAVAILABLE',
      'STORAGE_MISSING',
    ])
    expect(await readdir(folder)).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('a location that is no folder', () => {
  it.each(['nowhere', 'nowhere/deeper', 'store'])('but a link to %s', async (target) => {
    await symlink(join(folder, target), location)
    const [opened, created, again] = await codesAt(location)
    // A link to nothing is not followed, so that no store is made where its owner does not look.
    expect(created).toBe('STORAGE_UNAVAILABLE')
    expect(['STORAGE_MISSING', 'STORAGE_UNAVAILABLE']).toContain(opened)
    expect(again).toBe(opened)
    expect(await readdir(folder)).toEqual(['store'])
  })

  it('but a device, a pipe, or below a file', async () => {
    execFileSync('mkfifo', [location])
    await writeFile(join(folder, 'file'), '')
    for (const at of ['/dev/null', location, join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(await codesAt(at)).toEqual(UNAVAILABLE)
    }
  })

  it.skipIf(!existsSync('/proc/self'))('and cannot be made into one', async () => {
    expect(await codesAt('/proc/stagevault/store')).toEqual([
      'STORAGE_MISSING',
      'STORAGE_UNAVAILABLE',
      'STORAGE_MISSING',
    ])
  })
})

describe('a store whose own files are not what they were', () => {
  const damages: readonly (readonly [string, (at: string) => Promise<unknown>])[] = [
    ['an empty CURRENT', (at) => writeFile(join(at, 'CURRENT'), '')],
    ['a CURRENT cut short', (at) => writeFile(join(at, 'CURRENT'), 'MANIFEST-00')],
    ['a CURRENT that leads out', (at) => writeFile(join(at, 'CURRENT'), '../MANIFEST-000002\n')],
    ['a folder for CURRENT', (at) => replace(join(at, 'CURRENT'), mkdir)],
    [
      'a link to nothing for CURRENT',
      (at) => replace(join(at, 'CURRENT'), (path) => symlink('nothing', path)),
    ],
    ['no MANIFEST', (at) => rm(join(at, 'MANIFEST-000002'))],
    ['an empty MANIFEST', (at) => writeFile(join(at, 'MANIFEST-000002'), '')],
    ['a folder for LOCK', (at) => replace(join(at, 'LOCK'), mkdir)],
  ]

  it.each(damages)('%s is no missing and no empty store', async (_name, damage) => {
    await makeStore()
    const records = await recordsIn(location)
    await damage(location)
    expect(await codesAt(location)).toEqual(UNAVAILABLE)
    expect(await recordsIn(location)).toEqual(records)
  })

  async function replace(path: string, make: (path: string) => Promise<unknown>): Promise<void> {
    await rm(path)
    await make(path)
  }

  async function recordsIn(at: string): Promise<string[]> {
    const names = (await readdir(at)).filter((name) => /\.(?:log|ldb)$/.test(name))
    return Promise.all(
      names.map(async (name) => `${name} ${await readFile(join(at, name), 'hex')}`),
    )
  }
})

describe.skipIf(process.platform === 'win32')('a location without permission', () => {
  /** A superuser may do everything, so the process is another user for a moment. */
  async function asAnybody<T>(run: () => Promise<T>): Promise<T> {
    const isSuperuser = process.geteuid?.() === 0
    if (isSuperuser) process.seteuid?.(65_534)
    try {
      return await run()
    } finally {
      if (isSuperuser) process.seteuid?.(0)
    }
  }

  it.each([0o000, 0o100, 0o444, 0o555])('whose mode is %o', async (mode) => {
    await makeStore()
    await chmod(folder, 0o755)
    await chmod(location, mode)
    expect(await asAnybody(() => codesAt(location))).toEqual(UNAVAILABLE)
    await chmod(location, 0o700)
    await expectStore()
  })

  it('to make anything in it', async () => {
    await chmod(folder, 0o555)
    expect(await asAnybody(() => codesAt(join(location, 'deeper')))).toEqual([
      'STORAGE_MISSING',
      'STORAGE_UNAVAILABLE',
      'STORAGE_MISSING',
    ])
    expect(await readdir(folder)).toEqual([])
    await chmod(folder, 0o700)
  })

  it('is what others get at a store that was made here', async () => {
    await makeStore()
    expect((await stat(location)).mode & 0o077).toBe(0)
  })
})

it.skipIf(process.platform === 'win32')('a store that was moved away is the same one', async () => {
  await makeStore()
  const storage = await openLevelStorage({ location })
  await rename(location, join(folder, 'moved'))
  await expect(openLevelStorage({ location: join(folder, 'moved') })).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
  })
  await expect(openLevelStorage({ location })).rejects.toMatchObject({ code: 'STORAGE_MISSING' })
  await storage.close()
  await expectStore(join(folder, 'moved'))
})
