/** Three pages and two workers on one vault at once. */

import { randomUUID } from 'node:crypto'
import type { RemoteClient, TestPage, TestWorker } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRecorder } from '../model/linearizability.js'
import type { Operation, Outcome } from '../model/operation.js'
import { BUSY_NAME } from '../model/operation-arbitrary.js'
import type { Caller } from '../model/race-histories.js'
import {
  LIMITS,
  NOW,
  anyMix,
  comingOrGoing,
  lookAtAll,
  replayPast,
  requireLinearizable,
} from '../model/race-histories.js'
import type { JoinOrder } from './race-calls.js'
import { fromWire, toWire } from './wire.js'

const PAGES = 3
const WORKERS = 2
const CALLERS = PAGES + WORKERS
const RUNS = 12
const PUTS = 6

export function describeRaces({ browser }: EngineContext): void {
  describe(`${PAGES} pages and ${WORKERS} workers on one vault`, () => {
    let pages: TestPage[] = []
    let workers: TestWorker[] = []
    let callers: RemoteClient[] = []

    beforeAll(async () => {
      pages = await Promise.all(Array.from({ length: PAGES }, () => browser().openPage('vault')))
      workers = await Promise.all(pages.slice(0, WORKERS).map((page) => page.startWorker('vault')))
      callers = [...pages, ...workers]
    })

    afterAll(async () => {
      await Promise.all(workers.map((worker) => worker.end()))
      await Promise.all(pages.map((page) => page.tab.close()))
    })

    /** All of them with one new vault open, which the first makes. */
    async function withVault(
      limits: JoinOrder['limits'],
      use: (calls: readonly Caller[]) => Promise<void>,
    ): Promise<void> {
      const location = randomUUID()
      const order = { location, limits, now: NOW }
      for (const [i, caller] of callers.entries()) {
        await caller.call('join', { ...order, isFirst: i === 0 } satisfies JoinOrder)
      }
      try {
        await use(callers.map(callerOf))
        expect(await callers[0]?.call('problems')).toEqual([])
      } finally {
        await Promise.all(callers.map((caller) => caller.call('leave')))
      }
    }

    it.each([
      ['on one secret', anyMix],
      ['where secrets come and go', comingOrGoing],
    ])('can be told one after another, %s', async (_, operation) => {
      const plans = fc.array(fc.array(operation, { minLength: 1, maxLength: 3 }), {
        minLength: CALLERS,
        maxLength: CALLERS,
      })
      await fc.assert(
        fc.asyncProperty(plans, async (lists) => {
          await withVault(LIMITS, async (calls) => {
            const [first] = calls
            if (first === undefined) throw new Error('no client calls')
            await replayPast(first)
            const recorder = createRecorder()
            const recorded =
              (call: Caller): Caller =>
              (each) =>
                recorder.record(each, () => call(each))
            await Promise.all(lists.map((list, i) => inTurn(recorded(calls[i] ?? first), list)))
            await lookAtAll(recorded(first))
            requireLinearizable(recorder.history())
          })
        }),
        { numRuns: RUNS },
      )
    })

    it('starve none, although two of them write without pause', async () => {
      await withVault({ versionsMax: 3, stageLabelsMax: 64 }, async (calls) => {
        const busy = callers.slice(0, 2)
        for (const secretName of ['busy-0', 'busy-1']) {
          await calls[0]?.({ name: 'createSecret', request: { secretName, secretData: 'first' } })
        }
        await Promise.all(busy.map((caller, i) => caller.call('startWriting', `busy-${i}`)))
        const created = await Promise.all(
          calls.slice(2).map((call, i) =>
            inTurn(
              call,
              Array.from({ length: PUTS }, (_, n): Operation => ({
                name: 'createSecret',
                request: { secretName: `new-${i}-${n}`, secretData: 'x' },
              })),
            ),
          ),
        )
        for (const caller of busy) expect(await caller.call('stopWriting')).toBeGreaterThan(0)
        expect(created.flat().filter((outcome) => 'code' in outcome)).toEqual([])
      })
    })

    it('create 640 secrets at once: none fails, in six commits a secret at most', async () => {
      await withVault({ versionsMax: 2 }, async () => {
        const count = 640 / CALLERS
        const made = await Promise.all(
          callers.map((caller, i) =>
            caller.call<{
              readonly failed: readonly unknown[]
              readonly commits: number
            }>('createMany', { prefix: `caller-${i}`, count }),
          ),
        )
        expect(made.flatMap(({ failed }) => failed)).toEqual([])
        const commits = made.reduce((sum, each) => sum + each.commits, 0)
        expect(commits).toBeLessThanOrEqual(6 * 640)
      })
    })

    it('lose no put and no label, and give no id twice', async () => {
      await withVault({ versionsMax: 100, stageLabelsMax: 64 }, async (calls) => {
        const names = [BUSY_NAME, ...calls.map((_, i) => `own-${i}`)]
        for (const secretName of names) {
          await calls[0]?.({ name: 'createSecret', request: { secretName, secretData: 'first' } })
        }
        // Every client puts into the busy secret, and into one of its own in between.
        const puts = await Promise.all(
          calls.map((call, i) =>
            inTurn(
              call,
              Array.from({ length: PUTS }, (_, n) => [
                putOf(BUSY_NAME, `${i} ${n}`, `label-${i}-${n}`),
                putOf(`own-${i}`, `${i} ${n}`, `label-${n}`),
              ]).flat(),
            ),
          ),
        )
        expect(puts.flat().filter((outcome) => 'code' in outcome)).toEqual([])
        for (const call of calls) {
          const rows = await rowsOf(call, BUSY_NAME)
          expect(rows).toHaveLength(1 + CALLERS * PUTS)
          const labels = Object.fromEntries(
            rows.map(({ versionId, versionStages }) => [versionStages.join(), versionId]),
          )
          expect(Object.keys(labels)).toHaveLength(rows.length)
          for (let i = 0; i < CALLERS; i += 1) {
            const versionStage = `label-${i}-${PUTS - 1}`
            const read: Operation = {
              name: 'getSecretValue',
              request: { secretName: BUSY_NAME, versionStage },
            }
            expect(await call(read)).toMatchObject({
              result: { secretData: `${i} ${PUTS - 1}`, versionId: labels[versionStage] },
            })
          }
        }
      })
    })
  })
}

function callerOf(client: RemoteClient): Caller {
  return async (operation) => fromWire(await client.call('perform', toWire(operation))) as Outcome
}

async function inTurn(call: Caller, list: readonly Operation[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const operation of list) outcomes.push(await call(operation))
  return outcomes
}

function putOf(secretName: string, secretData: string, label: string): Operation {
  return { name: 'putSecretValue', request: { secretName, secretData, versionStages: [label] } }
}

interface Row {
  readonly versionId: string
  readonly versionStages: readonly string[]
}

async function rowsOf(call: Caller, secretName: string): Promise<Row[]> {
  const request = { secretName, includeDeprecated: true, pageSize: 100 }
  const outcome = await call({ name: 'walkVersions', request })
  if (!('result' in outcome)) throw new Error(`the versions cannot be listed: ${outcome.code}`)
  return (outcome.result as Row[][]).flat()
}
