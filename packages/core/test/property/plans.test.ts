import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SecretState } from '@stagevault/core/model/secret-state'
import {
  checkInvariants,
  currentVersion,
  findVersion,
  stageHolder,
  stagesOf,
} from '@stagevault/core/model/secret-state'
import {
  planMetadata,
  planRename,
  planRestore,
  planSchedule,
  planTag,
  planUntag,
} from '@stagevault/core/model/secret-lifecycle'
import { selectVersion } from '@stagevault/core/model/select-version'
import type { StageMove } from '@stagevault/core/model/stages'
import { planStageMove } from '@stagevault/core/model/stages'
import { planVersionStatus } from '@stagevault/core/model/versions'
import {
  LABELS,
  ROOMY,
  RUNS,
  check,
  idIn,
  limits,
  plain,
  references,
  secretStates,
  tags,
  times,
} from './arbitrary-state.js'
import { runPure } from './purity.js'

const statesAndMoves: fc.Arbitrary<[SecretState, StageMove]> = fc
  .tuple(
    secretStates({ anyType: true }),
    fc.constantFrom(...LABELS),
    fc.constantFrom('holder' as const, 'any' as const, null, null, null),
    references,
    fc.option(references, { freq: 5 }),
  )
  .map(([state, stage, from, other, to]) => {
    const holder = state.versions.find(({ number }) => number === stageHolder(state, stage))
    const named = from === 'holder' && holder !== undefined ? holder.versionId : idIn(state, other)
    const removeFrom = from === null ? null : named
    return [state, { stage, removeFrom, moveTo: to === null ? null : idIn(state, to) }]
  })

function nextState(plan: SecretState | null | { code: unknown }): SecretState | null {
  return plan === null || 'code' in plan ? null : plan
}

describe('planStageMove', () => {
  test('leaves its input alone, decides the same again, and keeps the invariants', () => {
    let moved = 0
    check([statesAndMoves, times, limits], ([state, move], now, bounds) => {
      const plan = runPure([state, move, bounds], () => planStageMove(state, move, now, bounds))
      const next = nextState(plan)
      if (next === null) return
      moved += 1
      checkInvariants(next)
      expect(next).toEqual({ ...state, stages: next.stages, updateTime: now })
      const target = move.moveTo === null ? null : findVersion(state, move.moveTo)
      expect(stageHolder(next, move.stage)).toBe(target?.number ?? null)
    })
    expect(moved).toBeGreaterThan(RUNS / 20)
  })

  test('LBL-6: no label but the one that is moved changes its place, ACSPrevious apart', () => {
    check([statesAndMoves], ([state, move]) => {
      const next = nextState(runPure([state], () => planStageMove(state, move, 0, ROOMY)))
      if (next === null) return
      const isCurrent = move.stage === 'ACSCurrent'
      for (const { stage, number } of state.stages) {
        if (stage === move.stage || (isCurrent && stage === 'ACSPrevious')) continue
        expect(stageHolder(next, stage), stage).toBe(number)
      }
      if (isCurrent) expect(stageHolder(next, 'ACSPrevious')).toBe(currentVersion(state).number)
    })
  })

  test('LBL-8: a lowered bound refuses no rollback and no move of a label that is there', () => {
    const least = { ...ROOMY, stageLabelsMax: 2 }
    check([statesAndMoves], ([state, move]) => {
      const hasBoth = stageHolder(state, 'ACSPrevious') !== null
      if (stageHolder(state, move.stage) === null || (move.stage === 'ACSCurrent' && !hasBoth))
        return
      const [plan, roomy] = [least, ROOMY].map((bounds) =>
        runPure([state, move], () => planStageMove(state, move, 0, bounds)),
      )
      expect(plan).toEqual(roomy)
    })
  })

  test('LBL-6: a rollback swaps ACSCurrent and ACSPrevious, and a second one swaps them back', () => {
    let swaps = 0
    check([secretStates()], (state) => {
      const previous = state.versions.find(
        ({ number }) => number === stageHolder(state, 'ACSPrevious'),
      )
      if (previous?.status !== 'Enabled') return
      swaps += 1
      const back = { stage: 'ACSCurrent', removeFrom: null, moveTo: previous.versionId }
      const swapped = planStageMove(state, back, 0, ROOMY)
      if (swapped === null) throw new Error('the previous version is not current')
      const current = currentVersion(state)
      expect(currentVersion(swapped).number).toBe(previous.number)
      expect(stageHolder(swapped, 'ACSPrevious')).toBe(current.number)
      const forth = { stage: 'ACSCurrent', removeFrom: null, moveTo: current.versionId }
      expect(planStageMove(swapped, forth, 0, ROOMY)?.stages).toEqual(state.stages)
    })
    expect(swaps).toBeGreaterThan(RUNS / 20)
  })
})

