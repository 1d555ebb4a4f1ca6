/**
 * The committer under every order of storage calls that a scheduler finds: three handles, with
 * conflicts, failures and lost answers. STAGEVAULT_SCHEDULES sets how many; 20,000 are a campaign.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VaultEvent } from 'stagevault'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { formatHistory, linearize } from '../model/linearizability.js'
import { appliedIn, epochOf, secretsBefore, secretsIn } from './commit-log.js'
import type { Finish } from './schedule.js'
import { runSchedule, schedules, stepAlone } from './schedule.js'

const SCHEDULES = Number(process.env['STAGEVAULT_SCHEDULES'] ?? 500)
const SEED = process.env['STAGEVAULT_SEED']

/** What resolved has happened and what was refused has not, in some order of all calls. */
function expectLinearizable({ start, history }: Finish): void {
  if (linearize(start, history, stepAlone) !== null) return
  throw new Error(`no order explains this history:\n${formatHistory(history)}`)
}

/** Every commit that was applied follows the one before it: there is one line of roots. */
function expectOneLine({ log, keys }: Finish): void {
  const epochs = appliedIn(log).map((commit) => epochOf(keys, commit))
  expect(epochs).toEqual(epochs.map((_, i) => i + 1))
}

/** The version ids of the secrets that a commit wrote or emptied, in order of number. */
type Ids = ReadonlyMap<string, readonly string[]>

/**
 * What was told with a commit is what it did: played on the secrets before it, one event after the
 * other, it comes to the secrets after it. A handle has one commit under way, so events belong to
 * the one that was answered last, and those of a secret are told in the order of its changes.
 */
function expectEventsInOrder({ handles, keys }: Finish): void {
  for (const { log, events } of handles) {
    const told = new Map<number, VaultEvent[]>()
    for (const { event, applied } of events) {
      told.set(applied, [...(told.get(applied) ?? []), event])
    }
    for (const [i, commit] of appliedIn(log).entries()) {
      const secrets = new Map(idsOf(secretsBefore(keys, commit)))
      for (const event of told.get(i + 1) ?? []) play(secrets, event)
      expect(secrets, 'the secrets after the events of a commit').toEqual(
        idsOf(secretsIn(keys, commit)),
      )
      told.delete(i + 1)
    }
    expect([...told], 'events of no commit').toEqual([])
  }
}

function idsOf(secrets: ReadonlyMap<string, SecretState | null>): Ids {
  const ids = new Map<string, readonly string[]>()
  for (const [secretName, state] of secrets) {
    if (state === null) continue
    const versions = [...state.versions].sort((a, b) => a.number - b.number)
    ids.set(
      secretName,
      versions.map(({ versionId }) => versionId),
    )
  }
  return ids
}

function play(secrets: Map<string, readonly string[]>, event: VaultEvent): void {
  const { type, secretName } = event
  const formerSecretName = 'formerSecretName' in event ? event.formerSecretName : secretName
  const versionId = 'versionId' in event ? event.versionId : ''
  const ids = secrets.get(formerSecretName)
  const isNew = type === 'secret.created'
  expect(ids !== undefined, `a secret for ${JSON.stringify(event)}`).toBe(!isNew)
  const own = ids ?? []
  switch (type) {
    case 'secret.deleted':
      secrets.delete(secretName)
      return
    case 'secret.renamed':
      expect(secrets.has(secretName), 'a name that is taken').toBe(false)
      secrets.delete(formerSecretName)
      secrets.set(secretName, own)
      return
    case 'secret.version.created':
      expect(own, 'a version before it is created').not.toContain(versionId)
      secrets.set(secretName, [...own, versionId])
      return
    case 'secret.version.evicted':
      expect(own, 'a version that is evicted').toContain(versionId)
      secrets.set(
        secretName,
        own.filter((id) => id !== versionId),
      )
      return
    case 'secret.version.destroyed':
      expect(own, 'a version that is destroyed').toContain(versionId)
      return
    default:
      secrets.set(secretName, own)
  }
}

test(
  `${String(SCHEDULES)} schedules of three handles`,
  async () => {
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
    const reached = [
      'done',
      'a conflict',
      'VAULT_CLOSED',
      'STORAGE_OUTCOME_UNKNOWN',
      'STORAGE_UNAVAILABLE',
      'SECRET_EXISTS',
      'SECRET_NOT_FOUND',
      'SECRET_IN_DELETE_WINDOW',
    ]
    for (const outcome of reached) expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(0)
    expect(seen.has('CONFLICT')).toBe(false)
    console.info(JSON.stringify(Object.fromEntries(seen)))
  },
  120_000 + SCHEDULES * 2_000,
)
