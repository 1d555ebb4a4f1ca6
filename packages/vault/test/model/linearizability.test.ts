/** The checker of races, on histories whose verdict is known. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Call } from './linearizability.js'
import { createRecorder, linearize } from './linearizability.js'
import { emptyStore, step } from './naive-model.js'
import type { NaiveStore } from './naive-reads.js'
import type { Operation, Outcome } from './operation.js'
import { EVERY_OPERATION, operations, resolveVersions } from './operation-arbitrary.js'

const NOW = 1000
const secretName = 'app/db'
const LIMITS = { versionsMax: 10, stageLabelsMax: 8, secretsMax: 10 }
const EMPTY = emptyStore(LIMITS, NOW)
const START = step(EMPTY, { name: 'createSecret', request: { secretName, secretData: 'v1' } }).store

type Interval = readonly [invoked: number, responded: number]

function put(
  [invoked, responded]: Interval,
  versionId: string,
  versionStages?: readonly string[],
): Call {
  const stages = versionStages === undefined ? {} : { versionStages }
  const operation: Operation = {
    name: 'putSecretValue',
    request: { secretName, secretData: versionId, ...stages },
  }
  const result = { secretName, versionId, versionStages: versionStages ?? ['ACSCurrent'] }
  return { operation, invoked, responded, outcome: { result } }
}

function unknownPut(invoked: number): Call {
  return { ...put([invoked, Infinity], 'v2'), outcome: null }
}

/** A read of the current value, which is named like its version. */
function read([invoked, responded]: Interval, versionId: string): Call {
  const operation: Operation = { name: 'getSecretValue', request: { secretName } }
  const { store } = step(START, put([0, 0], 'v2').operation)
  const seen = step(versionId === 'v1' ? START : store, operation).outcome
  return { operation, invoked, responded, outcome: seen }
}

/** A list of `versionId: labels`. */
function list([invoked, responded]: Interval, rows: Record<string, string[]>): Call {
  const operation: Operation = {
    name: 'walkVersions',
    request: { secretName, includeDeprecated: true },
  }
  const page = Object.entries(rows).map(([versionId, versionStages]) => ({
    versionId,
    createTime: new Date(NOW),
    versionStages,
    versionStatus: 'Enabled',
  }))
  return { operation, invoked, responded, outcome: { result: [page] } }
}

describe('histories that can be explained', () => {
  const explained: [string, Call[]][] = [
    ['no calls', []],
    ['one call after another', [put([1, 2], 'v2'), read([3, 4], 'v2'), put([5, 6], 'v3')]],
    ['overlapping puts in the other order', [put([1, 4], 'v3'), put([2, 3], 'v2')]],
    ['a read that overlaps a put and misses it', [put([1, 4], 'v2'), read([2, 3], 'v1')]],
    ['a read that overlaps a put and sees it', [put([1, 4], 'v2'), read([2, 3], 'v2')]],
    ['an unknown put that is never seen', [unknownPut(1), read([2, 3], 'v1')]],
    ['an unknown put that is seen', [unknownPut(1), read([2, 3], 'v2')]],
    ['an unknown put that happens late', [unknownPut(1), read([2, 3], 'v1'), read([4, 5], 'v2')]],
    [
      'two labels of two overlapping puts',
      [
        put([1, 4], 'v2', ['blue']),
        put([2, 3], 'v3', ['green']),
        list([5, 6], { v1: ['ACSCurrent'], v2: ['blue'], v3: ['green'] }),
      ],
    ],
  ]
  test.each(explained)('%s', (_, history) => {
    const known = history.filter((call) => call.outcome !== null)
    expect(linearize(START, history)).toEqual(expect.arrayContaining(known))
  })
})

