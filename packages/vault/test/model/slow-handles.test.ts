/**
 * Handles that change the same secrets while the store answers some of them late. All that was
 * seen must be explained secret by secret, and every change is made in the end: nothing comes to
 * CONFLICT. STAGEVAULT_HISTORIES sets how many; 1,000 are a campaign.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Call } from './linearizability.js'
import { createRecorder, formatHistory, linearize } from './linearizability.js'
import { ARN_PREFIX } from './naive-reads.js'
import type { Operation } from './operation.js'
import { perform } from './operation.js'
import { operations, resolveVersions } from './operation-arbitrary.js'
import { LIMITS, NOW, START, lookAtAll, replayPast } from './race-histories.js'
import { ACCOUNT_ID, REGION } from './scope.js'

const HISTORIES = Number(process.env['STAGEVAULT_HISTORIES'] ?? 20)
const SEED = process.env['STAGEVAULT_SEED']
const OPERATIONS_MIN = 60
const DELAY_MS_MAX = 4
const OPTIONS = { unlock: rawKey(new Uint8Array(32).fill(3)), clock: (): number => NOW }

/** Operations of one secret each, so that secrets can be judged one by one. */
const ofOneSecret = operations([
  'createSecret',
  'putSecretValue',
  'getSecretValue',
  'updateSecret',
  'updateSecretVersionStage',
  'describeSecret',
  'deleteSecret',
  'restoreSecret',
  'tagResource',
  'untagResource',
  'disableVersion',
  'enableVersion',
  'destroyVersion',
]).map((draft) => resolveVersions(draft, START))

interface History {
  /** Of each handle: whether it is slow, and its delays in parts of the longest. */
  readonly handles: readonly { readonly delays: readonly number[] }[]
  readonly slow: number
  readonly calls: readonly { readonly handle: number; readonly operation: Operation }[]
}

const histories: fc.Arbitrary<History> = fc.record({
  handles: fc.array(
    fc.record({
      delays: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  slow: fc.integer({ min: 1, max: 4 }),
  calls: fc.array(fc.record({ handle: fc.nat({ max: 5 }), operation: ofOneSecret }), {
    minLength: OPERATIONS_MIN,
    maxLength: OPERATIONS_MIN + 20,
    size: 'max',
  }),
})

/** The same store, which takes its time before a call or with the answer. */
function slowStorage(inner: StorageAdapter, delays: readonly number[]): StorageAdapter {
  let calls = 0
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const delay = delays[calls++ % delays.length] ?? 0
      setTimeout(resolve, delay * DELAY_MS_MAX)
    })
  const slowly = async <T>(call: () => Promise<T>): Promise<T> => {
    await pause()
    const answer = await call()
    await pause()
    return answer
  }
  return {
    read: (keys) => slowly(() => inner.read(keys)),
    scan: (range) => slowly(() => inner.scan(range)),
    commit: (commit) => slowly(() => inner.commit(commit)),
    close: () => inner.close(),
  }
}

async function play({ handles, slow, calls }: History): Promise<readonly Call[]> {
  const memory = createMemoryStorage()
  const scope = { region: REGION, accountId: ACCOUNT_ID }
  const first = await createVault({ ...OPTIONS, ...scope, storage: memory, limits: LIMITS })
  await replayPast((operation) => perform(first, operation))
  const vaults = await Promise.all(
    handles.map(({ delays }, i) =>
      openVault({ ...OPTIONS, storage: i < slow ? slowStorage(memory, delays) : memory }),
    ),
  )
  const recorder = createRecorder()
  await Promise.all(
    vaults.map(async (vault, i) => {
      // Two callers share a handle, so that their changes can share commits.
      const own = calls.filter(({ handle }) => handle % handles.length === i)
      await Promise.all(
        [0, 1].map(async (caller) => {
          for (const [n, { operation }] of own.entries()) {
            if (n % 2 === caller) await recorder.record(operation, () => perform(vault, operation))
          }
        }),
      )
    }),
  )
  const witness = await openVault({ ...OPTIONS, storage: memory })
  await lookAtAll((operation) => recorder.record(operation, () => perform(witness, operation)))
  for (const vault of [...vaults, witness]) {
    expect((await vault.verify()).problems).toEqual([])
  }
  return recorder.history()
}

function bySecret(history: readonly Call[]): ReadonlyMap<string, readonly Call[]> {
  const parts = new Map<string, Call[]>()
  for (const call of history) {
    const { request } = call.operation
    if (!('secretName' in request)) continue
    const name = request.secretName.replace(ARN_PREFIX, '')
    parts.set(name, [...(parts.get(name) ?? []), call])
  }
  return parts
}

test(
  `${String(HISTORIES)} histories of 60 operations through handles of which some are slow`,
  async () => {
    let count = 0
    const property = fc.asyncProperty(histories, async (history) => {
      const calls = await play(history)
      count += history.calls.length
      for (const [name, part] of bySecret(calls)) {
        const conflicts = part.filter(
          ({ outcome }) => outcome !== null && 'code' in outcome && outcome.code === 'CONFLICT',
        )
        expect(conflicts).toEqual([])
        if (linearize(START, part) !== null) continue
        throw new Error(`no order explains the history of ${name}:\n${formatHistory(part)}`)
      }
    })
    const seed = SEED === undefined ? {} : { seed: Number(SEED) }
    // A shorter history tells nothing more, and real time makes no two alike.
    await fc.assert(property, { numRuns: HISTORIES, endOnFailure: true, ...seed })
    expect(count).toBeGreaterThanOrEqual(HISTORIES * OPERATIONS_MIN)
  },
  60_000 + HISTORIES * 5_000,
)
