/** What races are made of, and what must explain them: for one process and for several tabs. */

import { expect } from 'vitest'
import fc from 'fast-check'
import type { Call } from './linearizability.js'
import { formatHistory, linearize } from './linearizability.js'
import { emptyStore, step } from './naive-model.js'
import type { NaiveStore } from './naive-reads.js'
import type { Operation, Outcome } from './operation.js'
import { BUSY_NAME, EVERY_OPERATION, operations, resolveVersions } from './operation-arbitrary.js'

export const NOW: number = Date.UTC(2026, 0, 1)
export const LIMITS = { versionsMax: 3, stageLabelsMax: 5, secretsMax: 3 }

const secretName = BUSY_NAME

/** What is there when a race begins: three versions, one of them without a label. */
const PAST: readonly Operation[] = [
  { name: 'createSecret', request: { secretName, secretData: 'first' } },
  { name: 'putSecretValue', request: { secretName, secretData: 'second' } },
  { name: 'putSecretValue', request: { secretName, secretData: 'third', versionId: 'x' } },
]

/** A batch reads its secrets one by one, and a walk its pages: neither is one step. */
const ATOMIC = EVERY_OPERATION.filter((name) => name !== 'batchGetSecretValue')

function inOnePage(operation: Operation): Operation {
  const { name, request } = operation
  if (name !== 'walkSecrets' && name !== 'walkVersions') return operation
  const { pageSize: _, ...others } = request
  return { name, request: others } as Operation
}

/** The model of what is there when a race begins. */
export const START: NaiveStore = PAST.reduce(
  (store, operation) => step(store, operation).store,
  emptyStore(LIMITS, NOW),
)

const anyCall = operations(ATOMIC).map((draft) => resolveVersions(inOnePage(draft), START))
const writing = operations([
  'putSecretValue',
  'updateSecretVersionStage',
  'deleteSecret',
  'createSecret',
  'restoreSecret',
]).map((draft) => resolveVersions(draft, START))

/** Mostly changes of the busy secret. */
export const anyMix: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: writing },
  { weight: 1, arbitrary: anyCall },
)

const names = [BUSY_NAME, 'b']

/** Secrets that come and go: they share the vault root and take each other's names. */
export const comingOrGoing: fc.Arbitrary<Operation> = fc.constantFrom<Operation>(
  ...names.map((secretName): Operation => ({
    name: 'createSecret',
    request: { secretName, secretData: 'one' },
  })),
  ...names.map((secretName): Operation => ({
    name: 'deleteSecret',
    request: { secretName, forceDeleteWithoutRecovery: true },
  })),
  { name: 'renameSecret', request: { secretName: BUSY_NAME, newSecretName: 'b' } },
  { name: 'renameSecret', request: { secretName: 'b', newSecretName: BUSY_NAME } },
  { name: 'walkSecrets', request: {} },
)

/** Values that are read while their versions are evicted, destroyed or deleted. */
export const readingWhatGoes: fc.Arbitrary<Operation> = fc.oneof(
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

/** A caller of a vault, wherever it is. */
export type Caller = (operation: Operation) => Promise<Outcome>

/** Brings a vault to where races begin. */
export async function replayPast(call: Caller): Promise<void> {
  let store = emptyStore(LIMITS, NOW)
  for (const operation of PAST) {
    const after = step(store, operation)
    expect(await call(operation)).toEqual(after.outcome)
    store = after.store
  }
}

/** Reads everything there is. */
export async function lookAtAll(call: Caller): Promise<void> {
  for (const { secretName } of await walk<{ secretName: string }>(call, {
    name: 'walkSecrets',
    request: {},
  })) {
    const versions = await walk<{ versionId: string }>(call, {
      name: 'walkVersions',
      request: { secretName, includeDeprecated: true },
    })
    for (const { versionId } of versions) {
      await call({ name: 'getSecretValue', request: { secretName, versionId } })
    }
  }
}

async function walk<Row>(call: Caller, operation: Operation): Promise<Row[]> {
  const outcome = await call(operation)
  return 'result' in outcome ? (outcome.result as Row[][]).flat() : []
}

/** @throws with the history, where no order of its calls explains it. */
export function requireLinearizable(history: readonly Call[]): void {
  if (linearize(START, history) !== null) return
  throw new Error(`no order explains this history:\n${formatHistory(history)}`)
}
