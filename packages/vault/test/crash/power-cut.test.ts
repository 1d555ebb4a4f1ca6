/**
 * Goal F2 on a real disk: with the process, its power is cut. What LevelDB had written and not
 * synced is gone, or a part of it. With `strict` nothing that the vault acknowledged may be
 * missing; with `relaxed` only the latest may be.
 */

import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { describeWithSyncFaults } from '../../../storage-level/test/faults/sync-faults.js'
import { lineOf, runKillCycles } from './kill-cycles.js'
import type { CutBytes } from './power-switch.js'
import { powerSwitch } from './power-switch.js'
import { SMALL_LIFE, createLife, lifeState, openLife, performStep } from './vault-life.js'

/** A quarter of the kills without a cut; `npm run kill` sets their number. */
const CYCLES = Math.ceil(Number(process.env['STAGEVAULT_KILLS'] ?? 40) / 4)

/** A kill seldom falls between a write and its sync: a busy machine may need more of them. */
const ROUNDS_MAX = 50

describeWithSyncFaults('a process that is killed while power is cut', (env) => {
  it(
    `loses nothing acknowledged and tears nothing, ${String(CYCLES)} times over`,
    async () => {
      const cut: CutBytes = { files: 0, kept: 0, lost: 0 }
      for (let round = 0; round < ROUNDS_MAX && cut.lost === 0; round++) {
        const totals = await runKillCycles(CYCLES, (location, cycle) =>
          powerSwitch(location, cycle, env, cut),
        )
        console.info(`${lineOf(CYCLES, totals)}, bytes not synced: ${JSON.stringify(cut)}`)
      }
      expect(cut.lost).toBeGreaterThan(0)
    },
    60_000 + ROUNDS_MAX * CYCLES * 3_000,
  )
})

/** Places to cut a log at, in addition to its end. */
const CUTS = 150

async function logOf(location: string): Promise<string> {
  const name = (await readdir(location)).find((each) => each.endsWith('.log'))
  if (name === undefined) throw new Error('there is no log')
  return join(location, name)
}

/** The states of a relaxed vault, from none on, and its folder when it has been in all of them. */
async function liveRelaxed(folder: string): Promise<(string | null)[]> {
  const location = join(folder, 'vault')
  const storage = await createLevelStorage({ location, durability: 'relaxed' })
  const vault = await createLife(storage)
  const states = [null, await lifeState(vault)]
  for (const step of [...SMALL_LIFE, ...manyPuts()]) {
    await performStep(vault, step)
    states.push(await lifeState(vault))
  }
  await cp(location, join(folder, 'before'), { recursive: true })
  await storage.close()
  return states
}

function manyPuts(): (typeof SMALL_LIFE)[number][] {
  return Array.from({ length: 40 }, (_, i) => [
    {
      operation: 'putSecretValue',
      request: { secretName: 'a', secretData: `value ${String(i)}`, versionId: `id${String(i)}` },
      bytes: i * 50,
    },
  ])
}

async function openOrNone(location: string): Promise<string | null> {
  const storage = await openLevelStorage({ location })
  try {
    const vault: Vault = await openLife(storage)
    expect((await vault.verify()).problems).toEqual([])
    return await lifeState(vault)
  } catch (error) {
    expect(error).toMatchObject({ code: 'VAULT_MISSING' })
    return null
  } finally {
    await storage.close()
  }
}

it('a relaxed vault comes back to a state that was, wherever its log is cut', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stagevault-cut-'))
  const states = await liveRelaxed(folder)
  const { size } = await stat(await logOf(join(folder, 'before')))
  const found: number[] = []
  for (let i = 0; i <= CUTS; i++) {
    const location = join(folder, `cut ${String(i)}`)
    await cp(join(folder, 'before'), location, { recursive: true })
    await truncate(await logOf(location), Math.round(size * (i / CUTS)))
    found.push(states.indexOf(await openOrNone(location)))
    await rm(location, { recursive: true })
  }
  expect(found).not.toContain(-1)
  // The more is left of the log, the later the state, from none at all to the last.
  expect(found).toEqual([...found].sort((a, b) => a - b))
  expect([found[0], found.at(-1)]).toEqual([0, states.length - 1])
  expect(new Set(found).size).toBeGreaterThan(states.length / 2)
  await rm(folder, { recursive: true })
}, 600_000)
