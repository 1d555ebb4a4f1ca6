/**
 * Goal F2 on a simulated disk: if a loss of power takes any of the latest relaxed commits, the
 * vault that is opened afterwards is clean and is exactly what it was before the first of those
 * that are gone; and nothing that a strict commit wrote is among them.
 */

import { afterAll, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import type { SimulatedDisk, SimulatedDurability } from '@stagevault/storage/simulated-disk'
import { createSimulatedDisk } from '@stagevault/storage/simulated-disk'
import {
  SMALL_LIFE,
  createLife,
  lifeState,
  liveOn,
  openLife,
  performStep,
  referenceStates,
} from './vault-life.js'

let losses = 0

afterAll(() => {
  console.info(`${String(losses)} losses of power`)
})

async function expectClean(vault: Vault): Promise<void> {
  expect((await vault.verify()).problems).toEqual([])
}

/** Lives this long and loses power then, with so many of the commits at risk kept. */
async function liveAndLose(
  steps: number,
  kept: number,
  durabilityOf: (step: number) => SimulatedDurability,
): Promise<SimulatedDisk> {
  const disk = createSimulatedDisk()
  await (await createLife(disk.open('relaxed'))).close()
  for (const [i, step] of SMALL_LIFE.slice(0, steps).entries()) {
    const vault = await openLife(disk.open(durabilityOf(i)))
    await performStep(vault, step)
    await vault.close()
  }
  disk.losePower(Math.min(kept, disk.atRisk))
  losses += 1
  return disk
}

describe('a vault whose disk loses power', () => {
  it('is what it was after some commit, for every end and every number of commits kept', async () => {
    const states = await referenceStates(SMALL_LIFE)
    for (let steps = 0; steps <= SMALL_LIFE.length; steps += 1) {
      // Every step is one commit, and so is the creation before them.
      for (let kept = 1; kept <= steps + 1; kept += 1) {
        const disk = await liveAndLose(steps, kept, () => 'relaxed')
        const vault = await openLife(disk.open('relaxed'))
        await expectClean(vault)
        expect(await lifeState(vault)).toBe(states[kept - 1])
        await vault.close()
        await liveOn(disk.open('relaxed'), kept - 1, SMALL_LIFE)
        expect(await lifeState(await openLife(disk.open('relaxed')))).toBe(states.at(-1))
      }
    }
  })

  it('is missing where its creation was lost', async () => {
    for (let steps = 0; steps <= SMALL_LIFE.length; steps += 1) {
      const disk = await liveAndLose(steps, 0, () => 'relaxed')
      await expect(openLife(disk.open('relaxed'))).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    }
  })

  it('has everything up to the latest strict commit, whichever that is', async () => {
    const states = await referenceStates(SMALL_LIFE)
    for (let strict = 0; strict < SMALL_LIFE.length; strict += 1) {
      for (let steps = strict + 1; steps <= SMALL_LIFE.length; steps += 1) {
        const disk = await liveAndLose(steps, 0, (i) => (i === strict ? 'strict' : 'relaxed'))
        const vault = await openLife(disk.open('relaxed'))
        await expectClean(vault)
        expect(await lifeState(vault)).toBe(states[strict + 1])
      }
    }
  })
})
