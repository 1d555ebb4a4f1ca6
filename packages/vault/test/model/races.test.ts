/**
 * Calls that overlap on one store, through one vault and through two, interleaved storage call by
 * storage call. Whatever was seen must be explained by some order of the calls, the last look at
 * everything included: no lost label, no lost put, no id twice.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Call } from './linearizability.js'
import { createRecorder, formatHistory, linearize } from './linearizability.js'
import { emptyStore, step } from './naive-model.js'
import type { NaiveStore } from './naive-reads.js'
import { ACCOUNT_ID, REGION } from './naive-reads.js'
import type { Operation } from './operation.js'
import { perform } from './operation.js'
import { BUSY_NAME, EVERY_OPERATION, operations, resolveVersions } from './operation-arbitrary.js'
import { scheduledStorage } from './scheduled-storage.js'
import { levelPlace } from './test-vault.js'

const RUNS_FACTOR = Number(process.env['STAGEVAULT_RUNS'] ?? 1)
const NOW = Date.UTC(2026, 0, 1)
const KEY = new Uint8Array(32).fill(3)
const LIMITS = { versionsMax: 3, stageLabelsMax: 5, secretsMax: 3 }
const OPTIONS = { unlock: rawKey(KEY), limits: LIMITS, clock: () => NOW }
const secretName = BUSY_NAME

/** What is there when a race begins: three versions, one of them without a label. */
const PAST: readonly Operation[] = [
  { name: 'createSecret', request: { secretName, secretData: 'first' } },
  { name: 'putSecretValue', request: { secretName, secretData: 'second' } },
  { name: 'putSecretValue', request: { secretName, secretData: 'third', versionId: 'x' } },
]

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
  readonly start: NaiveStore
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
  const first = await createVault({ ...OPTIONS, storage, region: REGION, accountId: ACCOUNT_ID })
  const vaults = [first, await openVault({ ...OPTIONS, storage })] as const
  const start = await replay(first)

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
  for (const operation of await lastLook(witness)) {
    await recorder.record(operation, () => perform(witness, operation))
  }
  expect((await witness.verify()).problems).toEqual([])
  return { start, history: recorder.history(), conflicts }
}

/** Brings a vault to where races begin; returns the model of it. */
async function replay(vault: Vault): Promise<NaiveStore> {
  let store = emptyStore(LIMITS, NOW)
  for (const operation of PAST) {
    const after = step(store, operation)
    expect(await perform(vault, operation)).toEqual(after.outcome)
    store = after.store
  }
  return store
}

/** Reads of everything there is. */
async function lastLook(vault: Vault): Promise<Operation[]> {
  const reads: Operation[] = [{ name: 'walkSecrets', request: {} }]
  const { secrets } = await vault.listSecrets()
  for (const secret of secrets) {
    const request = { secretName: secret.secretName, includeDeprecated: true }
    reads.push({ name: 'walkVersions', request })
    const { versionIds } = await vault.listSecretVersionIds(request)
    for (const { versionId } of versionIds) {
      const version = { secretName: secret.secretName, versionId }
      reads.push({ name: 'getSecretValue', request: version })
    }
  }
  return reads
}

function requireLinearizable({ start, history }: Finish): void {
  const order = linearize(start, history)
  if (order === null) throw new Error(`no order explains this history:\n${formatHistory(history)}`)
}

/** A batch reads its secrets one by one, and a walk its pages: neither is one step. */
const ATOMIC = EVERY_OPERATION.filter((name) => name !== 'batchGetSecretValue')

function inOnePage(operation: Operation): Operation {
  const { name, request } = operation
  if (name !== 'walkSecrets' && name !== 'walkVersions') return operation
  const { pageSize: _, ...others } = request
  return { name, request: others } as Operation
}

const start = PAST.reduce(
  (store, operation) => step(store, operation).store,
  emptyStore(LIMITS, NOW),
)
const anyCall = operations(ATOMIC).map((draft) => resolveVersions(inOnePage(draft), start))
const writing = operations([
  'putSecretValue', 'updateSecretVersionStage', 'deleteSecret', 'createSecret', 'restoreSecret',
]).map((draft) => resolveVersions(draft, start))
const anyMix = fc.oneof({ weight: 2, arbitrary: writing }, { weight: 1, arbitrary: anyCall })

