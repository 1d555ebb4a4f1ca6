/**
 * The real vault against a naive twin: random histories through two handles, with failures of the
 * store, reopenings and time that passes. STAGEVAULT_RUNS=20 makes the campaign 20 times as long,
 * STAGEVAULT_SEED repeats one.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SHORT_HISTORY, histories, replay } from './history.js'
import { levelPlace } from './level-place.js'
import { EVERY_OPERATION } from './operation-arbitrary.js'
import type { Tally } from './tally.js'
import { createTally } from './tally.js'
import type { Place } from './vault-under-test.js'
import { createVaultUnderTest, memoryPlace } from './vault-under-test.js'

const RUNS_FACTOR = Number(process.env['STAGEVAULT_RUNS'] ?? 1)
const SEED = process.env['STAGEVAULT_SEED']

async function campaign(
  runs: number,
  open: () => Promise<Place>,
  tally = createTally(),
): Promise<Tally> {
  const property = fc.asyncProperty(histories(50), async (history) => {
    const place = await open()
    await replay((limits) => createVaultUnderTest(place, limits), history, tally)
  })
  const seed = SEED === undefined ? {} : { seed: Number(SEED) }
  await fc.assert(property, { numRuns: runs * RUNS_FACTOR, ...seed })
  return tally
}

/** Codes that each operation comes to in any long run, besides success. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  createSecret: ['SECRET_EXISTS', 'SECRET_IN_DELETE_WINDOW', 'QUOTA_EXCEEDED', 'INVALID_PARAMETER'],
  putSecretValue: [
    'SECRET_NOT_FOUND',
    'SECRET_IN_DELETE_WINDOW',
    'VERSION_EXISTS',
    'VERSION_DISABLED',
    'VERSION_CONFLICT',
    'STAGE_LABEL_LIMIT',
    'VERSION_LIMIT',
    'INVALID_PARAMETER',
    'STORAGE_UNAVAILABLE',
    'STORAGE_CLOSED',
  ],
  getSecretValue: [
    'SECRET_NOT_FOUND',
    'SECRET_IN_DELETE_WINDOW',
    'VERSION_NOT_FOUND',
    'STAGE_NOT_FOUND',
    'VERSION_DISABLED',
    'INVALID_PARAMETER',
    'STORAGE_UNAVAILABLE',
  ],
  updateSecret: ['SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'INVALID_PARAMETER'],
  updateSecretVersionStage: [
    'SECRET_NOT_FOUND',
    'SECRET_IN_DELETE_WINDOW',
    'VERSION_NOT_FOUND',
    'VERSION_DISABLED',
    'STAGE_LABEL_LIMIT',
    'INVALID_PARAMETER',
  ],
  deleteSecret: ['SECRET_NOT_FOUND', 'INVALID_PARAMETER'],
  restoreSecret: ['SECRET_NOT_FOUND', 'SECRET_NOT_SCHEDULED'],
  tagResource: ['SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'INVALID_PARAMETER'],
  untagResource: ['SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW'],
  disableVersion: ['VERSION_NOT_FOUND', 'UNSUPPORTED_OPERATION'],
  enableVersion: ['VERSION_NOT_FOUND', 'UNSUPPORTED_OPERATION'],
  destroyVersion: ['VERSION_NOT_FOUND', 'UNSUPPORTED_OPERATION'],
  renameSecret: ['SECRET_NOT_FOUND', 'SECRET_EXISTS', 'SECRET_IN_DELETE_WINDOW'],
  walkSecrets: ['INVALID_PARAMETER'],
  walkVersions: ['SECRET_NOT_FOUND', 'INVALID_PARAMETER'],
  describeSecret: ['SECRET_NOT_FOUND'],
}

/** What a run has not come to yet. */
function missingIn(tally: Tally): string[] {
  return EVERY_OPERATION.flatMap((name) =>
    (REACHED[name] ?? []).filter((code) => tally.of(name, code) === 0).map((c) => `${name} ${c}`),
  )
}

/** Some codes are rare: a run that misses one goes on, and so covers each. */
const ROUNDS_MAX = 5

const SECONDS = 1000 * RUNS_FACTOR

describe('random histories agree with a naive model', () => {
  test('in memory', { timeout: 600 * SECONDS }, async () => {
    const tally = await campaign(250, () => Promise.resolve(memoryPlace()))
    if (process.env['STAGEVAULT_TALLY'] !== undefined) console.log(tally.toString())
    for (let round = 1; round < ROUNDS_MAX && missingIn(tally).length > 0; round++) {
      await campaign(250, () => Promise.resolve(memoryPlace()), tally)
    }
    expect(missingIn(tally)).toEqual([])
    for (const name of EVERY_OPERATION) {
      expect(tally.of(name), `${name} succeeded`).toBeGreaterThan(0)
    }
    expect(tally.codes()).toContain('STORAGE_OUTCOME_UNKNOWN')
    expect(tally.noted('reopened')).toBeGreaterThan(0)
    expect(tally.noted('failed and did not happen')).toBeGreaterThan(0)
    expect(tally.noted('failed and happened, or had nothing to change')).toBeGreaterThan(0)
  })

  test('on LevelDB, which is really closed and opened', { timeout: 600 * SECONDS }, async () => {
    const tally = await campaign(50, levelPlace)
    for (const name of EVERY_OPERATION) {
      expect(tally.of(name), `${name} succeeded`).toBeGreaterThan(0)
    }
    expect(tally.noted('reopened')).toBeGreaterThan(0)
    expect(tally.noted('failed and did not happen')).toBeGreaterThan(0)
    expect(tally.noted('failed and happened, or had nothing to change')).toBeGreaterThan(0)
  })

  test('the short history meets each kind of step', async () => {
    const tally = createTally()
    const place = memoryPlace()
    await replay((limits) => createVaultUnderTest(place, limits), SHORT_HISTORY, tally)
    expect(tally.of('putSecretValue')).toBeGreaterThan(0)
    expect(tally.of('getSecretValue')).toBeGreaterThan(0)
    expect(tally.noted('reopened')).toBeGreaterThan(0)
    expect(tally.noted('failed and did not happen')).toBeGreaterThan(0)
    expect(tally.noted('failed and happened, or had nothing to change')).toBeGreaterThan(0)
  })
})
