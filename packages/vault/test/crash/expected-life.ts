/** What there must be in a vault after a child has lived its life on a broken disk. */

import { join } from 'node:path'
import { expect } from 'vitest'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import type { LifeReport } from './vault-life.js'
import { LIFE, isThere, lifeState, liveOn, openLife } from './vault-life.js'

/** The failure had the right code, later ones too, and reading went on. */
export function expectStopped(
  report: LifeReport,
  codes: readonly string[],
  laterCode: string,
): void {
  const { answers, later, notOpened, stillReads } = report
  expect(stillReads).toBe(true)
  if (notOpened !== undefined) {
    const expected = notOpened.by === 'createVault' ? codes : [laterCode]
    expect(expected).toContain(notOpened.code)
  }
  const failed = answers.filter((answer) => answer !== 'done')
  if (failed.length === 0) return
  expect([...codes, laterCode]).toEqual(expect.arrayContaining(failed))
  expect(failed.some((code) => codes.includes(code))).toBe(true)
  expect(new Set(later)).toEqual(new Set([laterCode]))
}

/** On a disk that works again: what was acknowledged is there, and the life can be finished. */
export async function expectLifeGoesOn(
  report: LifeReport,
  states: readonly string[],
): Promise<void> {
  const location = join(report.home, 'vault')
  if (report.notOpened?.by !== 'createLevelStorage' && report.notOpened?.by !== 'createVault') {
    await expectAcknowledged(location, report, states)
  }
  const storage = await createLevelStorage({ location })
  await liveOn(storage, report.steps)
  const vault = await openLife(storage)
  expect((await vault.verify()).problems).toEqual([])
  expect((await lifeState(vault)) === states.at(-1)).toBe(true)
  await vault.close()
  await storage.close()
}

/** What was acknowledged can be read at this place. */
export async function expectAcknowledged(
  location: string,
  { steps, answers }: LifeReport,
  states: readonly string[],
): Promise<void> {
  const storage = await openLevelStorage({ location })
  const vault = await openLife(storage)
  expect((await vault.verify()).problems).toEqual([])
  const step = LIFE[steps]
  if (answers.length > 1 && step !== undefined && step !== 'reopen') {
    // Several at once: each of them may have happened, and those that were acknowledged did.
    for (const [i, call] of step.entries()) {
      if (answers[i] === 'done') expect(await isThere(vault, call)).toBe(true)
    }
  } else {
    // What failed may have happened.
    const possible = states.slice(steps, steps + 1 + answers.length)
    expect(possible.includes(await lifeState(vault))).toBe(true)
  }
  await vault.close()
  await storage.close()
}
