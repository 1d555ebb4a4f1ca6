/**
 * What must hold from one state of a store to the next, after any requests in between. It does
 * not see the requests: only heads, as they follow one another.
 */

import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { checkInvariants, stagesOf } from '@stagevault/core/model/secret-state'
import type { StoredHeads } from './stored-heads.js'
import { expectedDeletionKeys, expectedVersionKeys, identityOf } from './stored-heads.js'

/** Evictions after which the id of a caller's may stand for another value (VER-4). */
const REMEMBERED_EVICTIONS = 32

interface Entry {
  state: SecretState
  /** The version id of every number that was ever seen, and the other way round. */
  readonly idOf: Map<number, string>
  readonly numberOf: Map<string, number>
}

export interface Ledger {
  /** @throws AssertionError naming the rule that the newest heads break. */
  check(heads: StoredHeads, stageLabelsMax: number): void
}

export function createLedger(): Ledger {
  const entries = new Map<string, Entry>()

  function entryOf(state: SecretState): Entry {
    const id = identityOf(state)
    const entry = entries.get(id) ?? { state, idOf: new Map(), numberOf: new Map() }
    entries.set(id, entry)
    return entry
  }

  return {
    check: ({ states, versionKeys, looks }, stageLabelsMax) => {
      for (const state of states) {
        const entry = entryOf(state)
        checkAlone(state, Math.max(stageLabelsMax, entry.state.stages.length))
        if (!isDeepStrictEqual(entry.state, state)) checkSuccessor(entry.state, state)
        checkIds(entry, state)
        entry.state = state
      }
      assert.deepEqual([...versionKeys].sort(), expectedVersionKeys(states), 'version records')
      assert.deepEqual(Object.keys(looks).sort(), expectedDeletionKeys(states), 'deletion entries')
    },
  }
}

function checkAlone(state: SecretState, stageLabelsMax: number): void {
  checkInvariants(state)
  const labels = state.versions.flatMap(({ number }) => stagesOf(state, number))
  const current = labels.filter((label) => label === 'ACSCurrent')
  assert.equal(current.length, 1, 'LBL-3: exactly one ACSCurrent')
  assert.equal(new Set(labels).size, labels.length, 'LBL-1: a label is on one version')
  assert.equal(labels.length, state.stages.length, 'LBL-1: a label points at a version')
  assert.ok(labels.length <= Math.min(stageLabelsMax, 8), 'LBL-8: at most 8 labels')
}

function checkSuccessor(before: SecretState, after: SecretState): void {
  assert.ok(after.generation > before.generation, 'the generation of a head ascends')
  assert.ok(after.nextNumber >= before.nextNumber, 'version numbers do not go back')
  assert.ok(after.nextAutoId >= before.nextAutoId, 'VER-2: the counter does not go back')
  const kept = new Set(after.versions.map(({ number }) => number))
  const carried = new Set(after.stages.map(({ stage }) => stage))
  if (after.nextNumber > before.nextNumber) {
    assert.ok(kept.has(after.nextNumber - 1), 'EVT-1: the version just stored stays')
  }
  for (const { number, versionId } of before.versions) {
    if (kept.has(number)) continue
    // Its labels moved to others before it went.
    const lost = stagesOf(before, number).filter((label) => !carried.has(label))
    assert.deepEqual(lost, [], `EVT-1: ${versionId} was evicted with a label`)
  }
}

function checkIds({ idOf, numberOf }: Entry, state: SecretState): void {
  for (const { number, versionId } of state.versions) {
    const formerId = idOf.get(number)
    assert.equal(formerId ?? versionId, versionId, `version number ${number} was used again`)
    const former = numberOf.get(versionId) ?? number
    const isForgotten = former < number - REMEMBERED_EVICTIONS && !/^v[0-9]+$/.test(versionId)
    assert.ok(former === number || isForgotten, `VER-1: id ${versionId} was used again`)
    idOf.set(number, versionId)
    numberOf.set(versionId, number)
  }
}
