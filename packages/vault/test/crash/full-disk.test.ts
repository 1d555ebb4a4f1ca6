/**
 * Goal F4: the disk is full at some point of a vault's life, wherever that falls. Reading goes on,
 * writing says why it does not, and once there is room everything acknowledged is there.
 */

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { openLevelStorage } from '@stagevault/storage-level'
import { describeWithSmallDisks } from '../../../storage-level/test/faults/small-disk.js'
import { expectAcknowledged, expectLifeGoesOn, expectStopped } from './expected-life.js'
import { runChild } from './run-child.js'
import type { LifeReport } from './vault-life.js'
import { referenceStates } from './vault-life.js'

/** From too small for an empty store to large enough for the whole life. */
const BYTES_MIN = 4_096
const BYTES_ENOUGH = 25_165_824
const DISKS = 10 * Number(process.env['STAGEVAULT_RUNS'] ?? 1)

const sizes = Array.from({ length: DISKS }, (_, i) =>
  Math.round(BYTES_MIN * (BYTES_ENOUGH / BYTES_MIN) ** (i / (DISKS - 1))),
)

describeWithSmallDisks('a vault on a disk that is full', (makeDisk) => {
  const stops = new Map<string, number>()

  afterAll(() => {
    console.info(`${String(DISKS)} disks: ${JSON.stringify(Object.fromEntries(stops))}`)
  })

  it(
    'stays readable, and goes on once there is room',
    async () => {
      const states = await referenceStates()
      let read = 0
      for (const size of sizes) {
        const disk = makeDisk(size)
        try {
          const reports = await runChild('live-once', [disk.path])
          expect(reports).toHaveLength(1)
          for (const report of reports) {
            const by = report.notOpened?.by ?? (report.answers.length > 0 ? 'a write' : 'nothing')
            stops.set(by, (stops.get(by) ?? 0) + 1)
            expectStopped(report, ['STORAGE_FULL'], 'STORAGE_FULL')
            if (
              report.notOpened?.by !== 'createLevelStorage' &&
              report.notOpened?.by !== 'createVault'
            ) {
              await expectReadable(report, states)
              read += 1
            }
            disk.resize(2 * BYTES_ENOUGH)
            await expectLifeGoesOn(report, states)
          }
        } finally {
          disk.remove()
        }
      }
      expect([...stops.keys()]).toEqual(expect.arrayContaining(['createLevelStorage', 'a write']))
      expect(stops.get('nothing')).toBeGreaterThan(0)
      expect(read).toBeGreaterThan(DISKS / 4)
    },
    60_000 + DISKS * 10_000,
  )
})

/**
 * While the disk is full. LevelDB needs room to open: where it says so, what the disk holds is read
 * where there is some.
 */
async function expectReadable(report: LifeReport, states: readonly string[]): Promise<void> {
  const location = join(report.home, 'vault')
  const storage = await openLevelStorage({ location }).catch((error: unknown) => error as Error)
  if (!('code' in storage)) {
    await (storage as StorageAdapter).close()
    await expectAcknowledged(location, report, states)
    return
  }
  expect(storage).toMatchObject({ code: 'STORAGE_FULL' })
  const elsewhere = await mkdtemp(join(tmpdir(), 'stagevault-full-'))
  await cp(location, elsewhere, { recursive: true })
  await expectAcknowledged(elsewhere, report, states)
  await rm(elsewhere, { recursive: true })
}
