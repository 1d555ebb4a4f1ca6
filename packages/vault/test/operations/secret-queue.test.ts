/** Turns: what concerns one secret goes one after another, what concerns several waits for all. */

import { describe, expect, it } from 'vitest'
import { createSecretQueue } from '../../dist/session/secret-queue.js'

/** A task that tells when it begins and ends when the test says so. */
function manualTask(name: string, log: string[]): {
  readonly run: () => Promise<string>
  readonly end: () => void
  readonly fail: (error: Error) => void
} {
  let end: (value: string) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const done = new Promise<string>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  return {
    run: () => {
      log.push(name)
      return done
    },
    end: () => {
      end(name)
    },
    fail,
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the queue of secrets', () => {
  it('begins a task when every earlier one of its lane has ended, in the order of the calls', async () => {
    const queue = createSecretQueue()
    const log: string[] = []
    const tasks = ['first', 'second', 'third'].map((name) => manualTask(name, log))
    const results = tasks.map(({ run }) => queue(['S'], run))
    for (const [i, task] of tasks.entries()) {
      await settled()
      expect(log).toEqual(['first', 'second', 'third'].slice(0, i + 1))
      task.end()
      expect(await results[i]).toBe(log[i])
    }
  })

  it('lets other lanes pass', async () => {
    const queue = createSecretQueue()
    const log: string[] = []
    const slow = manualTask('slow', log)
    const waiting = queue(['S'], slow.run)
    expect(await queue(['T'], () => Promise.resolve('passed'))).toBe('passed')
    slow.end()
    await waiting
  })

  it('waits for all lanes of a task, and holds them all', async () => {
    const queue = createSecretQueue()
    const log: string[] = []
    const [s, t, both, after] = ['s', 't', 'both', 'after'].map((name) => manualTask(name, log)) as [
      ReturnType<typeof manualTask>, ReturnType<typeof manualTask>,
      ReturnType<typeof manualTask>, ReturnType<typeof manualTask>,
    ]
    const running = [
      queue(['S'], s.run), queue(['T'], t.run), queue(['S', 'T'], both.run), queue(['T'], after.run),
    ]
    await settled()
    expect(log).toEqual(['s', 't'])
    t.end()
    await settled()
    expect(log).toEqual(['s', 't'])
    s.end()
    await settled()
    expect(log).toEqual(['s', 't', 'both'])
    both.end()
    await settled()
    expect(log).toEqual(['s', 't', 'both', 'after'])
    after.end()
    await Promise.all(running)
  })

  it('goes on after a task that fails, and hands its error to its caller alone', async () => {
    const queue = createSecretQueue()
    const log: string[] = []
    const task = manualTask('failing', log)
    const failing = queue(['S'], task.run)
    const next = queue(['S'], () => Promise.resolve('next'))
    task.fail(new Error('of the task'))
    await expect(failing).rejects.toThrow('of the task')
    expect(await next).toBe('next')
    await expect(queue(['S'], () => {
      throw new Error('thrown at once')
    })).rejects.toThrow('thrown at once')
    expect(await queue(['S'], () => Promise.resolve('still'))).toBe('still')
  })

  it('two that want the same lanes in another order never wait for each other', async () => {
    const queue = createSecretQueue()
    const order: number[] = []
    await Promise.all(Array.from({ length: 50 }, (_, i) =>
      queue(i % 2 === 0 ? ['S', 'T'] : ['T', 'S'], async () => {
        order.push(i)
        await settled()
      })))
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})
