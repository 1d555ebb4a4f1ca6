/** Selects the version to read. */

import { VaultError } from '../errors.js'
import { STAGE_CURRENT, STAGE_PREVIOUS } from '../names.js'
import type { SecretState, VersionState } from './secret-state.js'
import { requireVersion, stageHolder, stagesOf } from './secret-state.js'

/** Selects by id, by stage, by both, or with neither the current version. */
export interface VersionSelector {
  readonly versionId: string | null
  readonly versionStage: string | null
}

/**
 * The readable version that `selector` selects.
 *
 * @throws {@link VaultError} `VERSION_NOT_FOUND`, `STAGE_NOT_FOUND`, `VERSION_DISABLED`;
 *   `INVALID_PARAMETER` if id and stage select different versions; `UNSUPPORTED_OPERATION` for a
 *   version of a managed secret that is neither current nor previous
 */
export function selectVersion(state: SecretState, selector: VersionSelector): VersionState {
  const { versionId, versionStage } = selector
  const version =
    versionId === null
      ? versionAtStage(state, versionStage ?? STAGE_CURRENT)
      : requireVersion(state, versionId)
  if (versionId !== null && versionStage !== null) {
    if (stageHolder(state, versionStage) !== version.number) {
      const message = `version ${versionId} of secret ${state.secretName} does not carry the label`
      throw new VaultError('INVALID_PARAMETER', `${message} ${versionStage}`)
    }
  }
  checkReadable(state, version)
  return version
}

function versionAtStage(state: SecretState, stage: string): VersionState {
  const number = stageHolder(state, stage)
  const version = state.versions.find((candidate) => candidate.number === number)
  if (version === undefined) {
    const message = `no version of secret ${state.secretName} carries the label ${stage}`
    throw new VaultError('STAGE_NOT_FOUND', message)
  }
  return version
}

function checkReadable(state: SecretState, version: VersionState): void {
  const named = `version ${version.versionId} of secret ${state.secretName}`
  if (version.status !== 'Enabled') {
    const status = version.status === 'Disabled' ? 'is disabled' : 'was destroyed'
    throw new VaultError('VERSION_DISABLED', `${named} ${status}`)
  }
  if (state.secretType === 'Generic') return
  const stages = stagesOf(state, version.number)
  if (!stages.includes(STAGE_CURRENT) && !stages.includes(STAGE_PREVIOUS)) {
    const message = `${named}: of a ${state.secretType} secret only ${STAGE_CURRENT} and`
    throw new VaultError('UNSUPPORTED_OPERATION', `${message} ${STAGE_PREVIOUS} can be read`)
  }
}
