import type { VersionStatus } from '@stagevault/core/model/secret-state'
import { planStageMove } from '@stagevault/core/model/stages'
import { planVersionStatus } from '@stagevault/core/model/versions'
import { parseUpdateStage, parseVersionRequest } from '@stagevault/core/request/value-requests'
import type { UpdateSecretVersionStageRequest, VersionRequest } from '../api/requests.js'
import type { SecretNameResult, VersionStatusResult } from '../api/results.js'
import { changed, requireActiveSecret, unchanged } from '../commit/change.js'
import type { StageMovedEvent, VaultEvent } from '../api/events.js'
import type { Action } from '@stagevault/core/access/actions'
import type { Change } from '../commit/change.js'
import { authorizedChange } from '../policy/authorized-change.js'
import type { VaultHandle } from './vault-handle.js'

export async function updateSecretVersionStage(
  session: VaultHandle,
  input: UpdateSecretVersionStageRequest,
): Promise<SecretNameResult> {
  const request = parseUpdateStage(input, session.scope)
  const { secretName, stage: versionStage, moveTo, signal } = request
  const event: StageMovedEvent = { type: 'secret.stage.moved', secretName, versionStage }
  const events = [moveTo === null ? event : { ...event, versionId: moveTo }]
  const now = session.now()
  const change: Change<SecretNameResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const next = planStageMove(requireActiveSecret(view, secretName), request, now, view.limits)
      return next === null ? unchanged({ secretName }) : changed(next, { secretName }, events)
    },
  }
  const action = 'kms:UpdateSecretVersionStage'
  const operation = { versionStage, versionStages: [versionStage] }
  return session.committer.submit(
    authorizedChange(session, change, (view) => [
      { action, secretName, state: view.secret(secretName), operation },
    ]),
  )
}

export function disableVersion(
  session: VaultHandle,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'disableVersion', input, 'Disabled')
}

export function enableVersion(
  session: VaultHandle,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'enableVersion', input, 'Enabled')
}

export function destroyVersion(
  session: VaultHandle,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'destroyVersion', input, 'Destroyed')
}

/** The commit that destroys a version also deletes its record. */
async function changeStatus(
  session: VaultHandle,
  operation: string,
  input: VersionRequest,
  versionStatus: VersionStatus,
): Promise<VersionStatusResult> {
  const request = parseVersionRequest(operation, input, session.scope)
  const { secretName, versionId, signal } = request
  const result = { secretName, versionId, versionStatus }
  const now = session.now()
  const change: Change<VersionStatusResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const state = requireActiveSecret(view, secretName)
      const next = planVersionStatus(state, versionId, versionStatus, now)
      if (next === null) return unchanged(result)
      return changed(next, result, [statusEvent(versionStatus, secretName, versionId)])
    },
  }
  const action = ACTIONS[versionStatus]
  return session.committer.submit(
    authorizedChange(session, change, (view) => [
      { action, secretName, state: view.secret(secretName), operation: { versionId } },
    ]),
  )
}

const ACTIONS: Readonly<Record<VersionStatus, Action>> = {
  Enabled: 'kms:EnableSecretVersion',
  Disabled: 'kms:DisableSecretVersion',
  Destroyed: 'kms:DestroySecretVersion',
}

function statusEvent(status: VersionStatus, secretName: string, versionId: string): VaultEvent {
  switch (status) {
    case 'Enabled':
      return { type: 'secret.version.enabled', secretName, versionId }
    case 'Disabled':
      return { type: 'secret.version.disabled', secretName, versionId }
    case 'Destroyed':
      return { type: 'secret.version.destroyed', secretName, versionId }
  }
}
