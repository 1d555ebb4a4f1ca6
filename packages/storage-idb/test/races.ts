import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RemoteClient } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import type { GenerationOrder, IncrementOrder } from './browser/race-calls.js'

const PAGES = 3
const WORKERS = 2
const TIMES = 12
const CYCLES = 4

interface Counted {
  readonly counter: number
  readonly told: readonly number[]
}

/** Several pages and workers on one database at once. */
export function describeRaces({ browser }: EngineContext): void {
  describe('several tabs and workers', () => {
    it(`${PAGES} pages and ${WORKERS} workers lose no guarded increment`, async () => {
      const pages = await Promise.all(
        Array.from({ length: PAGES }, () => browser().openPage('storage')),
      )
      const workers = await Promise.all(
        pages.slice(0, WORKERS).map((page) => page.startWorker('storage')),
      )
      const clients = [...pages, ...workers]
      const name = randomUUID()
      await Promise.all(
        clients.map((client, i) =>
          client.call<number>('increment', {
            name,
            writer: `${i}`,
            times: TIMES,
          } satisfies IncrementOrder),
        ),
      )
      const total = clients.length * TIMES
      for (const client of clients) {
        const { counter, told } = await client.call<Counted>('readCounter', name)
        expect(counter).toBe(total)
        expect([...told].sort((a, b) => a - b)).toEqual(upTo(total))
      }
      await Promise.all(workers.map((worker) => worker.end()))
      await Promise.all(pages.map((page) => page.tab.close()))
    })

    // Firefox ends the script of a tab that is being closed wherever it is, and lets what it has
    // begun complete; so may a worker's be ended.
    for (const isSlow of [false, true]) {
      const when = isSlow ? 'among the writes of a commit' : 'in the middle of a commit'
      it(`a tab closed ${when} leaves it whole or absent`, async () => {
        const watcher = await browser().openPage('storage')
        await killAgainAndAgain(watcher, isSlow, async () => {
          const victim = await browser().openPage('storage')
          return { client: victim, kill: () => victim.tab.close() }
        })
        await watcher.tab.close()
      })

      it(`a worker ended ${when} leaves it whole or absent`, async () => {
        const watcher = await browser().openPage('storage')
        await killAgainAndAgain(watcher, isSlow, async () => {
          const victim = await watcher.startWorker('storage')
          return { client: victim, kill: () => victim.end() }
        })
        await watcher.tab.close()
      })
    }

    it('a worker ended in the middle of a commit that is refused leaves nothing', async () => {
      const watcher = await browser().openPage('storage')
      const order: GenerationOrder = { name: randomUUID(), records: 64, isRefused: true }
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        const victim = await watcher.startWorker('storage')
        const ending = expect(victim.call('commitGenerations', order)).rejects.toThrow(
          'disconnected',
        )
        await commitsOf(victim, 1 + cycle)
        await Promise.all([victim.end(), ending])
        expect(await watcher.call<number>('findGeneration', order)).toBe(0)
      }
      await watcher.tab.close()
    })
  })
}

interface Victim {
  readonly client: RemoteClient
  readonly kill: () => Promise<unknown>
}

/** Kills the client that commits, some commits later each time, and then checks the records. */
async function killAgainAndAgain(
  watcher: RemoteClient,
  isSlow: boolean,
  start: () => Promise<Victim>,
): Promise<void> {
  const order: GenerationOrder = { name: randomUUID(), records: 64, isSlow }
  let before = 0
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const { client, kill } = await start()
    // A page that is being closed may have the time to say that its transaction was aborted.
    const ending = expect(client.call('commitGenerations', order)).rejects.toThrow(
      /disconnected|AbortError|ConstraintError/,
    )
    const acknowledged = await commitsOf(client, before + 1 + cycle)
    await Promise.all([kill(), ending])
    const found = await watcher.call<number>('findGeneration', order)
    expect(found).toBeGreaterThanOrEqual(acknowledged)
    before = found
  }
}

/** Waits until the client was told what became of this generation, and returns the latest. */
async function commitsOf(client: RemoteClient, generation: number): Promise<number> {
  for (;;) {
    const acknowledged = await client.call<number>('readAcknowledged')
    if (acknowledged >= generation) return acknowledged
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
