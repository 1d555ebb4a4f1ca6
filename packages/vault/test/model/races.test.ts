/**
 * Calls that overlap on one store, through one vault and through two, interleaved storage call by
 * storage call. Every result must be explained by some order of the calls, the last look at
 * everything included: no lost label, no lost put, no id twice.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { levelPlace } from './level-place.js'
import type { Call } from './linearizability.js'
import { createRecorder } from './linearizability.js'
import { ACCOUNT_ID, REGION } from './scope.js'
import type { Operation } from './operation.js'
import { perform } from './operation.js'
import { BUSY_NAME } from './operation-arbitrary.js'
import {
  LIMITS,
  NOW,
  anyMix,
  comingOrGoing,
  lookAtAll,
  readingWhatGoes,
  replayPast,
  requireLinearizable,
} from './race-histories.js'
import { scheduledStorage } from './scheduled-storage.js'

const RUNS_FACTOR = Number(process.env['STAGEVAULT_RUNS'] ?? 1)
const KEY = new Uint8Array(32).fill(3)
const OPTIONS = { unlock: rawKey(KEY), clock: () => NOW }
const CREATION = { ...OPTIONS, limits: LIMITS, region: REGION, accountId: ACCOUNT_ID }
const secretName = BUSY_NAME

/** One caller: its calls follow each other. */
interface Client {
  readonly vault: 0 | 1
  readonly calls: readonly Operation[]
}

interface Race {
  readonly clients: readonly Client[]
  readonly scheduler: fc.Scheduler
  /** Commits of the race, by number, whose answers are lost. */
  readonly lost: readonly number[]
}

interface Finish {
  readonly history: readonly Call[]
  readonly conflicts: number
}

async function run({ clients, scheduler, lost }: Race): Promise<Finish> {
  let conflicts = 0
  let commits = 0
  let isRacing = false
  const memory = createMemoryStorage()
  const losing = faultyStorage(memory, ({ method }) => {
    if (!isRacing || method !== 'commit') return 'pass'
    commits += 1
    return lost.includes(commits) ? 'fail-after' : 'pass'
  })
  const storage = scheduledStorage(losing, scheduler, () => {
    conflicts += 1
  })
  const first = await createVault({ ...CREATION, storage })
  const vaults = [first, await openVault({ ...OPTIONS, storage })] as const
  await replayPast((operation) => perform(first, operation))

  const recorder = createRecorder()
  const runClient = async (client: Client): Promise<void> => {
    for (const operation of client.calls) {
      const vault = vaults[client.vault]
      await recorder.record(operation, () => perform(vault, operation))
    }
  }
  storage.begin()
  isRacing = true
  await scheduler.waitFor(Promise.all(clients.map(runClient)))
  storage.end()
  isRacing = false
  const witness = await openVault({ ...OPTIONS, storage })
  await lookAtAll((operation) => recorder.record(operation, () => perform(witness, operation)))
  expect((await witness.verify()).problems).toEqual([])
  return { history: recorder.history(), conflicts }
}

function races(
  vaults: 1 | 2,
  lost: fc.Arbitrary<number[]>,
  call: fc.Arbitrary<Operation> = anyMix,
): fc.Arbitrary<Race> {
  const client = fc.record({
    vault: vaults === 1 ? fc.constant(0 as const) : fc.constantFrom(0 as const, 1 as const),
    calls: fc.array(call, { minLength: 1, maxLength: 4 }),
  })
  return fc.record({
    clients: fc.array(client, { minLength: 2, maxLength: 4 }),
    scheduler: fc.scheduler(),
    lost,
  })
}

const SECONDS = 1000 * RUNS_FACTOR

