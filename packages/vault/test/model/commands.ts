/** What a history is made of: operations, time that passes, and closing and opening again. */

import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { VaultEvent } from 'stagevault'
import type { Step } from './naive-model.js'
import { step, sweep } from './naive-model.js'
import type { NaiveStore } from './naive-reads.js'
import type { Ledger } from './ledger.js'
import type { Operation, Outcome } from './operation.js'
import { EVERY_OPERATION, operations, resolveVersions } from './operation-arbitrary.js'
import { viewOfHeads, viewOfModel } from './stored-heads.js'
import type { Tally } from './tally.js'
import type { Fault, VaultUnderTest } from './vault-under-test.js'

export interface Model {
  store: NaiveStore
}

export interface Subject {
  readonly vault: VaultUnderTest
  readonly ledger: Ledger
  readonly tally: Tally
}

export type VaultCommand = fc.AsyncCommand<Model, Subject>

const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** Single commands, weighted; a sixth of the operations meet a store that fails. */
export function vaultCommand(): fc.Arbitrary<VaultCommand> {
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        verdict: fc.constantFrom('fail-before', 'fail-after', 'fail-after', 'stop', 'stop-after'),
        call: fc.constantFrom(0, 1, 1, 1, 2, 3),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ verdict: 'fail-before', call: 'every commit' }) },
  )
  const operation = fc
    .tuple(
      operations(EVERY_OPERATION),
      fc.constantFrom<0 | 1>(0, 1),
      fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fault }),
    )
    .map(([draft, handle, planned]) => operationCommand(draft, handle, planned))
  const wait = fc
    .oneof(
      { weight: 4, arbitrary: fc.constantFrom(1, MINUTE_MS - 1, MINUTE_MS, DAY_MS, 7 * DAY_MS) },
      // Now and then the clock is wrong, and set right.
      { weight: 1, arbitrary: fc.constantFrom(31 * DAY_MS, -31 * DAY_MS) },
    )
    .map(waitCommand)
  return fc.oneof(
    { weight: 30, arbitrary: operation },
    { weight: 4, arbitrary: wait },
    { weight: 1, arbitrary: fc.constant(REOPEN) },
  )
}

export function operationCommand(
  draft: Operation,
  handle: 0 | 1,
  fault: Fault | null,
): VaultCommand {
  const befallen = fault === null ? '' : ` (${fault.verdict} at call ${fault.call})`
  return {
    check: () => true,
    run: (model, subject) => runOperation(model, subject, draft, handle, fault),
    toString: () => `[${handle}] ${draft.name}(${fc.stringify(draft.request)})${befallen}`,
  }
}

function waitCommand(ms: number): VaultCommand {
  return {
    check: () => true,
    run: async (model, subject) => {
      subject.vault.advance(ms)
      model.store = { ...model.store, now: subject.vault.now() }
      await checkStored(model, subject)
    },
    toString: () => `wait(${ms} ms)`,
  }
}

/** Closes the vaults and the store, and opens them again. */
export const REOPEN: VaultCommand = {
  check: () => true,
  run: async (model, subject) => {
    assert.deepEqual(await subject.vault.reopen(), { code: 'VAULT_CLOSED' })
    model.store = sweep(model.store)
    subject.tally.note('reopened')
    await checkStored(model, subject)
  },
  toString: () => 'reopen',
}

async function runOperation(
  model: Model,
  subject: Subject,
  draft: Operation,
  handle: 0 | 1,
  fault: Fault | null,
): Promise<void> {
  const { vault, tally } = subject
  const before = model.store
  const operation = resolveVersions(draft, before)
  const outcome = await vault.run(handle, operation, fault)
  tally.count(operation.name, outcome)
  // Before the outcome is judged: some operations succeed in spite of a stop.
  const events = vault.events()
  const isReopened = vault.isStopped()
  if (isReopened) await vault.reopen()
  if (fault === null) {
    const after = step(before, operation)
    assert.deepEqual(outcome, after.outcome)
    model.store = after.store
  } else {
    const after = await settle(subject, stepsInSpiteOf(before, operation), outcome, isReopened)
    model.store = after
  }
  await checkStored(model, subject)
  if ('code' in outcome && outcome.code.startsWith('STORAGE_')) {
    await checkValues(model, subject)
    return
  }
  if ('result' in outcome && operation.name !== 'createSecret') {
    checkEvictions(events, before, model.store)
  }
  await checkSeenByOther(model, subject, operation, handle === 0 ? 1 : 0)
}

/** What an operation may have come to, and what a failure is noted as. */
interface Possible extends Step {
  readonly note?: string
}

