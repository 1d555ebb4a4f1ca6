/**
 * A folder is replaced while LevelDB's own thread writes tables and deletes files. On Linux it does
 * so through an open descriptor, so that it never touches the folder that was put in its place.
 */
import { createHash } from 'node:crypto'
import {
  cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { keysAt, put } from './stored-keys.js'

/** Bytes of a value: a log and a table are full after 42 and 21 of them. */
const LENGTH = 100_000

let folder: string
let location: string
let backup: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagevault-level-'))
  location = join(folder, 'store')
  backup = join(folder, 'backup')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Every file with a hash of what is in it. */
function contentsOf(at: string): string[] {
  return readdirSync(at).filter((name) => lstatSync(join(at, name)).isFile()).map((name) => (
    `${name} ${createHash('sha256').update(readFileSync(join(at, name))).digest('hex')}`
  ))
}

it.skipIf(process.platform !== 'linux').each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])(
  'what was acknowledged is where it was, and the other folder untouched: %i',
  async (moment) => {
    const made = await createLevelStorage({ location, durability: 'relaxed' })
    await Promise.all(Array.from({ length: 100 }, (_, n) => put(made, `old${n}`, LENGTH)))
    await made.close()
    cpSync(location, backup, { recursive: true })
    const replacement = contentsOf(backup)

    const storage = await openLevelStorage({ location, durability: 'relaxed' })
    const acknowledged: string[] = []
    const refused: unknown[] = []
    async function commit(n: number): Promise<void> {
      const key = `old${n * 7 % 100}-${n}`
      try {
        await put(storage, key, LENGTH)
        acknowledged.push(key)
      } catch (error) {
        refused.push(Reflect.get(error as object, 'code'))
      }
    }
    const commits = Array.from({ length: 400 }, (_, n) => commit(n))
    // Not when an answer comes: then LevelDB has just written, and its thread may have a rest.
    await sleep(5 + moment * 7)
    renameSync(location, join(folder, 'moved'))
    renameSync(backup, location)
    await Promise.all(commits)
    await commit(400)
    await storage.close()
    expect(new Set(refused)).toEqual(new Set(['STORAGE_CLOSED']))
    expect(contentsOf(location)).toEqual(replacement)
    expect(await keysAt(join(folder, 'moved'))).toEqual(expect.arrayContaining(acknowledged))
  },
)