describe('calls that overlap can be told one after another', () => {
  const nothingLost = fc.constant<number[]>([])

  test('through one vault', { timeout: 300 * SECONDS }, async () => {
    const property = fc.asyncProperty(races(1, nothingLost), async (race) => {
      requireLinearizable((await run(race)).history)
    })
    await fc.assert(property, { numRuns: 130 * RUNS_FACTOR })
  })

  test('through two vaults on one store', { timeout: 300 * SECONDS }, async () => {
    let conflicts = 0
    const property = fc.asyncProperty(races(2, nothingLost), async (race) => {
      const finish = await run(race)
      conflicts += finish.conflicts
      requireLinearizable(finish.history)
    })
    await fc.assert(property, { numRuns: 200 * RUNS_FACTOR })
    // Without conflicts nothing raced.
    expect(conflicts).toBeGreaterThan(15 * RUNS_FACTOR)
  })

  test.each([
    ['where secrets come and go', comingOrGoing],
    ['where values are read that go', readingWhatGoes],
  ])('%s', { timeout: 300 * SECONDS }, async (_, calls) => {
    const property = fc.asyncProperty(races(2, nothingLost, calls), async (race) => {
      requireLinearizable((await run(race)).history)
    })
    await fc.assert(property, { numRuns: 130 * RUNS_FACTOR })
  })

  test('where answers of the store are lost', { timeout: 300 * SECONDS }, async () => {
    let unknown = 0
    const lost = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 2 })
    const property = fc.asyncProperty(races(2, lost), async (race) => {
      const finish = await run(race)
      unknown += finish.history.filter(({ outcome }) => outcome === null).length
      requireLinearizable(finish.history)
    })
    await fc.assert(property, { numRuns: 130 * RUNS_FACTOR })
    expect(unknown).toBeGreaterThan(15 * RUNS_FACTOR)
  })
})

/** Puts at the same time, each with a label of its own; all must be there afterwards. */
async function putAtOnce(vaults: readonly Vault[], count: number): Promise<void> {
  const puts = Array.from({ length: count }, async (_, i) => {
    const vault = vaults[i % vaults.length]
    const request = { secretName, secretData: `value ${i}`, versionStages: [`label-${i}`] }
    const put = await vault?.putSecretValue(request)
    return [`label-${i}`, put?.versionId, `value ${i}`] as const
  })
  const stored = await Promise.all(puts)
  expect(new Set(stored.map(([, versionId]) => versionId)).size).toBe(count)
  for (const vault of vaults) {
    for (const [versionStage, versionId, secretData] of stored) {
      const found = await vault.getSecretValue({ secretName, versionStage })
      expect(found).toMatchObject({ versionId, secretData, versionStages: [versionStage] })
    }
    const { versionIds } = await vault.listSecretVersionIds({ secretName, pageSize: 100 })
    expect(versionIds).toHaveLength(count + 1)
    expect((await vault.getSecretValue({ secretName })).secretData).toBe('first')
    expect(await vault.verify()).toMatchObject({ isClean: true, versionCount: count + 1 })
  }
}

describe('puts at the same time: no lost put, no lost label, no id twice', () => {
  const unlock = rawKey(KEY)
  const limits = { versionsMax: 100, stageLabelsMax: 64 }
  const request = { secretName, secretData: 'first' }

  test('scheduled, through two vaults', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const storage = scheduledStorage(createMemoryStorage(), scheduler, () => undefined)
      const vault = await createVault({ unlock, limits, storage })
      await vault.createSecret(request)
      const vaults = [vault, await openVault({ unlock, storage })]
      storage.begin()
      await scheduler.waitFor(putAtOnce(vaults, 5))
    })
    await fc.assert(property, { numRuns: 15 * RUNS_FACTOR })
  })

  test('40 through two vaults in memory', async () => {
    const storage = createMemoryStorage()
    const vault = await createVault({ unlock, limits, storage })
    await vault.createSecret(request)
    await putAtOnce([vault, await openVault({ unlock, storage })], 40)
  })

  test('40 through one vault on LevelDB', async () => {
    const place = await levelPlace()
    const storage = await place.open()
    try {
      const vault = await createVault({ unlock, limits, storage })
      await vault.createSecret(request)
      await putAtOnce([vault], 40)
    } finally {
      await storage.close()
      await place.remove()
    }
  })
})
