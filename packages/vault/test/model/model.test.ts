/**
 * The real vault against a naive twin: random histories through two handles, with failures of the
 * store, reopenings and time that passes. STAGEVAULT_RUNS=20 makes the campaign 20 times as long,
 * STAGEVAULT_SEED repeats one.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VaultCommand } from './commands.js'
import {
  checkStored,
  checkValues,
  checkVerified,
  operationCommand,
  vaultCommand,
} from './commands.js'
import { createLedger } from './ledger.js'
import { emptyStore } from './naive-model.js'
import type { NaiveLimits } from './naive-secret.js'
import { BUSY_NAME, EVERY_OPERATION } from './operation-arbitrary.js'
import type { Operation } from './operation.js'
import type { Tally } from './tally.js'
import { createTally } from './tally.js'
import type { Place } from './test-vault.js'
import { createTestVault, levelPlace, memoryPlace } from './test-vault.js'

const RUNS_FACTOR = Number(process.env['STAGEVAULT_RUNS'] ?? 1)
const SEED = process.env['STAGEVAULT_SEED']

interface History {
  readonly limits: NaiveLimits
  /** Versions of the busy secret before the history begins; without one, it is not there. */
  readonly age: number
  readonly commands: Iterable<VaultCommand>
}

const histories: fc.Arbitrary<History> = fc.record({
  limits: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        versionsMax: fc.integer({ min: 2, max: 4 }),
        stageLabelsMax: fc.integer({ min: 2, max: 4 }),
        secretsMax: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constant({ versionsMax: 10, stageLabelsMax: 8, secretsMax: 1000 }),
    },
  ),
  // 32 tombstones are remembered: only an old secret has forgotten some.
  age: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 36, max: 48 }) },
  ),
  commands: fc.commands([vaultCommand()], { maxCommands: 50, size: 'max' }),
})

async function replay(place: Place, history: History, tally: Tally): Promise<void> {
  const { limits, age, commands } = history
  const vault = await createTestVault(place, limits)
  try {
    const subject = { vault, ledger: createLedger(), tally }
    const model = { store: emptyStore(limits, vault.now()) }
    for (const operation of past(age)) {
      await operationCommand(operation, 0, null).run(model, subject)
    }
    await fc.asyncModelRun(() => ({ model, real: subject }), commands)
    await checkValues(model, subject)
    await checkStored(model, subject)
    await checkVerified(model, subject)
  } finally {
    await vault.dispose()
  }
}

/**
 * The past of the busy secret. The caller took an id far ahead of the counter: in an old secret it
 * is forgotten before the counter gets there.
 */
function past(age: number): Operation[] {
  const secretName = BUSY_NAME
  return Array.from({ length: age }, (_, i): Operation => {
    const request = { secretName, secretData: i % 2 === 0 ? 'one' : 'two' }
    if (i === 0) return { name: 'createSecret', request }
    const taken = i === 1 ? { versionId: 'v40' } : {}
    return { name: 'putSecretValue', request: { ...request, ...taken } }
  })
}

async function campaign(runs: number, open: () => Promise<Place>): Promise<Tally> {
  const tally = createTally()
  const property = fc.asyncProperty(histories, async (history) => {
    await replay(await open(), history, tally)
  })
  const seed = SEED === undefined ? {} : { seed: Number(SEED) }
  await fc.assert(property, { numRuns: runs * RUNS_FACTOR, ...seed })
  return tally
}

/** Codes that each operation comes to in any long run, besides success. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  createSecret: [
    'SECRET_EXISTS', 'SECRET_IN_DELETE_WINDOW', 'QUOTA_EXCEEDED', 'INVALID_PARAMETER',
  ],
  putSecretValue: [
    'SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'VERSION_EXISTS', 'CONFLICT',
    'STAGE_LABEL_LIMIT', 'VERSION_LIMIT', 'INVALID_PARAMETER',
    'STORAGE_UNAVAILABLE', 'STORAGE_CLOSED',
  ],
  getSecretValue: [
    'SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'VERSION_NOT_FOUND', 'STAGE_NOT_FOUND',
    'VERSION_DISABLED', 'INVALID_PARAMETER', 'STORAGE_UNAVAILABLE',
  ],
  updateSecret: ['SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'INVALID_PARAMETER'],
  updateSecretVersionStage: [
    'SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW', 'VERSION_NOT_FOUND', 'VERSION_DISABLED',
    'STAGE_LABEL_LIMIT', 'INVALID_PARAMETER',
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

const SECONDS = 1000 * RUNS_FACTOR

describe('random histories agree with a naive model', () => {
  test('in memory', { timeout: 600 * SECONDS }, async () => {
    const tally = await campaign(800, () => Promise.resolve(memoryPlace()))
    if (process.env['STAGEVAULT_TALLY'] !== undefined) console.log(tally.toString())
    for (const name of EVERY_OPERATION) {
      expect(tally.of(name), `${name} succeeded`).toBeGreaterThan(0)
      for (const code of REACHED[name] ?? []) {
        expect(tally.of(name, code), `${name} came to ${code}`).toBeGreaterThan(0)
      }
    }
    expect(tally.codes()).toContain('STORAGE_OUTCOME_UNKNOWN')
    expect(tally.noted('reopened')).toBeGreaterThan(0)
    expect(tally.noted('failed and did not happen')).toBeGreaterThan(0)
    expect(tally.noted('failed and happened, or had nothing to change')).toBeGreaterThan(0)
  })

  test('on LevelDB, which is really closed and opened', { timeout: 600 * SECONDS }, async () => {
    const tally = await campaign(200, levelPlace)
    for (const name of EVERY_OPERATION) {
      expect(tally.of(name), `${name} succeeded`).toBeGreaterThan(0)
    }
    expect(tally.noted('reopened')).toBeGreaterThan(0)
  })
})