describe('histories of defects', () => {
  const defects: [string, Call[]][] = [
    [
      'a lost label',
      [
        put([1, 4], 'v2', ['blue']),
        put([2, 3], 'v3', ['green']),
        list([5, 6], { v1: ['ACSCurrent'], v2: [], v3: ['green'] }),
      ],
    ],
    [
      'a lost put',
      [
        put([1, 4], 'v2', ['blue']),
        put([2, 3], 'v3', ['green']),
        list([5, 6], { v1: ['ACSCurrent'], v3: ['green'] }),
      ],
    ],
    [
      'a label in two places',
      [
        put([1, 2], 'v2', ['blue']),
        put([3, 4], 'v3', ['blue']),
        list([5, 6], { v1: ['ACSCurrent'], v2: ['blue'], v3: ['blue'] }),
      ],
    ],
    ['a stale read', [put([1, 2], 'v2'), read([3, 4], 'v1')]],
    ['reads that go back', [put([1, 8], 'v2'), read([2, 3], 'v2'), read([4, 5], 'v1')]],
    ['a read of what is yet to be put', [read([1, 2], 'v2'), put([3, 4], 'v2')]],
    ['one id given to two puts', [put([1, 4], 'v2'), put([2, 3], 'v2')]],
    ['ids against the order of calls', [put([1, 2], 'v3'), put([3, 4], 'v2')]],
    [
      'an unknown put that is seen and then not',
      [unknownPut(1), read([2, 3], 'v2'), read([4, 5], 'v1')],
    ],
    ['an unknown put that is seen before it began', [read([1, 2], 'v2'), unknownPut(3)]],
  ]
  test.each(defects)('%s', (_, history) => {
    expect(linearize(START, history)).toBeNull()
  })
})

describe('histories made of the model', () => {
  interface Story {
    readonly calls: readonly Call[]
    readonly end: NaiveStore
  }

  /** What the model says to some operations, each stretched over moments before and after. */
  function tell(drafts: readonly Operation[], stretches: readonly number[]): Story {
    let store = START
    const calls = drafts.map((draft, i): Call => {
      const operation = resolveVersions(draft, store)
      const after = step(store, operation)
      store = after.store
      const stretch = stretches[i] ?? 0
      const [invoked, responded] = [10 * i - stretch, 10 * i + 1 + stretch]
      return { operation, invoked, responded, outcome: after.outcome }
    })
    return { calls, end: store }
  }

  const drafts = fc.array(operations(EVERY_OPERATION), { minLength: 1, maxLength: 12 })
  const stretches = fc.array(fc.nat({ max: 35 }), { minLength: 12, maxLength: 12 })

  test('are explained however much the calls overlap', () => {
    fc.assert(
      fc.property(drafts, stretches, (operations, stretch) => {
        const { calls } = tell(operations, stretch)
        expect(linearize(START, calls)).not.toBeNull()
      }),
      { numRuns: 200 },
    )
  })

  test('are not explained when a last look shows another state', () => {
    fc.assert(
      fc.property(drafts, stretches, (operations, stretch) => {
        const { calls, end } = tell(operations, stretch)
        const operation: Operation = { name: 'walkSecrets', request: {} }
        const later = [...end.secrets, { ...START.secrets[0], secretName: 'stray' }]
        const stray = { ...end, secrets: later } as NaiveStore
        const { outcome } = step(stray, operation)
        const look: Call = { operation, invoked: 1000, responded: 1001, outcome }
        expect(linearize(START, [...calls, look])).toBeNull()
      }),
      { numRuns: 100 },
    )
  })
})

describe('the recorder', () => {
  test('counts moments, and leaves what failed in the store open', async () => {
    const recorder = createRecorder()
    const operation: Operation = { name: 'getSecretValue', request: { secretName } }
    let respond: (outcome: Outcome) => void = () => undefined
    const slow = recorder.record(
      operation,
      () =>
        new Promise((resolve) => {
          respond = resolve
        }),
    )
    await recorder.record(operation, () => Promise.resolve({ code: 'STORAGE_OUTCOME_UNKNOWN' }))
    respond({ code: 'SECRET_NOT_FOUND' })
    await slow
    expect(recorder.history()).toEqual([
      { operation, invoked: 1, responded: 4, outcome: { code: 'SECRET_NOT_FOUND' } },
      { operation, invoked: 2, responded: Infinity, outcome: null },
    ])
  })
})
