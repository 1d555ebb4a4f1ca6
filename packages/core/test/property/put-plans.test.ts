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
import type { PutPlan, PutRequest } from '@stagevault/core/model/versions'
import { nextVersionId, planPut, withRecordHash } from '@stagevault/core/model/versions'
import type { VaultLimits } from '@stagevault/core/limits'
import { TOMBSTONES_MAX } from '@stagevault/core/limits'
import {
  LABELS,
  ROOMY,
  RUNS,
  check,
  digests,
  limits,
  plain,
  secretStates,
  times,
  versionIds,
} from './arbitrary-state.js'
import { runPure } from './purity.js'

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
const AUTOMATIC: Omit<PutRequest, 'versionId'> = {
  stages: ['ACSCurrent'],
  valueDigest: new Uint8Array(16).fill(9),
  expectedCurrentVersionId: null,
  now: 5,
}
type Stored = Extract<PutPlan, { kind: 'store' }>

/** Those that LBL-8 counts. */
function countLabels({ stages }: SecretState): number {
  return stages.filter(({ stage }) => stage !== 'ACSPending').length
}

/** The plan, where it stores a version; nothing is claimed of others. */
function storedPut(state: SecretState, put: PutRequest, bounds: VaultLimits): Stored | null {
  const plan = runPure([state, put, bounds], () => planPut(state, put, bounds))
  return 'kind' in plan && plan.kind === 'store' ? plan : null
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
      const [before, after] = [countLabels(state), countLabels(plan.next)]
      expect(after).toBeLessThanOrEqual(Math.max(bounds.stageLabelsMax, before))
      expect(plan.next.tombstones.length).toBeLessThanOrEqual(TOMBSTONES_MAX)
      expect(plan.next.sections).toEqual(state.sections)
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
      expect(plan.next.versions.map(({ number }) => number)).toEqual(
        left.filter((number) => !gone.includes(number)),
      )
      const youngest = [...plan.next.tombstones].slice(-gone.length || Infinity)
      expect(youngest.map((each) => each.versionId)).toEqual(
        plan.evicted.map(({ versionId }) => versionId),
      )
      evictions += gone.length
    })
    expect(evictions).toBeGreaterThan(RUNS / 20)
  })

  test('EVT-1: VERSION_LIMIT where too few versions are without a label, and only there', () => {
    let refused = 0
    check([secretStates(), putStages, limits], (state, stages, bounds) => {
      const put = { ...AUTOMATIC, versionId: nextVersionId(state), stages }
      const plan = runPure([state, put], () => planPut(state, put, bounds))
      if ('code' in plan && plan.code === 'STAGE_LABEL_LIMIT') return
      const roomy = planPut(state, put, ROOMY)
      if (roomy.kind !== 'store') throw new Error('an automatic id was used before')
      const { versions, stages: pointers } = roomy.next
      const labelled = new Set([...pointers.map((pointer) => pointer.number), roomy.number])
      const isFull = labelled.size > bounds.versionsMax
      expect('code' in plan ? plan.code : plan.kind).toBe(isFull ? 'VERSION_LIMIT' : 'store')
      expect(versions).toHaveLength(state.versions.length + 1)
      if (isFull) refused += 1
    })
    expect(refused).toBeGreaterThan(RUNS / 100)
  })

  test('LBL-8: STAGE_LABEL_LIMIT for more labels than before and than allowed, and only there', () => {
    let refused = 0
    check([secretStates(), putStages, limits], (state, stages, bounds) => {
      const put = { ...AUTOMATIC, versionId: nextVersionId(state), stages }
      const roomy = planPut(state, put, ROOMY)
      if (roomy.kind !== 'store') throw new Error('an automatic id was used before')
      const [before, after] = [countLabels(state), countLabels(roomy.next)]
      const isRefused = after > before && after > bounds.stageLabelsMax
      const plan = runPure([state, put], () => planPut(state, put, { ...bounds, versionsMax: 100 }))
      expect('code' in plan ? plan.code : plan.kind).toBe(isRefused ? 'STAGE_LABEL_LIMIT' : 'store')
      if (isRefused) refused += 1
    })
    expect(refused).toBeGreaterThan(RUNS / 20)
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

  test('VER-2: the id after so many others is the one that is given out then', () => {
    check([secretStates(), fc.nat({ max: 4 })], (state, ahead) => {
      let next = state
      for (let i = 0; i < ahead; i++) {
        const plan = planPut(next, { ...AUTOMATIC, versionId: nextVersionId(next) }, ROOMY)
        if (plan.kind !== 'store') throw new Error('an automatic id was used before')
        next = plan.next
      }
      expect(nextVersionId(state, ahead)).toBe(nextVersionId(next))
    })
  })

  test('VER-3, VER-4, VER-5: a used id stands for its value, or for none, in any request', () => {
    check([secretStates(), puts, limits], (state, put, bounds) => {
      const known = [...state.versions, ...state.tombstones]
      const used = known.find(({ versionId }) => versionId === put.versionId)
      if (used === undefined) return
      const plan = runPure([state, put], () => planPut(state, put, bounds))
      if (used.valueDigest[0] === 0) {
        expect(plan).toEqual({ code: 'VERSION_DISABLED' })
        return
      }
      const isSame = used.valueDigest[0] === put.valueDigest[0]
      const version = findVersion(state, put.versionId)
      const isEvicted = version === null
      const stages = isEvicted ? [] : stagesOf(state, version.number)
      const existing = { kind: 'existing', stages, isEvicted }
      expect(plan).toEqual(isSame ? existing : { code: 'VERSION_EXISTS' })
    })
  })

  test('VER-2: an automatic id is not given out again after its tombstone is forgotten', () => {
    check([secretStates()], (state) => {
      const seen = new Set([...state.versions, ...state.tombstones].map((each) => each.versionId))
      let next = state
      for (let i = 0; i < TOMBSTONES_MAX + 5; i++) {
        const versionId = nextVersionId(next)
        if (seen.has(versionId)) throw new Error(`${versionId} is given out twice`)
        seen.add(versionId)
        const plan = planPut(next, { ...AUTOMATIC, versionId }, { ...ROOMY, versionsMax: 10 })
        if (plan.kind !== 'store') throw new Error(`${versionId} was there before`)
        next = plan.next
      }
    })
  })
})
