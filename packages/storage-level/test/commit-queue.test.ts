import { describe, expect, it } from 'vitest'
import { StorageError } from '@stagevault/storage'
import type { Commit, CommitOutcome, Guard } from '@stagevault/storage'
import { createCommitQueue, type CommitQueue, type Writes } from '../dist/commit-queue.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const is = (key: string, text: string | null): Guard => ({
  key,
  value: text === null ? null : bytes(text),
})
const put = (key: string, text: string | null, ...guards: Guard[]): Commit => ({
  guards,
  mutations: [is(key, text)],
})

/** A target whose writes end when the test says so. */
function manualTarget(): {
  readonly queue: CommitQueue
  readonly batches: string[][]
  readonly stored: Map<string, Uint8Array>
  /** Ends the write under way, and waits until the queue has begun what follows. */
  readonly endWrite: (error?: StorageError) => Promise<void>
  failGet: boolean
  loss: StorageError | null
} {
  const stored = new Map<string, Uint8Array>()
  const batches: string[][] = []
  let end: ((error: StorageError | undefined) => void) | null = null

  const target = {
    findLoss: () => subject.loss,
    get(key: string): Uint8Array | null {
      if (end !== null) throw new Error('a guard was read during a write')
      if (subject.failGet) throw new StorageError('STORAGE_UNAVAILABLE', 'made to fail')
      return stored.get(key) ?? null
    },
    write(writes: Writes): Promise<void> {
      if (end !== null) throw new Error('two writes at once')
      batches.push([...writes.keys()])
      return new Promise((resolve, reject) => {
        end = (error) => {
          end = null
          if (error !== undefined) {
            reject(error)
            return
          }
          for (const [key, value] of writes) {
            if (value === null) stored.delete(key)
            else stored.set(key, value)
          }
          resolve()
        }
      })
    },
  }
  const subject: ReturnType<typeof manualTarget> = {
    queue: createCommitQueue(target),
    batches,
    stored,
    async endWrite(error?: StorageError): Promise<void> {
      if (end === null) throw new Error('no write is under way')
      end(error)
      await turns()
    },
    failGet: false,
    loss: null,
  }
  return subject
}

async function turns(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve()
}

/** What a commit has come to so far. */
function watch(promise: Promise<CommitOutcome>): { state: string } {
  const watched = { state: 'under way' }
  promise.then(
    (outcome) => {
      watched.state = outcome
    },
    (error: unknown) => {
      watched.state = (error as StorageError).code
    },
  )
  return watched
}

