import { spawnSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { nextLine, startChild } from './child.js'
import { temporaryFolder } from './level-subject.js'

interface FillReport {
  readonly applied: readonly string[]
  readonly failure: string | null
  readonly later: readonly string[]
  readonly stillReads: boolean
}

const runs = (command: string, ...args: string[]): boolean => (
  spawnSync(command, args, { stdio: 'ignore' }).status === 0
)

let folder: string

beforeEach(async () => {
  folder = await temporaryFolder()
})

afterEach(() => rm(folder, { recursive: true }))

async function expectApplied(location: string, { applied }: FillReport): Promise<void> {
  const storage = await openLevelStorage({ location })
  for (const key of applied) expect((await storage.read([key]))[0]).toHaveLength(1_000)
  const mutations = [{ key: 'more', value: new Uint8Array(1_000) }]
  await expect(storage.commit({ guards: [], mutations })).resolves.toBe('applied')
  await storage.close()
}

describe('no room', () => {
  it.skipIf(process.platform === 'win32')(
    'a log that may not grow: the outcome is unknown, and nothing follows the torn record',
    async () => {
      const location = join(folder, 'store')
      const child = startChild('fill', location, 'ulimit -S -f 200')
      const report = JSON.parse(await nextLine(child)) as FillReport
      await child.ended
      expect(report.applied.length).toBeGreaterThan(50)
      expect(report.failure).toBe('STORAGE_OUTCOME_UNKNOWN')
      expect(report.later).toEqual(Array(5).fill('STORAGE_UNAVAILABLE'))
      expect(report.stillReads).toBe(true)
      await expectApplied(location, report)
    },
  )

  it.skipIf(!canMount())('a full disk: reads go on, and all is there once there is room', async () => {
    const mounted = join(folder, 'disk')
    await mkdir(mounted)
    expect(runs('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mounted)).toBe(true)
    try {
      const location = join(mounted, 'store')
      const child = startChild('fill', location)
      const report = JSON.parse(await nextLine(child)) as FillReport
      await child.ended
      expect(report.failure).toBe('STORAGE_FULL')
      expect(report.later).toEqual(Array(5).fill('STORAGE_FULL'))
      expect(report.stillReads).toBe(true)
      // LevelDB needs room to open. Measured; where it opens all the same, that is no loss.
      const full = await createLevelStorage({ location }).catch((error: unknown) => error)
      if (full instanceof Error) expect(full).toMatchObject({ code: 'STORAGE_FULL' })
      else await (full as { close(): Promise<void> }).close()
      expect(runs('mount', '-o', 'remount,size=16m', mounted)).toBe(true)
      await expectApplied(location, report)
    } finally {
      runs('umount', mounted)
    }
  })
})

/** A small disk of its own needs a superuser, and a system that lets one mount. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const name = join(tmpdir(), `stagevault-mount-${process.pid}`)
  const able = runs('mkdir', name) && runs('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', name)
  if (able) runs('umount', name)
  runs('rmdir', name)
  return able
}
