/** How stage labels move (LBL rules). Pure: pointers in, pointers out. */

import { VaultError } from '../errors.js'
import type { VaultLimits } from '../limits.js'
import {
  STAGE_CURRENT,
  STAGE_PENDING,
  STAGE_PREVIOUS,
  compareText,
  isBuiltInStage,
} from '../names.js'
import type { SecretState, StagePointer, VersionState } from './secret-state.js'
import { currentVersion, requireVersion, stageHolder, withChanges } from './secret-state.js'

function point(stages: readonly StagePointer[], stage: string, number: number): StagePointer[] {
  const before = stages.filter((pointer) => compareText(pointer.stage, stage) < 0)
  const after = stages.filter((pointer) => compareText(pointer.stage, stage) > 0)
  return [...before, { stage, number }, ...after]
}

/**
 * The pointers after `stage` moved to version `number`. Whenever `ACSCurrent` moves, the version
 * that lost it gets `ACSPrevious` (LBL-6); moving back swaps the two.
 */
export function placeStage(
  stages: readonly StagePointer[],
  stage: string,
  number: number,
): StagePointer[] {
  const holder = stages.find((pointer) => pointer.stage === stage)?.number
  const placed = point(stages, stage, number)
  if (stage !== STAGE_CURRENT || holder === undefined || holder === number) return placed
  return point(placed, STAGE_PREVIOUS, holder)
}

/**
 * Checks the number of distinct labels after a move, including an automatic `ACSPrevious` (LBL-8).
 * A secret that has more labels than a lowered limit allows may keep them.
 *
 * @throws {@link VaultError} `STAGE_LABEL_LIMIT` for more than before and more than allowed
 */
export function checkStageLimit(
  { secretName, stages }: SecretState,
  next: readonly StagePointer[],
  limits: VaultLimits,
): void {
  const count = countLabels(next)
  if (count <= limits.stageLabelsMax || count <= countLabels(stages)) return
  const most = `at most ${String(limits.stageLabelsMax)} distinct stage labels are allowed`
  const would = `secret ${secretName} would have ${String(count)}`
  throw new VaultError('STAGE_LABEL_LIMIT', `${would}; ${most}`)
}

/** Does not count `ACSPending`: a user's labels must not prevent a rotation. */
function countLabels(stages: readonly StagePointer[]): number {
  return stages.filter(({ stage }) => stage !== STAGE_PENDING).length
}

/** The request of `updateSecretVersionStage`; at least one of the two versions is named. */
export interface StageMove {
  readonly stage: string
  readonly removeFrom: string | null
  readonly moveTo: string | null
}

/**
 * The state after a label was added, moved or removed (LBL-7), or `null` if it is already there.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`, `VERSION_NOT_FOUND`, `VERSION_DISABLED`,
 *   `STAGE_LABEL_LIMIT`, `UNSUPPORTED_OPERATION`
 */
export function planStageMove(
  state: SecretState,
  move: StageMove,
  now: number,
  limits: VaultLimits,
): SecretState | null {
  if (state.secretType !== 'Generic') {
    const message = `only rotation moves the stage labels of a ${state.secretType} secret`
    throw new VaultError('UNSUPPORTED_OPERATION', message)
  }
  if (move.stage === STAGE_PENDING) throw invalid(`only rotation sets ${STAGE_PENDING}`)
  if (move.moveTo === null && move.removeFrom === null) {
    throw invalid('removeFromVersion or moveToVersion must be given')
  }
  if (move.moveTo === null && isBuiltInStage(move.stage)) {
    throw invalid(`${move.stage} can be moved, not removed: moveToVersion must be given`)
  }
  checkHolder(state, move)
  if (move.moveTo === null) return withStages(state, remove(state, move.stage), now)

  const target = requireVersion(state, move.moveTo)
  if (stageHolder(state, move.stage) === target.number) return null
  checkTarget(state, move.stage, target)
  const stages = placeStage(state.stages, move.stage, target.number)
  checkStageLimit(state, stages, limits)
  return withStages(state, stages, now)
}

function checkHolder(state: SecretState, move: StageMove): void {
  if (move.removeFrom === null) return
  const version = requireVersion(state, move.removeFrom)
  const holder = stageHolder(state, move.stage)
  if (holder === version.number) return
  const actual = state.versions.find((candidate) => candidate.number === holder)
  const where = actual === undefined ? 'no version' : `version ${actual.versionId}`
  throw invalid(`${move.stage} is not on version ${version.versionId}: ${where} carries it`)
}

function checkTarget(state: SecretState, stage: string, target: VersionState): void {
  if (stage === STAGE_CURRENT && target.status !== 'Enabled') {
    const status = target.status.toLowerCase()
    const message = `version ${target.versionId} is ${status} and cannot become ${STAGE_CURRENT}`
    throw new VaultError('VERSION_DISABLED', message)
  }
  if (stage === STAGE_PREVIOUS && target.number === currentVersion(state).number) {
    throw invalid(`${STAGE_PREVIOUS} cannot be moved onto the current version`)
  }
}

function remove(state: SecretState, stage: string): StagePointer[] {
  return state.stages.filter((pointer) => pointer.stage !== stage)
}

function withStages(state: SecretState, stages: StagePointer[], now: number): SecretState {
  return withChanges(state, { stages, updateTime: now })
}

function invalid(message: string): VaultError {
  return new VaultError('INVALID_PARAMETER', message)
}
