/**
 * The committer under every order of storage calls that a scheduler finds: three handles, with
 * conflicts, failures and lost answers. STAGEVAULT_SCHEDULES sets how many; 20,000 are a campaign.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { formatHistory, linearize } from '../model/linearizability.js'
import type { LoggedCommit } from './commit-log.js'
import { appliedIn, epochOf, secretsIn } from './commit-log.js'
import type { Finish, ToldEvent } from './schedule.js'
import { START, runSchedule, schedules, stepAlone } from './schedule.js'

const SCHEDULES = Number(process.env['STAGEVAULT_SCHEDULES'] ?? 500)
const SEED = process.env['STAGEVAULT_SEED']

/** What resolved has happened and what was refused has not, in some order of all calls. */
function expectLinearizable({ history }: Finish): void {
  if (linearize(START, history, stepAlone) !== null) return
  throw new Error(`no order explains this history:\n${formatHistory(history)}`)
}

/** Every commit that was applied follows the one before it: there is one line of roots. */
function expectOneLine({ log, keys }: Finish): void {
  const epochs = appliedIn(log).map((commit) => epochOf(keys, commit))
  expect(epochs).toEqual(epochs.map((_, i) => i + 1))
}

/** Events come after their commits, in the order of commits. */
function expectEventsInOrder(finish: Finish): void {
  for (const { log, events } of finish.handles) {
    const commits = appliedIn(log)
    let place = 0
    for (const told of events) {
      place = commits.findIndex((commit, i) => i >= place && isOf(finish, commit, told))
      expect(place, `a commit of ${JSON.stringify(told.event)}`).not.toBe(-1)
      expect(place, 'an event after its commit').toBeLessThan(told.applied)
    }
  }
}

/** Whether a commit can have been what an event tells of. */
function isOf({ keys }: Finish, commit: LoggedCommit, { event }: ToldEvent): boolean {
  const secrets = secretsIn(keys, commit)
  const state = secrets.get(event.secretName)
  // What another change of the same commit took away again has no head of its own there.
  if (state === undefined || state === null) return true
  switch (event.type) {
    case 'secret.deleted':
      return true
    case 'secret.version.created':
    case 'secret.version.evicted':
      return idsOf(state).includes(event.versionId ?? '') || secrets.size > 1
    default:
      return true
  }
}

function idsOf({ versions, tombstones }: SecretState): string[] {
  return [...versions, ...tombstones].map(({ versionId }) => versionId)
}

test(`${String(SCHEDULES)} schedules of three handles`, async () => {
  const seen = new Map<string, number>()
  const property = fc.asyncProperty(schedules, async (schedule) => {
    const finish = await runSchedule(schedule)
    for (const outcome of finish.outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    expectLinearizable(finish)
    expectOneLine(finish)
    expectEventsInOrder(finish)
    const { added, unknown, found } = finish.slots
    expect(found).toBeGreaterThanOrEqual(1 + added)
    expect(found).toBeLessThanOrEqual(1 + added + unknown)
    expect(finish.problems).toEqual([])
  })
  const seed = SEED === undefined ? {} : { seed: Number(SEED) }
  await fc.assert(property, { numRuns: SCHEDULES, ...seed })
  // Without these nothing was shown.
  const reached = ['done', 'a conflict', 'VAULT_CLOSED', 'STORAGE_OUTCOME_UNKNOWN',
    'STORAGE_UNAVAILABLE', 'SECRET_EXISTS', 'SECRET_NOT_FOUND', 'SECRET_IN_DELETE_WINDOW']
  for (const outcome of reached) expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(0)
  expect(seen.has('CONFLICT')).toBe(false)
  console.info(JSON.stringify(Object.fromEntries(seen)))
}, 120_000 + SCHEDULES * 2_000)
