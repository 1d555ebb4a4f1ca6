import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { nextDeletionStep } from '@stagevault/core/records/deletion-entry'

const MINUTE = 60_000

it('a minute passes between the two looks', () => {
  expect(DELETION_LOOK_MS_MIN).toBe(MINUTE)
})

it.each([
  ['never looked at', 0, 5, 'look'],
  ["never looked at, at the clock's zero", 0, 0, 'look'],
  ['looked at now', 1_000, 1_000, 'wait'],
  ['a millisecond short of a minute', 1_000, 1_000 + MINUTE - 1, 'wait'],
  ['a minute later', 1_000, 1_000 + MINUTE, 'delete'],
  ['years later', 1_000, 2 ** 40, 'delete'],
  ['looked at in the future', 1_001, 1_000, 'look'],
] as const)('an entry %s', (_what, lookTime, now, step) => {
  expect(nextDeletionStep(lookTime, now)).toBe(step)
})

it('only two readings of the clock that are due, a minute apart, delete', () => {
  const due = 1_000_000
  const readings = fc.array(
    fc.oneof(
      fc.integer({ min: due - 3 * MINUTE, max: due + 3 * MINUTE }),
      fc.nat({ max: 2 ** 48 }),
    ),
    { maxLength: 12 },
  )
  let deletions = 0
  fc.assert(
    fc.property(readings, (times) => {
      let lookTime = 0
      for (const [i, now] of times.entries()) {
        if (now < due) continue
        const step = nextDeletionStep(lookTime, now)
        if (step === 'look') lookTime = now
        if (step !== 'delete') continue
        expect(times.slice(0, i).some((time) => time >= due && now - time >= MINUTE)).toBe(true)
        deletions += 1
        break
      }
    }),
  )
  expect(deletions).toBeGreaterThan(0)
})
