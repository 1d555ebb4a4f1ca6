/**
 * Goal F1, exhaustively: the process stops before and after every single call that an operation
 * makes to the store, or the call fails before or after it was made. What is left is what was
 * there before some commit or after it, byte for byte; the vault that opens it is clean; and the
 * same operation can be repeated.
 */

import { afterAll, describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import type { FaultVerdict, StorageCall } from '@stagevault/storage/faulty'
import { faultyStorage } from '@stagevault/storage/faulty'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import type { CrashScenario } from '../support/crash-scenarios.js'
import { CRASH_SCENARIOS, openStage } from '../support/crash-scenarios.js'
import { codeOf } from '../support/failures.js'
import { toHex } from '../primitives/implementations.js'
import { createSampleVault, dataOf, recordsOf } from '../support/sample-vault.js'
import { createTestClock } from '../support/test-clock.js'
import { stateOf } from '../support/vault-state.js'

type Records = ReadonlyMap<string, Uint8Array>

const FAULTS = ['stop', 'stop-after', 'fail-before', 'fail-after'] as const

/** The run of an operation from its first call to the store to its last. */
interface Run {
  readonly data: MemoryData
  readonly clock: ReturnType<typeof createTestClock>
  readonly answer: string
  readonly repeat: () => Promise<string>
}

async function answerOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run()
    return 'done'
  } catch (error) {
    return error instanceof Error ? codeOf(error) : 'not an error'
  }
}

/** Runs a scenario on a copy of the base; `script` is asked about the calls of the operation. */
async function run(
  scenario: CrashScenario,
  base: Records,
  script: (call: StorageCall, data: MemoryData) => FaultVerdict,
): Promise<Run> {
  const data = dataOf(base)
  const clock = createTestClock()
  let first: number | null = null
  let isRunning = false
  const storage: StorageAdapter = faultyStorage(createMemoryStorage({ data }), (call) => {
    if (!isRunning) return 'pass'
    first ??= call.index
    return script({ ...call, index: call.index - first }, data)
  })
  const operation = await scenario.prepare({ storage, clock })
  isRunning = true
  const answer = await answerOf(operation)
  isRunning = false
  return { data, clock, answer, repeat: () => answerOf(operation) }
}

/** Everything that is stored, as one text: equal texts are equal stores. */
function textOf(data: MemoryData): string {
  const lines = [...recordsOf(data)].map(([key, value]) => `${key} ${toHex(value)}`)
  return lines.join('\n')
}

/** What an undisturbed run does. */
interface Reference {
  readonly methods: readonly StorageCall['method'][]
  /** The store before each call, and after the last. */
  readonly stores: readonly string[]
  readonly state: string
}

async function referenceOf(scenario: CrashScenario, base: Records): Promise<Reference> {
  const methods: StorageCall['method'][] = []
  const stores: string[] = []
  const { answer, data, clock } = await run(scenario, base, ({ method }, before) => {
    methods.push(method)
    stores.push(textOf(before))
    return 'pass'
  })
  expect(answer).toBe(scenario.answer)
  stores.push(textOf(data))
  return { methods, stores, state: await reopenedState(data, clock) }
}

async function reopenedState(data: MemoryData, clock: Run['clock']): Promise<string> {
  const vault = await openStage({ storage: createMemoryStorage({ data }), clock })
  return stateOf(vault)
}

function failureCode(fault: FaultVerdict, method: StorageCall['method']): string {
  if (fault === 'stop' || fault === 'stop-after') return 'STORAGE_CLOSED'
  return fault === 'fail-after' && method === 'commit'
    ? 'STORAGE_OUTCOME_UNKNOWN'
    : 'STORAGE_UNAVAILABLE'
}

/** Stops or fails an operation at one call, and checks what is left and what can be done then. */
async function expectRecovery(
  scenario: CrashScenario,
  base: Records,
  reference: Reference,
  point: { readonly index: number; readonly fault: (typeof FAULTS)[number] },
): Promise<void> {
  const { index, fault } = point
  const { stores, methods, state } = reference
  const crashed = await run(scenario, base, (call) => (call.index === index ? fault : 'pass'))
  const left = recordsOf(crashed.data)
  const leftText = textOf(crashed.data)
  const failure = failureCode(fault, methods[index] ?? 'read')
  if (scenario.sweepsOnTheWay) {
    expect([failure, scenario.answer, scenario.unswept]).toContain(crashed.answer)
    expect(stores).toContain(leftText)
  } else {
    expect(crashed.answer).toBe(failure)
    const isMade = fault === 'stop-after' || fault === 'fail-after'
    expect(leftText).toBe(stores[isMade ? index + 1 : index])
  }

  const hasHappened = leftText === stores.at(-1)
  if (!fault.startsWith('stop')) await expectRepetition(scenario, crashed, hasHappened, state)
  const data = dataOf(left)
  await expectReopened(scenario, { ...crashed, data }, hasHappened, reference)
}

function answerAfter({ answer, again }: CrashScenario, hasHappened: boolean): string {
  return hasHappened ? again : answer
}

/** The same vault goes on, and does not trust what it remembers. */
async function expectRepetition(
  scenario: CrashScenario,
  { data, clock, repeat }: Run,
  hasHappened: boolean,
  state: string,
): Promise<void> {
  expect(await repeat()).toBe(answerAfter(scenario, hasHappened))
  const isMore = hasHappened && scenario.repetition === 'adds'
  expect((await reopenedState(data, clock)) === state).toBe(!isMore)
}

/** Another process opens what is left. */
async function expectReopened(
  scenario: CrashScenario,
  { data, clock }: Run,
  hasHappened: boolean,
  { stores, state }: Reference,
): Promise<void> {
  const storage = createMemoryStorage({ data })
  if (recordsOf(data).size > 0) {
    const vault = await openStage({ storage, clock: createTestClock() })
    expect((await vault.verify()).problems).toEqual([])
  }
  const operation = await scenario.prepare({ storage, clock: createTestClock() })
  expect(await answerOf(operation)).toBe(answerAfter(scenario, hasHappened))
  const isRepeated = hasHappened && scenario.repetition !== 'same bytes'
  if (!isRepeated) expect(textOf(data)).toBe(stores.at(-1))
  const isMore = hasHappened && scenario.repetition === 'adds'
  expect((await reopenedState(data, clock)) === state).toBe(!isMore)
  const after = await openStage({ storage, clock })
  expect((await after.verify()).problems).toEqual([])
}

let points = 0

afterAll(() => {
  console.info(`${String(points)} crash points in ${String(CRASH_SCENARIOS.length)} operations`)
})

describe('a process that stops, or a store that fails, at any call', () => {
  it.each(CRASH_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s happens wholly or not at all, and can be repeated',
    async (_name, scenario) => {
      const { data } = await createSampleVault()
      const base = scenario.base === 'empty' ? recordsOf(createMemoryData()) : recordsOf(data)
      const reference = await referenceOf(scenario, base)
      expect(reference.methods).toContain('commit')
      for (let index = 0; index < reference.methods.length; index++) {
        for (const fault of FAULTS) {
          await expectRecovery(scenario, base, reference, { index, fault })
          points += 1
        }
      }
    },
  )
})