/** Secrets that come and go: they share the vault root and take each other's names. */
const names = [BUSY_NAME, 'b']
const comingOrGoing = fc.constantFrom<Operation>(
  ...names.map((secretName): Operation =>
    ({ name: 'createSecret', request: { secretName, secretData: 'one' } })),
  ...names.map((secretName): Operation =>
    ({ name: 'deleteSecret', request: { secretName, forceDeleteWithoutRecovery: true } })),
  { name: 'renameSecret', request: { secretName: BUSY_NAME, newSecretName: 'b' } },
  { name: 'renameSecret', request: { secretName: 'b', newSecretName: BUSY_NAME } },
  { name: 'walkSecrets', request: {} },
)

/** Values that are read while their versions are evicted, destroyed or deleted. */
const readingWhatGoes: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<Operation>(
      { name: 'getSecretValue', request: { secretName } },
      { name: 'getSecretValue', request: { secretName, versionId: 'v1' } },
      { name: 'getSecretValue', request: { secretName, versionId: 'v2' } },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Operation>(
      { name: 'putSecretValue', request: { secretName, secretData: 'new' } },
      { name: 'destroyVersion', request: { secretName, versionId: 'v1' } },
      { name: 'destroyVersion', request: { secretName, versionId: 'v2' } },
      { name: 'deleteSecret', request: { secretName, forceDeleteWithoutRecovery: true } },
      { name: 'createSecret', request: { secretName, secretData: 'again' } },
    ),
  },
)

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
      requireLinearizable(await run(race))
    })
    await fc.assert(property, { numRuns: 400 * RUNS_FACTOR })
  })

  test('through two vaults on one store', { timeout: 300 * SECONDS }, async () => {
    let conflicts = 0
    const property = fc.asyncProperty(races(2, nothingLost), async (race) => {
      const finish = await run(race)
      conflicts += finish.conflicts
      requireLinearizable(finish)
    })
    await fc.assert(property, { numRuns: 600 * RUNS_FACTOR })
    // Without conflicts nothing raced.
    expect(conflicts).toBeGreaterThan(50 * RUNS_FACTOR)
  })

  test.each([
    ['where secrets come and go', comingOrGoing],
    ['where values are read that go', readingWhatGoes],
  ])('%s', { timeout: 300 * SECONDS }, async (_, calls) => {
    const property = fc.asyncProperty(races(2, nothingLost, calls), async (race) => {
      requireLinearizable(await run(race))
    })
    await fc.assert(property, { numRuns: 400 * RUNS_FACTOR })
  })

  test('where answers of the store are lost', { timeout: 300 * SECONDS }, async () => {
    let unknown = 0
    const lost = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 2 })
    const property = fc.asyncProperty(races(2, lost), async (race) => {
      const finish = await run(race)
      unknown += finish.history.filter(({ outcome }) => outcome === null).length
      requireLinearizable(finish)
    })
    await fc.assert(property, { numRuns: 400 * RUNS_FACTOR })
    expect(unknown).toBeGreaterThan(50 * RUNS_FACTOR)
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
  const options = { unlock: rawKey(KEY), limits: { versionsMax: 100, stageLabelsMax: 64 } }
  const request = { secretName, secretData: 'first' }

  test('scheduled, through two vaults', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const storage = scheduledStorage(createMemoryStorage(), scheduler, () => undefined)
      const vault = await createVault({ ...options, storage })
      await vault.createSecret(request)
      const vaults = [vault, await openVault({ ...options, storage })]
      storage.begin()
      await scheduler.waitFor(putAtOnce(vaults, 5))
    })
    await fc.assert(property, { numRuns: 40 * RUNS_FACTOR })
  })

  test('40 through two vaults in memory', async () => {
    const storage = createMemoryStorage()
    const vault = await createVault({ ...options, storage })
    await vault.createSecret(request)
    await putAtOnce([vault, await openVault({ ...options, storage })], 40)
  })

  test('40 through one vault on LevelDB', async () => {
    const place = await levelPlace()
    const storage = await place.open()
    try {
      const vault = await createVault({ ...options, storage })
      await vault.createSecret(request)
      await putAtOnce([vault], 40)
    } finally {
      await storage.close()
      await place.remove()
    }
  })
})
