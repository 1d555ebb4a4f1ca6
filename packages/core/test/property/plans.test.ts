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
  isDeletionDue,
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
import type { PutPlan, PutRequest } from '@stagevault/core/model/versions'
import {
  nextVersionId,
  planPut,
  planVersionStatus,
  withRecordHash,
} from '@stagevault/core/model/versions'
import type { VaultLimits } from '@stagevault/core/limits'
import { TOMBSTONES_MAX } from '@stagevault/core/limits'
import {
  LABELS,
  VERSION_IDS,
  digests,
  limits,
  plain,
  secretStates,
  tags,
  times,
} from './arbitrary-state.js'
import { runPure } from './purity.js'

const RUNS = 1000 * Number(process.env['STAGEVAULT_RUNS'] ?? 1)

function check<Ts extends [unknown, ...unknown[]]>(
  arbitraries: { [I in keyof Ts]: fc.Arbitrary<Ts[I]> },
  property: (...values: Ts) => void,
): void {
  fc.assert(fc.property(...arbitraries, property), { numRuns: RUNS })
}

const versionIds = fc.constantFrom(...VERSION_IDS, 'new', 'v8')
const putStages = fc.uniqueArray(
  fc.constantFrom(...LABELS.filter((label) => !['ACSPrevious', 'ACSPending'].includes(label))),
  { minLength: 1 },
)
const puts: fc.Arbitrary<PutRequest> = plain({
  versionId: versionIds,
  stages: fc.oneof(fc.constant(['ACSCurrent']), putStages),
  valueDigest: digests,
  expectedCurrentVersionId: fc.oneof(fc.constant(null), fc.constant(null), versionIds),
  now: times,
})
const moves: fc.Arbitrary<StageMove> = plain({
  stage: fc.constantFrom(...LABELS),
  removeFrom: fc.option(versionIds, { freq: 2 }),
  moveTo: fc.option(versionIds, { freq: 4 }),
})

type Stored = Extract<PutPlan, { kind: 'store' }>

/** The plan, where it stores a version; nothing is claimed of others. */
function storedPut(state: SecretState, put: PutRequest, bounds: VaultLimits): Stored | null {
  const plan = runPure([state, put, bounds], () => planPut(state, put, bounds))
  return 'kind' in plan && plan.kind === 'store' ? plan : null
}

function nextState(plan: SecretState | null | { code: unknown }): SecretState | null {
  return plan === null || 'code' in plan ? null : plan
}

describe('planPut', () => {
  test('leaves its input alone, decides the same again, and keeps the invariants', () => {
    let stored = 0
    check([secretStates({ anyType: true }), puts, limits], (state, put, bounds) => {
      const plan = storedPut(state, put, bounds)
      if (plan === null) return
      stored += 1
      checkInvariants(plan.next)
      checkInvariants(withRecordHash(plan.next, plan.number, new Uint8Array(32)))
      expect(plan.next.versions.length).toBeLessThanOrEqual(bounds.versionsMax)
      expect(plan.next.stages.length).toBeLessThanOrEqual(bounds.stageLabelsMax)
      expect(plan.next.tombstones.length).toBeLessThanOrEqual(TOMBSTONES_MAX)
    })
    expect(stored).toBeGreaterThan(RUNS / 10)
  })

  test('LBL-4, LBL-5, LBL-6: the new version has the labels asked for, the others stay', () => {
    check([secretStates(), puts, limits], (state, put, bounds) => {
      const plan = storedPut(state, put, bounds)
      if (plan === null) return
      expect(stagesOf(plan.next, plan.number)).toEqual([...put.stages].sort())
      const former = currentVersion(state).number
      const hasCurrent = put.stages.includes('ACSCurrent')
      if (hasCurrent) expect(stageHolder(plan.next, 'ACSPrevious')).toBe(former)
      for (const { stage, number } of state.stages) {
        if (put.stages.includes(stage) || (hasCurrent && stage === 'ACSPrevious')) continue
        expect(stageHolder(plan.next, stage), stage).toBe(number)
      }
    })
  })

  test('EVT-1: evicts the oldest without a label, in order, no more than it takes', () => {
    let evictions = 0
    check([secretStates(), puts, limits], (state, put, bounds) => {
      const plan = storedPut(state, put, bounds)
      if (plan === null) return
      const labelled = new Set(plan.next.stages.map(({ number }) => number))
      const idle = state.versions.filter(({ number }) => !labelled.has(number))
      const excess = Math.max(0, state.versions.length + 1 - bounds.versionsMax)
      expect(plan.evicted).toEqual(idle.slice(0, excess))
      const gone = plan.evicted.map(({ number }) => number)
      const left = [...state.versions.map(({ number }) => number), plan.number]
      expect(plan.next.versions.map(({ number }) => number))
        .toEqual(left.filter((number) => !gone.includes(number)))
      expect(plan.next.tombstones.slice(-gone.length || Infinity).map((each) => each.versionId))
        .toEqual(plan.evicted.map(({ versionId }) => versionId))
      evictions += gone.length
    })
    expect(evictions).toBeGreaterThan(RUNS / 20)
  })

  test('EVT-1: VERSION_LIMIT only where every version carries a label', () => {
    check([secretStates(), putStages, limits], (state, stages, bounds) => {
      const put = { ...AUTOMATIC, versionId: nextVersionId(state), stages }
      const plan = runPure([state, put], () => planPut(state, put, bounds))
      if (!('code' in plan) || plan.code !== 'VERSION_LIMIT') return
      const roomy = planPut(state, put, { ...bounds, versionsMax: 100 })
      const labelled = new Set(roomy.kind === 'store' ? roomy.next.stages.map((p) => p.number) : [])
      expect(labelled.size).toBeGreaterThan(bounds.versionsMax - 1)
    })
  })

  test('VER-2: automatic ids are new, and neither they nor version numbers go back', () => {
    check([secretStates(), limits], (state, bounds) => {
      const used = [...state.versions, ...state.tombstones].map(({ versionId }) => versionId)
      const versionId = nextVersionId(state)
      expect(used).not.toContain(versionId)
      const plan = storedPut(state, { ...AUTOMATIC, versionId }, bounds)
      if (plan === null) return
      expect(plan.number).toBe(state.nextNumber)
      expect(plan.next.nextNumber).toBe(state.nextNumber + 1)
      expect(plan.next.nextAutoId).toBeGreaterThan(state.nextAutoId)
      expect([...used, versionId]).not.toContain(nextVersionId(plan.next))
    })
  })

  test('VER-3, VER-4: a used id stands for its value, whatever else is asked', () => {
    check([secretStates(), puts, limits], (state, put, bounds) => {
      const known = [...state.versions, ...state.tombstones]
      const used = known.find(({ versionId }) => versionId === put.versionId)
      if (used === undefined) return
      const plan = runPure([state, put], () => planPut(state, put, bounds))
      const isSame = used.valueDigest[0] === put.valueDigest[0]
      const version = findVersion(state, put.versionId)
      const stages = version === null ? [] : stagesOf(state, version.number)
      expect(plan).toEqual(isSame ? { kind: 'existing', stages } : { code: 'VERSION_EXISTS' })
    })
  })

  test('VER-2: an automatic id is not given out again after its tombstone is forgotten', () => {
    check([secretStates(), fc.integer({ min: 40, max: 60 })], (state, count) => {
      const seen = new Set([...state.versions, ...state.tombstones].map((each) => each.versionId))
      let next = state
      for (let i = 0; i < count; i++) {
        const versionId = nextVersionId(next)
        expect(seen).not.toContain(versionId)
        seen.add(versionId)
        const plan = planPut(next, { ...AUTOMATIC, versionId }, { ...ROOMY, versionsMax: 10 })
        if (plan.kind !== 'store') throw new Error(`${versionId} was there before`)
        next = plan.next
      }
    })
  })
})

