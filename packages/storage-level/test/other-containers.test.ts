/**
 * Two containers that share a folder: neither sees the processes of the other. LevelDB's lock keeps
 * the second handle out; where the first one has lost it, the owner file stops the first one.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { describeWith } from './faults/describe-with.js'
import { CONTAINER, startSecondHandle, type SecondHandle, type Where } from './second-handle.js'
import { keysAt, put } from './stored-keys.js'

const isWhole = process.env['STAGEVAULT_FOLDERS'] === 'all'
/** How often the second handle takes over; a campaign does it more often, at more moments. */
const TAKEOVERS = isWhole ? 8 : 3
const MOMENTS = isWhole ? [0, 1, 2] : [1]
const PLACES = [tmpdir(), '/dev/shm'].filter((place) => existsSync(place))

let folder: string
let location: string
let others: SecondHandle[]

function startOther(where: Where): SecondHandle {
  const other = startSecondHandle(where)
  others.push(other)
  return other
}

const [command = '', ...options] = CONTAINER
const hasContainers =
  process.platform === 'linux' && spawnSync(command, [...options, 'true']).status === 0
const lack = { message: 'needs Linux and a superuser who may unshare', isInstallable: false }

describeWith(
  hasContainers ? null : lack,
  'in another container, which sees no process here',
  () => {
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'stagevault-level-'))
      location = join(folder, 'store')
      others = []
    })

    afterEach(async () => {
      for (const other of others) await other.kill()
      rmSync(folder, { recursive: true })
    })

    it('a second handle is refused by the lock, and the first one goes on', async () => {
      const storage = await createLevelStorage({ location })
      for (let n = 0; n < 3; n += 1) {
        expect(await startOther('container').call('open', location)).toBe('STORAGE_LOCKED')
        expect(await put(storage, `k${n}`)).toBe('applied')
      }
      await storage.close()
      expect(await keysAt(location)).toEqual(['k0', 'k1', 'k2'])
    })

    it('a second handle takes over from one that lost its lock, with all that was acknowledged', async () => {
      for (let n = 0; n < TAKEOVERS; n += 1) {
        const first = startOther('process')
        expect(await first.call('create', location)).toBe('open')
        expect(await first.call('copy', location, join(folder, `copy${n}`))).toBe('copied')
        // A second name of the owner file, which the second handle does not remove.
        execFileSync('cp', ['-al', location, join(folder, `link${n}`)])
        const putting = first.call('putUntilItFails', `first${n}-`) as Promise<[string, string[]]>
        const second = startOther('container')
        expect(await second.call('open', location)).toBe('open')
        const later = second.call('put', `second${n}`)
        const [code, acknowledged] = await putting
        expect(code).toBe('STORAGE_CLOSED')
        expect(await first.call('put', 'lost')).toBe('STORAGE_CLOSED')
        expect(await later).toBe('applied')
        expect(await first.call('close')).toBe('closed')
        expect(await second.call('put', `third${n}`)).toBe('applied')
        expect(await second.call('close')).toBe('closed')
        const storage = await openLevelStorage({ location })
        const wanted = [...acknowledged, `second${n}`, `third${n}`]
        for (const key of wanted) expect((await storage.read([key]))[0], key).not.toBe(null)
        expect((await storage.read(['lost']))[0]).toBe(null)
        await storage.close()
      }
    })

    const cases = PLACES.flatMap((place) => MOMENTS.map((moment) => ({ place, moment })))

    it.each(cases)(
      'the first one stops LevelDB before the second reads: %j',
      async ({ place, moment }) => {
        const home = mkdtempSync(join(place, 'stagevault-level-'))
        onTestFinished(() => {
          rmSync(home, { recursive: true })
        })
        location = join(home, 'store')
        // Values so large that LevelDB's thread never rests: it would delete the second's tables.
        const first = startOther('process')
        expect(await first.call('create', location)).toBe('open')
        expect(await first.call('copy', location, join(folder, 'copy'))).toBe('copied')
        const firstPuts = first.call('putMany', 'first', 700, 100_000) as Promise<string[]>
        const second = startOther('container')
        await sleep(moment * 120)
        expect(await second.call('open', location)).toBe('open')
        const secondKeys = (await second.call('putMany', 'second', 150, 100_000)) as string[]
        const firstKeys = await firstPuts
        expect(secondKeys).toHaveLength(150)
        expect(firstKeys.length).toBeLessThan(700)
        expect(await first.call('put', 'lost')).toBe('STORAGE_CLOSED')
        expect(await first.call('close')).toBe('closed')
        expect(await second.call('close')).toBe('closed')
        const third = await openLevelStorage({ location })
        for (const key of [...firstKeys, ...secondKeys]) {
          expect((await third.read([key]))[0]?.length, key).toBe(100_000)
        }
        await third.close()
      },
    )

    it('a process without /proc opens the folder again and again, and two never have it', async () => {
      const first = startOther('process without /proc')
      const second = startOther('process without /proc')
      expect(await first.call('create', location)).toBe('open')
      for (let n = 0; n < 2; n += 1) {
        expect(await first.call('put', `k${n}`)).toBe('applied')
        expect(await first.call('again', location)).toBe('STORAGE_LOCKED')
        expect(await second.call('open', location)).toBe('STORAGE_LOCKED')
        expect(await first.call('close')).toBe('closed')
        expect(await first.call('open', location)).toBe('open')
      }
      await first.kill()
      expect(await second.call('open', location)).toBe('open')
      expect(await second.call('keys')).toEqual(['k0', 'k1'])
    })
  },
)
