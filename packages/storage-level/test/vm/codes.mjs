// What a store at a location comes to, for test runners that give every file a realm of its own:
// errors of Node are not made by the `Error` of this file there.
/* global test, expect */
import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'

const { FULL_FOLDER, READ_ONLY_FOLDER, HOLD_PROGRAM } = process.env

const codeOf = (promise) =>
  promise.then(
    (storage) => storage.close?.() ?? storage,
    ({ code }) => code,
  )
const put = (storage, key, length) =>
  storage.commit({ guards: [], mutations: [{ key, value: Buffer.alloc(length) }] })

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-vm-'))
  try {
    await use(folder, join(folder, 'deep', 'store'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('this is a realm of its own', () => {
  let error
  try {
    mkdtempSync('/nowhere/x')
  } catch (thrown) {
    error = thrown
  }
  expect(error instanceof Error).toBe(false)
})

test('a new folder is made, and a store in it opened again', () =>
  inFolder(async (_, location) => {
    const storage = await createLevelStorage({ location })
    expect(await put(storage, 'a', 3)).toBe('applied')
    await storage.close()
    expect(await codeOf(put(storage, 'b', 3))).toBe('STORAGE_CLOSED')
    const again = await openLevelStorage({ location })
    const [value] = await again.read(['a'])
    expect(value.length).toBe(3)
    await again.close()
  }))

test('no folder, an empty one and a file', () =>
  inFolder(async (folder, location) => {
    expect(await codeOf(openLevelStorage({ location }))).toBe('STORAGE_MISSING')
    mkdirSync(location, { recursive: true })
    expect(await codeOf(openLevelStorage({ location }))).toBe('STORAGE_MISSING')
    writeFileSync(join(folder, 'file'), '')
    for (const at of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(await codeOf(createLevelStorage({ location: at }))).toBe('STORAGE_UNAVAILABLE')
    }
  }))

test('a store that this process or another one has open', () =>
  inFolder(async (_, location) => {
    const storage = await createLevelStorage({ location })
    expect(await codeOf(openLevelStorage({ location }))).toBe('STORAGE_LOCKED')
    await storage.close()
    const holder = spawn(process.execPath, [HOLD_PROGRAM, location], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    expect(await codeOf(openLevelStorage({ location }))).toBe('STORAGE_LOCKED')
    holder.stdin.end()
    await once(holder, 'exit')
  }))

test('a store that lost its CURRENT, or was moved', () =>
  inFolder(async (folder, location) => {
    const storage = await createLevelStorage({ location })
    renameSync(location, join(folder, 'moved'))
    expect(await codeOf(put(storage, 'a', 3))).toBe('STORAGE_CLOSED')
    await storage.close()
    rmSync(join(folder, 'moved', 'CURRENT'))
    expect(await codeOf(openLevelStorage({ location: join(folder, 'moved') }))).toBe(
      'STORAGE_UNAVAILABLE',
    )
  }))

// The test that runs these files has disks of that kind, or does not.
if (FULL_FOLDER !== undefined)
  test('a disk that is full or read only', async () => {
    expect(await codeOf(createLevelStorage({ location: join(FULL_FOLDER, 'store') }))).toBe(
      'STORAGE_FULL',
    )
    for (const at of [join(READ_ONLY_FOLDER, 'store'), READ_ONLY_FOLDER]) {
      expect(await codeOf(createLevelStorage({ location: at }))).toBe('STORAGE_UNAVAILABLE')
    }
  })