const AUTOMATIC: Omit<PutRequest, 'versionId'> = {
  stages: ['ACSCurrent'],
  valueDigest: new Uint8Array(16).fill(9),
  expectedCurrentVersionId: null,
  now: 5,
}
const ROOMY: VaultLimits = {
  secretValueBytesMax: 1,
  versionsMax: 100,
  stageLabelsMax: 64,
  secretsMax: 1,
}

describe('planStageMove', () => {
  test('leaves its input alone, decides the same again, and keeps the invariants', () => {
    let moved = 0
    check([secretStates({ anyType: true }), moves, times, limits], (state, move, now, bounds) => {
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
    check([secretStates(), moves], (state, move) => {
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

  test('LBL-6: a rollback swaps ACSCurrent and ACSPrevious, and a second one swaps them back', () => {
    let swaps = 0
    check([secretStates()], (state) => {
      const previous = state.versions.find(({ number }) =>
        number === stageHolder(state, 'ACSPrevious'))
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
    check([secretStates(), versionIds, statuses, times], (state, versionId, status, now) => {
      const plan = runPure([state], () => planVersionStatus(state, versionId, status, now))
      const next = nextState(plan)
      if (next === null) return
      checkInvariants(next)
      expect(findVersion(next, versionId)?.status).toBe(status)
      expect(currentVersion(next).versionId).not.toBe(versionId)
      const others = (of: SecretState): unknown =>
        of.versions.filter((version) => version.versionId !== versionId)
      expect(others(next)).toEqual(others(state))
      expect({ ...next, versions: [], updateTime: 0 })
        .toEqual({ ...state, versions: [], updateTime: 0 })
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
      const due = now + days * 86_400_000
      expect(isDeletionDue(next, due - 1)).toBe(false)
      expect(isDeletionDue(next, due)).toBe(true)
      const restored = runPure([next], () => planRestore(next, state.updateTime))
      expect(restored).toEqual({ ...state, plannedDeleteTime: null })
      const again = { ...state, plannedDeleteTime: null }
      expect(runPure([again], () => planRestore(again, now)))
        .toEqual({ code: 'SECRET_NOT_SCHEDULED' })
    })
  })
})

describe('planTag, planUntag, planMetadata and planRename', () => {
  test('are pure, and the last value of a tag holds', () => {
    const manyTags = fc.uniqueArray(fc.integer({ min: 10, max: 40 }), { maxLength: 20 })
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
      versionId: fc.option(versionIds, { freq: 2 }),
      versionStage: fc.option(fc.constantFrom(...LABELS), { freq: 2 }),
    })
    check([secretStates({ anyType: true }), selectors], (state, selector) => {
      const found = runPure([state, selector], () => selectVersion(state, selector))
      if ('code' in found) return
      const labels = stagesOf(state, found.number)
      expect(found.status).toBe('Enabled')
      if (selector.versionId !== null) expect(found.versionId).toBe(selector.versionId)
      if (selector.versionStage !== null) expect(labels).toContain(selector.versionStage)
      if (selector.versionId === null && selector.versionStage === null) {
        expect(labels).toContain('ACSCurrent')
      }
      if (state.secretType !== 'Generic') expect(labels.join()).toMatch(/ACSCurrent|ACSPrevious/)
    })
  })
})
