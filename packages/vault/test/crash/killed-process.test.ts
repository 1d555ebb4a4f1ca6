/**
 * Goal F1 on a real disk: a process that changes secrets in a LevelDB vault is killed with SIGKILL
 * at random moments, starting up included, again and again on one vault. Nothing that the vault
 * acknowledged may be missing, nothing may be half there, and what was asked for and not answered
 * is there wholly or not at all.
 *
 * This proves atomicity, not durability: what a killed process wrote survives in the memory of the
 * operating system, whether or not it was synced. Only losing power, or a file system that drops
 * what was not synced, would tell; the storage adapter's tests look at the sync itself.
 */

import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createVault, openVault, rawKey } from 'stagevault'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { toHex } from '../primitives/implementations.js'
import { TEST_KEY } from '../support/test-vault.js'
import type { Expected, ToldOperation } from './expected-secrets.js'
import { LIMITS, apply, describeExpected, describeStored } from './expected-secrets.js'

/** `npm run kill` sets another number; 10,000 take half an hour. */
const CYCLES = Number(process.env['STAGEVAULT_KILLS'] ?? 200)
const CYCLES_BETWEEN_LINES = 1_000
const LANES = ['a', 'b', 'c', 'd/e']
/** Time that a child gets, at most, from where it began to open the vault. */
const RUN_MS = 120

interface ToldLine {
  readonly lane?: string
  readonly asked?: ToldOperation
  readonly done?: true
  readonly open?: true
}

type Child = ChildProcessByStdio<Writable, Readable, null>

function startChild(location: string): Child {
  const program = fileURLToPath(new URL('children/write-forever.mjs', import.meta.url))
  const argv = [location, toHex(TEST_KEY), JSON.stringify(LIMITS), JSON.stringify(LANES)]
  return spawn(process.execPath, [program, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** Lets a child run for a while, and gives everything that it has told until it was killed. */
async function runAndKill(child: Child): Promise<ToldLine[]> {
  let told = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    told += chunk
  })
  const closed = once(child, 'close')
  child.stdin.write('go\n')
  // Three of four are killed at work, one in the middle of opening.
  if (Math.random() < 0.75) await Promise.race([once(child.stdout, 'data'), closed])
  await sleep(RUN_MS * Math.random() ** 2)
  child.kill('SIGKILL')
  await closed
  expect(child.signalCode).toBe('SIGKILL')
  // A line that was not finished was not told.
  const lines = told.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as ToldLine)
}

interface Totals {
  acknowledged: number
  /** Operations that were asked for and not answered: those that had happened, and the others. */
  happened: number
  lost: number
}

const lineOf = (cycles: number, totals: Totals): string => (
  `${String(cycles)} kills: ${JSON.stringify(totals)}`
)

/** The secrets, and the operation that each was asked for when the child died. */
interface Lane {
  expected: Expected
  asked: ToldOperation | null
}

function follow(lanes: Map<string, Lane>, told: readonly ToldLine[], totals: Totals): void {
  for (const { lane: name = '', asked, done } of told) {
    const lane = lanes.get(name)
    if (lane === undefined) continue
    if (asked !== undefined) lane.asked = asked
    if (done !== true || lane.asked === null) continue
    lane.expected = apply(lane.expected, lane.asked)
    lane.asked = null
    totals.acknowledged += 1
  }
}

/** Opens the vault that a child left, and compares everything in it with what the child told. */
async function expectWhole(
  location: string,
  lanes: Map<string, Lane>,
  totals: Totals,
): Promise<void> {
  const storage = await openLevelStorage({ location })
  const vault = await openVault({ storage, unlock: rawKey(TEST_KEY), limits: LIMITS })
  expect((await vault.verify()).problems).toEqual([])
  for (const [name, lane] of lanes) {
    const stored = await describeStored(vault, name)
    const { expected, asked } = lane
    const after = asked === null ? expected : apply(expected, asked)
    if (asked !== null && describeExpected(after) === stored) {
      lane.expected = after
      totals.happened += 1
    } else {
      expect(stored).toBe(describeExpected(expected))
      if (asked !== null) totals.lost += 1
    }
    lane.asked = null
  }
  await vault.close()
  await storage.close()
}

it(`a process killed ${String(CYCLES)} times loses nothing and tears nothing`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stagevault-kill-'))
  const location = join(folder, 'vault')
  const storage = await createLevelStorage({ location })
  await (await createVault({ storage, unlock: rawKey(TEST_KEY) })).close()
  await storage.close()

  const lanes = new Map<string, Lane>()
  for (const name of LANES) lanes.set(name, { expected: null, asked: null })
  const totals: Totals = { acknowledged: 0, happened: 0, lost: 0 }
  let child = startChild(location)
  try {
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      // The next one loads its modules while this one works: most of a cycle would be waiting.
      const next = startChild(location)
      const told = await runAndKill(child)
      child = next
      follow(lanes, told, totals)
      await expectWhole(location, lanes, totals)
      if ((cycle + 1) % CYCLES_BETWEEN_LINES === 0) console.info(lineOf(cycle + 1, totals))
    }
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
  expect(totals.acknowledged).toBeGreaterThan(CYCLES / 4)
  // Kills came in the middle of operations, too.
  expect(totals.happened + totals.lost).toBeGreaterThan(CYCLES / 10)
  console.info(lineOf(CYCLES, totals))
}, 60_000 + CYCLES * 3_000)
