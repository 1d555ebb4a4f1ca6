/**
 * A process that changes secrets in a LevelDB vault and is killed with SIGKILL at random moments,
 * starting up included, again and again on one vault.
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
import { expect } from 'vitest'
import { createVault, openVault, rawKey } from 'stagevault'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { toHex } from '../primitives/implementations.js'
import { TEST_KEY } from '../support/test-vault.js'
import type { Expected, ToldOperation } from './expected-secrets.js'
import { LIMITS, apply, describeExpected, describeStored } from './expected-secrets.js'

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

/** What happens to the disk of a child, in addition to the child itself. */
export interface DiskSwitch {
  readonly env: NodeJS.ProcessEnv
  /** Called before the child opens the vault. */
  on(): Promise<void>
  /** Called when the child is dead. */
  off(): Promise<void>
}

const ALWAYS_ON: DiskSwitch = {
  env: process.env,
  on: () => Promise.resolve(),
  off: () => Promise.resolve(),
}

interface Machine {
  readonly child: Child
  readonly disk: DiskSwitch
}

function startMachine(location: string, disk: DiskSwitch): Machine {
  const program = fileURLToPath(new URL('children/write-forever.mjs', import.meta.url))
  const argv = [location, toHex(TEST_KEY), JSON.stringify(LANES)]
  const stdio = ['pipe', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, [program, ...argv], { stdio: [...stdio], env: disk.env })
  return { child, disk }
}

/** Lets a child run for a while, and gives everything that it has told until it was killed. */
async function runAndKill({ child, disk }: Machine): Promise<ToldLine[]> {
  let told = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    told += chunk
  })
  const closed = once(child, 'close')
  await disk.on()
  child.stdin.write('go\n')
  // Three of four are killed at work, one in the middle of opening.
  if (Math.random() < 0.75) await Promise.race([once(child.stdout, 'data'), closed])
  await sleep(RUN_MS * Math.random() ** 2)
  child.kill('SIGKILL')
  await closed
  expect(child.signalCode).toBe('SIGKILL')
  await disk.off()
  // A line that was not finished was not told.
  const lines = told.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as ToldLine)
}

/** What came of all operations. */
export interface Totals {
  acknowledged: number
  /** Operations that were asked for and not answered: those that had happened, and the others. */
  happened: number
  lost: number
}

export const lineOf = (cycles: number, totals: Totals): string =>
  `${String(cycles)} kills: ${JSON.stringify(totals)}`

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
  const vault = await openVault({ storage, unlock: rawKey(TEST_KEY) })
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

/** Makes a vault, and kills so many processes that work on it; `diskOf` each of them. */
export async function runKillCycles(
  cycles: number,
  diskOf: (location: string, cycle: number) => DiskSwitch = () => ALWAYS_ON,
): Promise<Totals> {
  const folder = await mkdtemp(join(tmpdir(), 'stagevault-kill-'))
  const location = join(folder, 'vault')
  const storage = await createLevelStorage({ location })
  await (await createVault({ storage, unlock: rawKey(TEST_KEY), limits: LIMITS })).close()
  await storage.close()

  const lanes = new Map<string, Lane>()
  for (const name of LANES) lanes.set(name, { expected: null, asked: null })
  const totals: Totals = { acknowledged: 0, happened: 0, lost: 0 }
  let machine = startMachine(location, diskOf(location, 0))
  try {
    for (let cycle = 1; cycle <= cycles; cycle++) {
      // The next one loads its modules while this one works: most of a cycle would be waiting.
      const next = startMachine(location, diskOf(location, cycle))
      const told = await runAndKill(machine)
      machine = next
      follow(lanes, told, totals)
      await expectWhole(location, lanes, totals)
      if (cycle % CYCLES_BETWEEN_LINES === 0) console.info(lineOf(cycle, totals))
    }
  } finally {
    machine.child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
  expect(totals.acknowledged).toBeGreaterThan(cycles / 4)
  // Kills came in the middle of operations, too.
  expect(totals.happened + totals.lost).toBeGreaterThan(cycles / 10)
  return totals
}
