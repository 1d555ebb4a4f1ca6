import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import { openLevelStorage } from '@stagevault/storage-level'
import { startChild } from './child.js'
import { temporaryFolder } from './level-subject.js'

const CYCLES = 20

type Counts = Map<string, number>

describe('a process killed while it commits', () => {
  it(`loses nothing that was applied and tears nothing, ${CYCLES} times over`, async () => {
    const folder = await temporaryFolder()
    const location = join(folder, 'store')
    const acknowledged: Counts = new Map()
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      // Between 1 and 39 commits, at another point of the four lanes each time.
      await killAfter(1 + ((cycle * 7) % 39), location, acknowledged)
      const storage = await openLevelStorage({ location })
      await expectWhole(storage, acknowledged)
      await storage.close()
    }
    await rm(folder, { recursive: true })
  })
})

/** Lets a child commit, kills it with SIGKILL at one of its lines, and notes what it has said. */
async function killAfter(lines: number, location: string, acknowledged: Counts): Promise<void> {
  const child = startChild('commit-forever', [location])
  let seen = 0
  for await (const line of child.lines) {
    const [lane = '', count = ''] = line.split(' ')
    acknowledged.set(lane, Number(count))
    seen += 1
    if (seen === lines) child.process.kill('SIGKILL')
  }
  await child.ended
  expect(child.process.signalCode).toBe('SIGKILL')
  expect(seen).toBeGreaterThanOrEqual(lines)
}

/** Every lane's records end where its counter says, and not before what was acknowledged. */
async function expectWhole(storage: StorageAdapter, acknowledged: Counts): Promise<void> {
  const counts: Counts = new Map()
  const numbers = new Map<string, number[]>()
  for await (const { key, value } of scanAll(storage, { start: 'a', end: 'z', pageSize: 1_000 })) {
    const [kind = '', lane = '', n = ''] = key.split('/')
    const number = Number.parseInt(Buffer.from(value).toString(), 10)
    if (kind === 'count') counts.set(lane, number)
    else numbers.set(`${kind} ${lane}`, [...(numbers.get(`${kind} ${lane}`) ?? []), Number(n)])
    if (kind !== 'count') expect(number).toBe(Number(n))
  }
  for (const [lane, count] of acknowledged) {
    const found = counts.get(lane) ?? 0
    expect(found).toBeGreaterThanOrEqual(count)
    const expected = Array.from({ length: found }, (_, i) => i + 1)
    for (const kind of ['first', 'second']) {
      expect(numbers.get(`${kind} ${lane}`)?.sort((a, b) => a - b)).toEqual(expected)
    }
  }
}
