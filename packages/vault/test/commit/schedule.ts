/** Changes of three handles of one store, whose every storage call waits for a scheduler. */

import fc from 'fast-check'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Vault, VaultEvent } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Call } from '../model/linearizability.js'
import { createRecorder } from '../model/linearizability.js'
import { emptyStore, step } from '../model/naive-model.js'
import type { NaiveStore } from '../model/naive-reads.js'
import type { Operation, Outcome } from '../model/operation.js'
import { perform } from '../model/operation.js'
import { operations, resolveVersions } from '../model/operation-arbitrary.js'
import { lookAtAll } from '../model/race-histories.js'
import { scheduledStorage } from '../model/scheduled-storage.js'
import { ACCOUNT_ID, REGION } from '../model/scope.js'
import { recordKeysOf } from '../support/forged-records.js'
import { longText, withHashElsewhere } from '../support/hash-elsewhere.js'
import type { CommitLog } from './commit-log.js'
import { logCommits } from './commit-log.js'

const HANDLES = 3
const DAY_MS = 24 * 60 * 60 * 1000
const MINUTE_MS = 60 * 1000
const LIMITS = { versionsMax: 3, stageLabelsMax: 5, secretsMax: 4 }
export const KEY: Uint8Array = new Uint8Array(32).fill(3)
const unlock = rawKey(KEY)

/** A busy secret of three versions, and one whose second look has come. */
const PAST: readonly (Operation | number)[] = [
  { name: 'createSecret', request: { secretName: 'app/db', secretData: 'first' } },
  { name: 'putSecretValue', request: { secretName: 'app/db', secretData: 'second' } },
  {
    name: 'putSecretValue',
    request: { secretName: 'app/db', secretData: 'third', versionId: 'x' },
  },
  { name: 'createSecret', request: { secretName: 'b', secretData: 'due' } },
  { name: 'deleteSecret', request: { secretName: 'b', recoveryWindowInDays: 7 } },
  8 * DAY_MS,
  { name: 'sweep', request: {} },
  MINUTE_MS,
]

const BEGIN = Date.UTC(2026, 0, 1)

/** The model of the past. */
export const START: NaiveStore = PAST.reduce<NaiveStore>(
  (store, each) =>
    typeof each === 'number' ? { ...store, now: store.now + each } : step(store, each).store,
  emptyStore(LIMITS, BEGIN),
)

/** Sweeps on the way of others are calls of their own: see {@link runSchedule}. */
export function stepAlone(store: NaiveStore, operation: Operation): ReturnType<typeof step> {
  return step(store, operation, () => operation.name === 'sweep')
}

const SLOT_CHANGE = 'slot change'
const CLOSE = 'close'
type Action = Operation | typeof SLOT_CHANGE | typeof CLOSE

const change = operations([
  'createSecret',
  'putSecretValue',
  'updateSecretVersionStage',
  'renameSecret',
  'deleteSecret',
  'restoreSecret',
  'tagResource',
  'destroyVersion',
  'updateVaultSettings',
  'sweep',
]).map((draft) => resolveVersions(draft, START))

/** Long values are hashed elsewhere, so that their puts wait for more than the store. */
const longOrShort = fc.tuple(change, fc.boolean()).map(([draft, isLong]): Operation => {
  if (!isLong || (draft.name !== 'putSecretValue' && draft.name !== 'createSecret')) return draft
  const { secretData, secretDataType, ...request } = draft.request
  if (typeof secretData !== 'string' || secretDataType !== undefined) return draft
  return { ...draft, request: { ...request, secretData: longText(secretData) } }
})

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: longOrShort },
  { weight: 2, arbitrary: fc.constant(SLOT_CHANGE) },
)

/** What a handle is asked for: bursts of calls, one burst after another. */
const bursts = fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 2,
})

/** What happens between the past and the race. None of it deletes on its way. */
const since = fc.array(
  operations(['putSecretValue', 'renameSecret', 'tagResource', 'restoreSecret']).map((draft) =>
    resolveVersions(draft, START),
  ),
  { maxLength: 3 },
)

export interface Schedule {
  /** What another handle has changed since the handles looked. */
  readonly since: readonly Operation[]
  /** Which handles looked at the secrets before, and so remember heads that may be old. */
  readonly looked: readonly boolean[]
  readonly handles: readonly (readonly (readonly Action[])[])[]
  /** Of commits, by number in the store's order: how they fail. */
  readonly faults: readonly (readonly [commit: number, verdict: 'fail-before' | 'fail-after'])[]
  /** The handle that is closed while it works, if any. */
  readonly closed: number | null
  readonly scheduler: fc.Scheduler
}

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  since,
  looked: fc.array(fc.boolean(), { minLength: HANDLES, maxLength: HANDLES }),
  handles: fc.array(bursts, { minLength: HANDLES, maxLength: HANDLES }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom('fail-before', 'fail-after')),
        { minLength: 1, maxLength: 2 },
      ),
    },
  ),
  closed: fc.option(fc.nat({ max: HANDLES - 1 }), { freq: 4 }),
  scheduler: fc.scheduler(),
})

/** An event, and how many commits of its handle had been applied when it was told. */
export interface ToldEvent {
  readonly event: VaultEvent
  readonly applied: number
}

