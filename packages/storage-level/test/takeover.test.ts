/** A handle that lost its folder stops LevelDB by itself, and the next one lets it. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage } from '@stagevault/storage-level'
import { openLocation } from '../dist/open-location.js'
import { listLevelFiles } from './open-files.js'
import { startSecondHandle } from './second-handle.js'
import { EVERYTHING, keysAt, put } from './stored-keys.js'

const PLACES = [
  ['on a disk', tmpdir()],
  ['in memory', '/dev/shm'],
] as const
const onLinux = process.platform === 'linux'
const opening = { Level, sync: true, create: false }

let folder: string
let location: string

const owners = (): string[] => readdirSync(location).filter((name) => name.startsWith('OWNER'))
const ownerFile = (): string => join(location, 'OWNER-1')

/** Opens and closes the store, and tells how often that waited for a loser. */
async function countWaits(): Promise<number> {
  let waits = 0
  const storage = await openLocation(location, opening, () => {
    waits += 1
    return Promise.resolve()
  })
  await storage.close()
  return waits
}

/** The text that a handle of this process writes, less its line feed. */
async function textOfOwner(): Promise<string[]> {
  const storage = await createLevelStorage({ location })
  const text = readFileSync(ownerFile(), 'utf8')
  await storage.close()
  return text.trim().split(' ')
}

for (const [what, place] of PLACES) {
  describe.skipIf(!existsSync(place))(`a folder ${what}`, () => {
    beforeEach(async () => {
      folder = mkdtempSync(join(place, 'stagevault-level-'))
      location = join(folder, 'store')
      const storage = await createLevelStorage({ location })
      await put(storage, 'first')
      await storage.close()
    })

    afterEach(() => {
      rmSync(folder, { recursive: true })
    })

    it('is opened at once after a handle that was closed', async () => {
      expect(await countWaits()).toBe(0)
      expect(await countWaits()).toBe(0)
    })

    it.each(['process', 'worker'] as const)(
      'is opened at once after a %s that ended',
      async (where) => {
        const dead = startSecondHandle(where)
        expect(await dead.call('open', location)).toBe('open')
        await dead.kill()
        expect(owners()).toEqual(['OWNER-1'])
        expect(await countWaits()).toBe(0)
        expect(owners()).toEqual([])
      },
    )

    it('is opened after a wait where the handle before cannot be seen', async () => {
      const [, descriptor, space = ''] = await textOfOwner()
      const living = process.ppid
      for (const text of [
        // A process that ended, of another host, another container, and one that does not tell.
        `999999999 ${descriptor} x${space}\n`,
        `999999999 ${descriptor} ${space}x\n`,
        `999999999 ${descriptor} -\n`,
        `999999999 ${descriptor}\n`,
        '',
        // A process that lives, as far as this one can tell, and has no such descriptor.
        `${living} 999999 ${space}\n`,
      ]) {
        writeFileSync(ownerFile(), text)
        expect(await countWaits(), text).toBe(1)
        expect(owners()).toEqual([])
      }
    })

    it('is opened at once where the process before is known to have ended', async () => {
      const [, descriptor, space] = await textOfOwner()
      for (const pid of [999_999_999, process.pid]) {
        writeFileSync(ownerFile(), `${pid} ${descriptor} ${space}\n`)
        expect(await countWaits()).toBe(0)
      }
    })

    it('has the new owner file alone during the wait, and LevelDB has nothing open', async () => {
      writeFileSync(ownerFile(), 'unseen')
      const before = readdirSync(location).filter((name) => !/^(OWNER|LOG)/.test(name))
      const storage = await openLocation(location, opening, () => {
        expect(owners()).toEqual(['OWNER-2'])
        if (onLinux) expect(listLevelFiles(location)).toEqual([])
        expect(readdirSync(location).filter((name) => !/^(OWNER|LOG)/.test(name))).toEqual(before)
        return Promise.resolve()
      })
      await storage.close()
    })

    it('is not opened by a handle that lost it during the wait', async () => {
      writeFileSync(ownerFile(), 'unseen')
      const log = readFileSync(join(location, 'CURRENT'), 'utf8')
      await expect(
        openLocation(location, opening, () => {
          unlinkSync(join(location, 'OWNER-2'))
          return Promise.resolve()
        }),
      ).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
      expect(readFileSync(join(location, 'CURRENT'), 'utf8')).toBe(log)
      expect(await keysAt(location)).toEqual(['first'])
    })

    it.skipIf(!onLinux)(
      'that is lost is closed without a call, and refuses each later one',
      async () => {
        const storage = await createLevelStorage({ location })
        const writing = Array.from({ length: 100 }, (_, n) => put(storage, `k${n}`, 100_000))
        await Promise.all(writing)
        expect(listLevelFiles(location)).not.toEqual([])
        unlinkSync(ownerFile())
        // Until the test's own time is over: the handle's timer is all that closes LevelDB.
        while (listLevelFiles(location).length > 0) await sleep(10)
        await expect(put(storage, 'lost')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
        await expect(storage.read(['first'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
        await expect(storage.scan(EVERYTHING)).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
        await storage.close()
        expect(await keysAt(location)).toHaveLength(101)
      },
    )
  })
}