describe('planVersionStatus', () => {
  const statuses = fc.constantFrom('Enabled' as const, 'Disabled' as const, 'Destroyed' as const)

  test('leaves its input alone, decides the same again, and keeps the invariants', () => {
    check([secretStates(), references, statuses, times], (state, reference, status, now) => {
      const versionId = idIn(state, reference)
      const plan = runPure([state], () => planVersionStatus(state, versionId, status, now))
      const next = nextState(plan)
      if (next === null) return
      checkInvariants(next)
      expect(findVersion(next, versionId)?.status).toBe(status)
      const kept = findVersion(state, versionId)?.valueDigest
      expect(findVersion(next, versionId)?.valueDigest).toEqual(
        status === 'Destroyed' ? new Uint8Array(16) : kept,
      )
      expect(currentVersion(next).versionId).not.toBe(versionId)
      const others = (of: SecretState): unknown =>
        of.versions.filter((version) => version.versionId !== versionId)
      expect(others(next)).toEqual(others(state))
      expect({ ...next, versions: [], updateTime: 0 }).toEqual({
        ...state,
        versions: [],
        updateTime: 0,
      })
    })
  })
})

describe('planSchedule and planRestore', () => {
  test('are pure, and the one undoes the other', () => {
    const windows = fc.integer({ min: 7, max: 30 })
    check([secretStates({ anyType: true }), windows, times], (state, days, now) => {
      const next = nextState(runPure([state], () => planSchedule(state, days, now)))
      if (next === null) throw new Error('scheduling was refused')
      checkInvariants(next)
      expect(next.plannedDeleteTime).toBe(now + days * 86_400_000)
      const restored = runPure([next], () => planRestore(next, state.updateTime))
      expect(restored).toEqual({ ...state, plannedDeleteTime: null })
      const again = { ...state, plannedDeleteTime: null }
      expect(runPure([again], () => planRestore(again, now))).toEqual({
        code: 'SECRET_NOT_SCHEDULED',
      })
    })
  })
})

describe('planTag, planUntag, planMetadata and planRename', () => {
  test('are pure, and the last value of a tag holds', () => {
    const manyTags = fc
      .uniqueArray(fc.integer({ min: 10, max: 40 }), { maxLength: 20 })
      .map((keys) => keys.map((key) => ({ tagKey: `t${key}`, tagValue: '' })))
    check([secretStates(), fc.oneof(tags, manyTags), times], (state, given, now) => {
      const plan = runPure([state, given], () => planTag(state, given, now))
      if (plan !== null && 'code' in plan) {
        expect(state.tags.length + given.length).toBeGreaterThan(20)
        return
      }
      const next = plan ?? state
      checkInvariants(next)
      expect(next.tags).toEqual(expect.arrayContaining(given))
      const keys = given.map(({ tagKey }) => tagKey)
      const without = runPure([next, keys], () => planUntag(next, keys, now))
      const left = state.tags.filter(({ tagKey }) => !keys.includes(tagKey))
      expect(nextState(without)?.tags ?? next.tags).toEqual(left)
    })
  })

  test('are pure, and change what they are asked to and the time alone', () => {
    check([secretStates(), fc.string(), times], (state, text, now) => {
      const change = { description: text, extendedConfig: null }
      const described = runPure([state, change], () => planMetadata(state, change, now))
      const updated = { ...state, description: text, updateTime: now }
      expect(described).toEqual(text === state.description ? null : updated)
      const renamed = runPure([state], () => planRename(state, 'other', now))
      expect(renamed).toEqual({ ...state, secretName: 'other', updateTime: now })
    })
  })
})

describe('selectVersion', () => {
  test('is pure, and gives an enabled version that fits id and label', () => {
    const selectors = plain({
      reference: fc.option(references, { freq: 2 }),
      versionStage: fc.option(fc.constantFrom(...LABELS), { freq: 2 }),
    })
    let selected = 0
    check([secretStates({ anyType: true }), selectors], (state, { reference, versionStage }) => {
      const versionId = reference === null ? null : idIn(state, reference)
      const selector = { versionId, versionStage }
      const found = runPure([state, selector], () => selectVersion(state, selector))
      if ('code' in found) return
      selected += 1
      const labels = stagesOf(state, found.number)
      expect(found.status).toBe('Enabled')
      if (selector.versionId !== null) expect(found.versionId).toBe(selector.versionId)
      if (selector.versionStage !== null) expect(labels).toContain(selector.versionStage)
      if (selector.versionId === null && selector.versionStage === null) {
        expect(labels).toContain('ACSCurrent')
      }
      if (state.secretType !== 'Generic') expect(labels.join()).toMatch(/ACSCurrent|ACSPrevious/)
    })
    expect(selected).toBeGreaterThan(RUNS / 20)
  })
})
