/**
 * Goal F1 on a real disk: a process that changes secrets in a LevelDB vault is killed with SIGKILL
 * at random moments, starting up included, again and again on one vault. Nothing that the vault
 * acknowledged may be missing, nothing may be half there, and what was asked for and not answered
 * is there wholly or not at all.
 *
 * This proves atomicity, not durability: what a killed process wrote survives in the memory of the
 * operating system, whether or not it was synced. `power-cut.test.ts` takes that away too.
 */

import { expect, it } from 'vitest'
import { lineOf, runKillCycles } from './kill-cycles.js'

/** A sample: the campaign makes 10,000, which take half an hour, as `npm run kill` does. */
const CYCLES = Number(process.env['STAGEVAULT_KILLS'] ?? 40)

it(
  `a process killed ${String(CYCLES)} times loses nothing and tears nothing`,
  async () => {
    const totals = await runKillCycles(CYCLES)
    expect(totals.acknowledged).toBeGreaterThan(0)
    console.info(lineOf(CYCLES, totals))
  },
  60_000 + CYCLES * 3_000,
)
