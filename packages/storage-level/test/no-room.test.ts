import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { nextLine, startChild } from './child.js'
import { describeWithSmallDisks } from './faults/small-disk.js'
import { temporaryFolder } from './level-subject.js'

interface FillReport {
  readonly applied: readonly string[]
  readonly failure: string | null
  readonly later: readonly string[]
  readonly stillReads: boolean
}

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

describe('a log that may not grow', () => {
  it.skipIf(process.platform === 'win32')(
    'leaves the outcome unknown, and nothing follows the torn record',
    async () => {
      const location = join(folder, 'store')
      const child = startChild('fill', [location], { shell: 'ulimit -S -f 200' })
      const report = JSON.parse(await nextLine(child)) as FillReport
      await child.ended
      expect(report.applied.length).toBeGreaterThan(50)
      expect(report.failure).toBe('STORAGE_OUTCOME_UNKNOWN')
      expect(report.later).toEqual(Array(5).fill('STORAGE_UNAVAILABLE'))
      expect(report.stillReads).toBe(true)
      await expectApplied(location, report)
    },
  )
})

describeWithSmallDisks('a full disk', (makeDisk) => {
  it('goes on to be read, and all is there once there is room', async () => {
    const disk = makeDisk(2_097_152)
    try {
      const location = join(disk.path, 'store')
      const child = startChild('fill', [location])
      const report = JSON.parse(await nextLine(child)) as FillReport
      await child.ended
      expect(report.failure).toBe('STORAGE_FULL')
      expect(report.later).toEqual(Array(5).fill('STORAGE_FULL'))
      expect(report.stillReads).toBe(true)
      // LevelDB needs room to open. Measured; if it still opens, nothing is lost.
      const full = await createLevelStorage({ location }).catch((error: unknown) => error)
      if (full instanceof Error) expect(full).toMatchObject({ code: 'STORAGE_FULL' })
      else await (full as StorageAdapter).close()
      disk.resize(16_777_216)
      await expectApplied(location, report)
    } finally {
      disk.remove()
    }
  })
})
