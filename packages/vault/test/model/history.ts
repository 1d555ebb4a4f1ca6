/** Random histories of a vault, and how one is played against the model. */

import fc from 'fast-check'
import type { VaultCommand } from './commands.js'
import {
  REOPEN,
  checkStored,
  checkValues,
  checkVerified,
  operationCommand,
  vaultCommand,
} from './commands.js'
import { createLedger } from './ledger.js'
import { emptyStore } from './naive-model.js'
import type { NaiveLimits } from './naive-secret.js'
import { BUSY_NAME } from './operation-arbitrary.js'
import type { Operation } from './operation.js'
import type { Tally } from './tally.js'
import type { VaultUnderTest } from './vault-under-test.js'

export interface History {
  readonly limits: NaiveLimits
  /** Versions of the busy secret before the history begins; without one, it is not there. */
  readonly age: number
  readonly commands: Iterable<VaultCommand>
}

/** @param length - how many commands there are at most */
export function histories(length: number): fc.Arbitrary<History> {
  return fc.record({
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
    commands: fc.commands([vaultCommand()], { maxCommands: length, size: 'max' }),
  })
}

/**
 * A history of each kind of step: a few random ones may be short, and none of them reads or opens
 * again.
 */
export const SHORT_HISTORY: History = {
  limits: { versionsMax: 4, stageLabelsMax: 4, secretsMax: 4 },
  age: 2,
  commands: [
    operationCommand(put('three'), 0, null),
    operationCommand({ name: 'getSecretValue', request: { secretName: BUSY_NAME } }, 1, null),
    REOPEN,
    operationCommand(put('four'), 0, { verdict: 'fail-before', call: 'every commit' }),
    ...[0, 1, 2, 3].map((call) =>
      operationCommand(put(`five-${call}`), 1, { verdict: 'fail-after', call }),
    ),
  ],
}

function put(secretData: string): Operation {
  return { name: 'putSecretValue', request: { secretName: BUSY_NAME, secretData } }
}

/** Plays a history against the vault that `create` makes, with everything checked on the way. */
export async function replay(
  create: (limits: NaiveLimits) => Promise<VaultUnderTest>,
  history: History,
  tally: Tally,
): Promise<void> {
  const { limits, age, commands } = history
  const vault = await create(limits)
  try {
    const subject = { vault, ledger: createLedger(), tally }
    // A copy: fast-check makes records without a prototype.
    const model = { store: emptyStore({ ...limits }, vault.now()) }
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
