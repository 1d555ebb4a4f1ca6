/**
 * Goal F3 on a real disk: fsyncs and fdatasyncs of a vault's life fail, and everything that
 * the vault had acknowledged is there afterwards, what failed can be repeated, and the life ends in
 * the same state as one without failures.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithSyncFaults } from '../../../storage-level/test/faults/sync-faults.js'
import { expectLifeGoesOn, expectStopped } from './expected-life.js'
import { runChild } from './run-child.js'
import { LIFE, referenceStates } from './vault-life.js'

/** The tests of the storage cross these; two show the vault both of either. */
const WAYS = [
  ['once', 'dropped'],
  ['onwards', 'kept'],
]

/** Every third sync fails, in a life of its own; in the campaign each one. */
const STRIDE = process.env['STAGEVAULT_SYNCS'] === 'all' ? 1 : 3

describeWithSyncFaults('a vault on a disk that fails to sync', (env) => {
  const failures = new Map<string, number>()
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stagevault-syncs-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  afterAll(() => {
    console.info(`lives by their failure: ${JSON.stringify(Object.fromEntries(failures))}`)
  })

  it.each(WAYS)(
    '%s, with its bytes %s, loses nothing acknowledged',
    async (...way) => {
      const states = await referenceStates()
      const reports = await runChild('live-with-failing-syncs', [folder, ...way, `${STRIDE}`], env)
      for (const report of reports) {
        const { notOpened, answers } = report
        const code = notOpened?.code ?? answers.find((answer) => answer !== 'done') ?? 'none'
        failures.set(code, (failures.get(code) ?? 0) + 1)
        expectStopped(report, ['STORAGE_OUTCOME_UNKNOWN'], 'STORAGE_UNAVAILABLE')
        await expectLifeGoesOn(report, states)
      }
      expect(reports.length).toBeGreaterThan(30 / STRIDE)
      // Where every sync fails, each step is one that failed, but for what follows from a failure
      // of LevelDB's own thread.
      const steps = new Set(reports.map((report) => report.steps))
      expect(steps.size).toBeGreaterThan((LIFE.length * 0.8) / STRIDE)
      expect(reports.at(-1)).toMatchObject({ steps: LIFE.length, answers: [] })
    },
    600_000,
  )
})