export interface Finish {
  /** The model of what was there when the race began. */
  readonly start: NaiveStore
  readonly history: readonly Call[]
  readonly log: CommitLog
  /** Of each handle: its part of the commits, and its events. */
  readonly handles: readonly { readonly log: CommitLog; readonly events: readonly ToldEvent[] }[]
  readonly keys: Awaited<ReturnType<typeof recordKeysOf>>
  /** Ids of slots that were added, and how many slots there are. */
  readonly slots: { readonly added: number; readonly unknown: number; readonly found: number }
  readonly problems: readonly unknown[]
  readonly outcomes: readonly string[]
}

/**
 * Plays a schedule. Calls that sweep on their way are noted once more as a sweep that may happen
 * at any time, or not at all: sweep and call are two steps.
 */
export async function runSchedule(schedule: Schedule): Promise<Finish> {
  const { scheduler } = schedule
  let time = BEGIN
  let commits = 0
  let isRacing = false
  let conflicts = 0
  const log = logCommits(createMemoryStorage())
  const failing = faultyStorage(log.storage, ({ method }) => {
    if (!isRacing || method !== 'commit') return 'pass'
    commits += 1
    return schedule.faults.find(([commit]) => commit === commits)?.[1] ?? 'pass'
  })
  const options = { unlock, clock: () => time }
  const scope = { region: REGION, accountId: ACCOUNT_ID }
  const first = await createVault({ ...options, ...scope, storage: log.storage, limits: LIMITS })
  // While there is one slot, which is that of the key.
  const keys = await recordKeysOf(log.storage, KEY)
  const hash = async (): Promise<void> => {
    if (isRacing) await scheduler.schedule(Promise.resolve(), 'a hash is made')
  }
  const openAll = () =>
    Promise.all(
      Array.from({ length: HANDLES }, async () => {
        const own = logCommits(failing)
        const storage = scheduledStorage(own.storage, scheduler, () => {
          conflicts += 1
        })
        const vault = await openVault({ ...options, storage })
        const events: ToldEvent[] = []
        vault.subscribe((event) => {
          if (event.isRemote === true) return
          const applied = own.commits.filter(({ outcome }) => outcome === 'applied').length
          events.push({ event, applied })
        })
        return { vault, storage, log: own, events }
      }),
    )
  const opened = await withHashElsewhere(hash, openAll)
  for (const each of PAST) {
    if (typeof each === 'number') time += each
    else await perform(first, each)
  }

  for (const [i, { vault }] of opened.entries()) {
    if (schedule.looked[i] !== true) continue
    for (const secretName of ['app/db', 'b']) {
      await perform(vault, { name: 'describeSecret', request: { secretName } })
    }
  }
  let start = START
  for (const each of schedule.since) {
    await perform(first, each)
    start = step(start, each).store
  }

  const recorder = createRecorder()
  const sweeps: Call[] = []
  const slots = { added: 0, unknown: 0, found: 0 }
  const outcomes: string[] = []
  let slotKeys = 10
  const act = async (vault: Vault, asked: Action): Promise<void> => {
    if (asked === CLOSE) return
    if (asked === SLOT_CHANGE) {
      const newUnlock = rawKey(new Uint8Array(32).fill(slotKeys++))
      const outcome = await vault.addUnlockSlot({ unlock, newUnlock }).then(
        () => 'done',
        (error: unknown) => String((error as { code?: unknown }).code),
      )
      if (outcome === 'done') slots.added += 1
      else if (outcome === 'STORAGE_OUTCOME_UNKNOWN') slots.unknown += 1
      outcomes.push(outcome)
      return
    }
    const invoked = recorder.moment()
    if (asked.name === 'sweep' || asked.name === 'createSecret') {
      const operation = { name: 'sweep', request: {} } as const
      sweeps.push({ operation, invoked, responded: Infinity, outcome: null })
    }
    if (asked.name === 'sweep') await perform(vault, asked)
    else outcomes.push(codeOf(await recorder.record(asked, () => perform(vault, asked))))
  }
  for (const { storage } of opened) storage.begin()
  isRacing = true
  const working = opened.map(async ({ vault }, i) => {
    for (const burst of schedule.handles[i] ?? []) {
      const calls = burst.map((asked) => act(vault, asked))
      if (schedule.closed === i) await vault.close()
      await Promise.all(calls)
    }
  })
  await scheduler.waitFor(Promise.all(working))
  for (const { storage } of opened) storage.end()
  isRacing = false
  sweeps.push({
    operation: { name: 'sweep', request: {} },
    invoked: recorder.moment(),
    responded: Infinity,
    outcome: null,
  })
  const witness = await openVault({ ...options, storage: log.storage })
  await lookAtAll((operation) => recorder.record(operation, () => perform(witness, operation)))
  slots.found = (await witness.listUnlockSlots()).slots.length
  const history = [...recorder.history(), ...sweeps].filter(
    ({ outcome }) => outcome === null || codeOf(outcome) !== 'VAULT_CLOSED',
  )
  return {
    start,
    history,
    log,
    handles: opened,
    keys,
    slots,
    problems: (await witness.verify()).problems,
    outcomes: [...outcomes, ...Array.from({ length: conflicts }, () => 'a conflict')],
  }
}

function codeOf(outcome: Outcome): string {
  return 'code' in outcome ? outcome.code : 'done'
}