/** Where the store fails: a sweep on the way of an operation reaches only some secrets. */
function stepsInSpiteOf(before: NaiveStore, operation: Operation): Possible[] {
  return subsetsOf(dueIn(before)).flatMap((reached) => {
    const isSwept = (secretName: string): boolean => reached.includes(secretName)
    const after = step(before, operation, isSwept)
    const failed = { code: 'STORAGE_' }
    const onlySwept = SWEEPING.includes(operation.name) ? sweep(before, isSwept) : before
    return [
      after,
      {
        store: after.store,
        outcome: failed,
        note: 'failed and happened, or had nothing to change',
      },
      { store: onlySwept, outcome: failed, note: 'failed and did not happen' },
    ]
  })
}

const SWEEPING: readonly string[] = ['walkSecrets', 'createSecret', 'sweep']

function dueIn({ secrets, now }: NaiveStore): string[] {
  const due = secrets.filter(({ plannedDeleteTime }) => (plannedDeleteTime ?? Infinity) <= now)
  return due.map(({ secretName }) => secretName)
}

function subsetsOf<T>([first, ...others]: readonly T[]): T[][] {
  if (first === undefined) return [[]]
  return subsetsOf(others).flatMap((subset) => [subset, [first, ...subset]])
}

/** The one among `steps` that came to `outcome` and left what is stored. */
async function settle(
  { vault, tally }: Subject,
  steps: readonly Possible[],
  outcome: Outcome,
  isReopened: boolean,
): Promise<NaiveStore> {
  const found = viewOfHeads(await vault.heads())
  const isFailed = 'code' in outcome && outcome.code.startsWith('STORAGE_')
  const wanted = isFailed ? { code: 'STORAGE_' } : outcome
  const views: unknown[] = []
  for (const { store: left, outcome: came, note } of steps) {
    if (!isDeepStrictEqual(came, wanted)) continue
    const store = isReopened ? sweep(left) : left
    const view = viewOfModel(store)
    views.push(view)
    if (!isDeepStrictEqual(view, found)) continue
    if (note !== undefined) tally.note(note)
    return store
  }
  return assert.fail(`it happened in part: ${JSON.stringify({ outcome, found, views })}`)
}

/** EVT-2: an eviction is an event. */
function checkEvictions(
  events: readonly VaultEvent[],
  before: NaiveStore,
  after: NaiveStore,
): void {
  const gone = before.secrets.flatMap(({ secretName, versions }) => {
    const successor = after.secrets.find((secret) => secret.secretName === secretName)
    const left = successor?.versions.map(({ versionId }) => versionId)
    const ids = versions.map(({ versionId }) => versionId)
    return left === undefined ? [] : ids.filter((versionId) => !left.includes(versionId))
  })
  const told = events.filter((event) => event.type === 'secret.version.evicted')
  assert.deepEqual(
    told.map(({ versionId }) => versionId),
    gone,
    'EVT-2: evictions',
  )
}

/** The store, past the vault, against the model and against what was there before. */
export async function checkStored({ store }: Model, { vault, ledger }: Subject): Promise<void> {
  const heads = await vault.heads()
  ledger.check(heads, store.limits.stageLabelsMax)
  assert.deepEqual(viewOfHeads(heads), viewOfModel(store))
}

/** The other handle sees what this one did. */
async function checkSeenByOther(
  { store }: Model,
  { vault }: Subject,
  { request }: Operation,
  other: 0 | 1,
): Promise<void> {
  if (!('secretName' in request)) return
  const { secretName } = request
  const reads: Operation[] = [
    { name: 'describeSecret', request: { secretName } },
    { name: 'walkVersions', request: { secretName, includeDeprecated: true } },
    { name: 'getSecretValue', request: { secretName } },
  ]
  for (const read of reads) {
    assert.deepEqual(await vault.run(other, read, null), step(store, read).outcome)
  }
}

/** Every value of every version, by id and by label, through both handles. */
export async function checkValues(model: Model, { vault }: Subject): Promise<void> {
  const reads = model.store.secrets.flatMap(({ secretName, versions }) =>
    versions.flatMap(({ versionId, stages }): Operation[] => [
      { name: 'getSecretValue', request: { secretName, versionId } },
      ...stages.map((versionStage): Operation => ({
        name: 'getSecretValue',
        request: { secretName, versionStage },
      })),
    ]),
  )
  for (const read of [...reads, { name: 'walkSecrets', request: {} } as const]) {
    const { store, outcome } = step(model.store, read)
    for (const handle of [0, 1] as const) {
      assert.deepEqual(await vault.run(handle, read, null), outcome)
    }
    model.store = store
  }
}

/** `verify` through both handles. */
export async function checkVerified({ store }: Model, { vault }: Subject): Promise<void> {
  for (const handle of [0, 1] as const) {
    const { isClean, problems, secretCount } = await vault.verify(handle)
    assert.deepEqual({ isClean, problems }, { isClean: true, problems: [] })
    assert.equal(secretCount, store.secrets.length)
  }
}