describe('commit queue', () => {
  it('what is no commit is refused, and keeps no other waiting', async () => {
    const { queue, endWrite } = manualTarget()
    for (const wrong of [{}, null, { guards: [] }, { guards: [null], mutations: [] }, 'commit']) {
      await expect(queue.add(wrong as never)).rejects.toThrow(TypeError)
    }
    const next = queue.add(put('a', '1'))
    await turns()
    await endWrite()
    expect(await next).toBe('applied')
    await queue.idle()
  })

  it('makes one batch of the commits of one turn', async () => {
    const { queue, batches, endWrite } = manualTarget()
    const commits = ['a', 'b', 'c'].map((key) => watch(queue.add(put(key, '1'))))
    await turns()
    expect(batches).toEqual([['a', 'b', 'c']])
    expect(commits.map(({ state }) => state)).toEqual(['under way', 'under way', 'under way'])
    await endWrite()
    expect(commits.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
  })

  it('makes one batch of all commits that came in while another was under way', async () => {
    const { queue, batches, endWrite } = manualTarget()
    const first = watch(queue.add(put('a', '1')))
    await turns()
    const others = []
    for (const key of ['b', 'c', 'd']) {
      others.push(watch(queue.add(put(key, '1', is('a', '1')))))
      await turns()
    }
    expect(batches).toEqual([['a']])
    await endWrite()
    expect(first.state).toBe('applied')
    expect(batches).toEqual([['a'], ['b', 'c', 'd']])
    await endWrite()
    expect(others.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    expect(batches).toHaveLength(2)
  })

  it('checks guards against the commits before in the same round', async () => {
    const { queue, batches, endWrite, stored } = manualTarget()
    stored.set('a', bytes('0'))
    const commits = [
      put('a', '1', is('a', '0')),
      put('a', '2', is('a', '1')),
      put('a', 'lost', is('a', '0')),
      put('a', null, is('a', '2'), is('b', null)),
      put('b', 'x', is('a', null)),
      put('b', 'lost', is('b', null)),
    ].map((commit) => watch(queue.add(commit)))
    await turns()
    expect(batches).toEqual([['a', 'b']])
    await endWrite()
    expect(commits.map(({ state }) => state)).toEqual([
      'applied',
      'applied',
      'conflict',
      'applied',
      'applied',
      'conflict',
    ])
    expect([...stored]).toEqual([['b', bytes('x')]])
  })

  it('tells a conflict with the store at once, one with the round after its batch', async () => {
    const { queue, endWrite } = manualTarget()
    const winner = watch(queue.add(put('a', '1', is('a', null))))
    const withRound = watch(queue.add(put('a', '2', is('a', null))))
    const withStore = watch(queue.add(put('b', '2', is('b', 'other'))))
    await turns()
    expect([winner, withRound, withStore].map(({ state }) => state)).toEqual([
      'under way',
      'under way',
      'conflict',
    ])
    await endWrite()
    expect([winner, withRound].map(({ state }) => state)).toEqual(['applied', 'conflict'])
  })

  it('writes nothing for conflicts and for guards alone', async () => {
    const { queue, batches } = manualTarget()
    await expect(queue.add(put('a', '1', is('a', 'x')))).resolves.toBe('conflict')
    await expect(queue.add({ guards: [is('a', null)], mutations: [] })).resolves.toBe('applied')
    await expect(queue.add({ guards: [is('a', 'x')], mutations: [] })).resolves.toBe('conflict')
    await expect(queue.add({ guards: [], mutations: [] })).resolves.toBe('applied')
    expect(batches).toEqual([])
  })

  it('rejects the one commit whose guard cannot be read, and goes on', async () => {
    const subject = manualTarget()
    const { queue, batches, endWrite } = subject
    subject.failGet = true
    const unread = watch(queue.add(put('a', '1', is('a', null))))
    const unguarded = watch(queue.add(put('b', '1')))
    await turns()
    expect(unread.state).toBe('STORAGE_UNAVAILABLE')
    expect(batches).toEqual([['b']])
    subject.failGet = false
    await endWrite()
    expect(unguarded.state).toBe('applied')
    const next = watch(queue.add(put('a', '1', is('a', null))))
    await turns()
    await endWrite()
    expect(next.state).toBe('applied')
  })

  it.each([
    ['STORAGE_OUTCOME_UNKNOWN', 'STORAGE_UNAVAILABLE'],
    ['STORAGE_FULL', 'STORAGE_FULL'],
  ] as const)('writes nothing more after a batch failed with %s', async (code, later) => {
    const { queue, batches, endWrite } = manualTarget()
    const failed = [put('a', '1', is('a', null)), put('b', '1')].map((c) => watch(queue.add(c)))
    const refuted = watch(queue.add(put('a', '2', is('a', null))))
    await turns()
    const waiting = watch(queue.add(put('c', '1')))
    await endWrite(new StorageError(code, 'made to fail'))
    expect(failed.map(({ state }) => state)).toEqual([code, code])
    // Nothing of these was given to LevelDB, so their outcome is known.
    expect([refuted, waiting].map(({ state }) => state)).toEqual([later, later])
    for (const commit of [put('d', '1'), put('d', '1', is('d', 'x')), put('d', null)]) {
      await expect(queue.add(commit)).rejects.toMatchObject({
        code: later,
        message: 'an earlier commit failed: close the store and open it again to write',
      })
    }
    expect(batches).toEqual([['a', 'b']])
    await queue.idle()
  })

  it('neither decides nor writes what is asked for once the store is lost', async () => {
    const target = manualTarget()
    target.loss = new StorageError('STORAGE_CLOSED', 'it was replaced')
    for (const commit of [
      put('a', '1'),
      put('a', '1', is('a', 'x')),
      { guards: [], mutations: [] },
    ]) {
      await expect(target.queue.add(commit)).rejects.toBe(target.loss)
    }
    expect(target.batches).toEqual([])
  })

  it.each([
    ['that is made', undefined],
    ['that fails', new StorageError('STORAGE_OUTCOME_UNKNOWN', 'made to fail')],
  ])('acknowledges nothing where the store is lost during a write %s', async (_what, error) => {
    const target = manualTarget()
    const round = [put('a', '1'), put('b', '1'), put('a', '2', is('a', 'x'))].map((commit) =>
      watch(target.queue.add(commit)),
    )
    await turns()
    const waiting = watch(target.queue.add(put('c', '1')))
    target.loss = new StorageError('STORAGE_CLOSED', 'it was replaced')
    await target.endWrite(error)
    expect([...round, waiting].map(({ state }) => state)).toEqual(Array(4).fill('STORAGE_CLOSED'))
    target.loss = null
    await expect(target.queue.add(put('d', '1'))).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(target.batches).toEqual([['a', 'b']])
  })

  it('closes a round at 2 MiB and at 1,024 records, but takes one commit of any size', async () => {
    const { queue, batches, endWrite } = manualTarget()
    const large = (key: string): Commit => ({
      guards: [],
      mutations: [{ key, value: new Uint8Array(1_000_000) }],
    })
    const commits = ['a', 'b', 'c', 'd', 'e'].map((key) => watch(queue.add(large(key))))
    await turns()
    await endWrite()
    await endWrite()
    await endWrite()
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(commits.every(({ state }) => state === 'applied')).toBe(true)

    const many = (key: string): Commit => ({
      guards: Array.from({ length: 128 }, (_, i) => is(`${key}${i}`, null)),
      mutations: [is(key, 'x')],
    })
    const rounds = Array.from({ length: 9 }, (_, i) => queue.add(many(`m${i}-`)))
    await turns()
    expect(batches.at(-1)).toHaveLength(7)
    await endWrite()
    expect(batches.at(-1)).toHaveLength(2)
    await endWrite()
    await Promise.all(rounds)
  })

  it('says what is being written, and when nothing is', async () => {
    const { queue, endWrite } = manualTarget()
    expect(queue.writing()).toBe(null)
    void queue.add(put('a', '1'))
    await turns()
    expect([...(queue.writing() ?? [])]).toEqual([['a', bytes('1')]])
    let idle = false
    void queue.idle().then(() => {
      idle = true
    })
    await turns()
    expect(idle).toBe(false)
    await endWrite()
    expect(queue.writing()).toBe(null)
    expect(idle).toBe(true)
  })
})
