/** The queue for turns to commit, in one process. */

import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { openProcessTurns } from '../../dist/platform/in-process.js'

const never = (): AbortSignal => new AbortController().signal

function queueOf(name: string): unknown {
  const queues: unknown = Reflect.get(globalThis, Symbol.for('stagevault/turns'))
  return queues instanceof Map ? queues.get(name) : undefined
}

it('turns come in order of arrival, and nothing is left of them', async () => {
  const name = randomUUID()
  const turns = openProcessTurns(name)
  expect(turns.isWanted()).toBe(false)
  const order: number[] = []
  await Promise.all(
    [1, 2, 3].map(async (number) => {
      const end = await turns.take(never())
      order.push(number)
      expect(turns.isWanted()).toBe(true)
      end?.()
      // A turn ends once.
      end?.()
    }),
  )
  expect(order).toEqual([1, 2, 3])
  expect(turns.isWanted()).toBe(false)
  expect(queueOf(name)).toBe(undefined)
})

it('a handle that gives up leaves the queue, however long the turn before it lasts', async () => {
  const name = randomUUID()
  const turns = openProcessTurns(name)
  const end = await turns.take(never())
  for (let i = 0; i < 100; i++) {
    const giving = new AbortController()
    const turn = turns.take(giving.signal)
    giving.abort()
    expect(await turn).toBe(null)
  }
  expect(queueOf(name)).toHaveLength(1)
  const next = turns.take(never())
  end?.()
  expect(await next).not.toBe(null)
})

it('vaults do not wait for each other', async () => {
  await openProcessTurns(randomUUID()).take(never())
  expect(await openProcessTurns(randomUUID()).take(never())).not.toBe(null)
})
