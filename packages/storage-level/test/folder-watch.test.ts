/** What counts as a lost folder while LevelDB writes, and what when it does not. */
import { appendFile, rm, truncate, writeFile } from 'node:fs/promises'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { watchFolder, type FolderWatch } from '../dist/folder-watch.js'
import { temporaryFolder } from './level-subject.js'

let folder: string
let log: string
let watch: FolderWatch

beforeEach(async () => {
  folder = await temporaryFolder()
  log = join(folder, '000002.log')
  for (const name of ['CURRENT', 'MANIFEST-000001', 'OWNER-1'])
    await writeFile(join(folder, name), 'x')
  await writeFile(log, 'synced')
  const { dev, ino } = statSync(folder)
  watch = watchFolder({
    dev,
    ino,
    realPath: folder,
    givenPath: folder,
    location: folder,
    ownerFileName: 'OWNER-1',
  })
})

afterEach(() => rm(folder, { recursive: true }))

it('what a write has appended may be gone again, as a sync that fails may drop it', async () => {
  await appendFile(log, ', not yet')
  expect(watch.findLossInPassing()).toBeNull()
  await truncate(log, 'synced'.length)
  expect(watch.findLoss()).toBeNull()
  const next = join(folder, '000005.log')
  await writeFile(next, 'not yet')
  expect(watch.findLossInPassing()).toBeNull()
  await truncate(next, 0)
  expect(watch.findLoss()).toBeNull()
})

it('what was there between two writes may not', async () => {
  await appendFile(log, ', and answered')
  expect(watch.findLoss()).toBeNull()
  await truncate(log, 'synced'.length)
  expect(watch.findLossInPassing()).toMatchObject({ code: 'STORAGE_CLOSED' })
  expect(watch.findLoss()).toMatchObject({ code: 'STORAGE_CLOSED' })
})

it('nor a file of LevelDB, or of the handle, at any time', async () => {
  expect(watch.findLossInPassing()).toBeNull()
  await rm(join(folder, 'OWNER-1'))
  expect(watch.findLossInPassing()).toMatchObject({ code: 'STORAGE_CLOSED' })
})
