import { requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { VersionStatus } from '@stagevault/core/model/secret-state'
import { requireVersion } from '@stagevault/core/model/secret-state'
import { planStageMove } from '@stagevault/core/model/stages'
import { planVersionStatus } from '@stagevault/core/model/versions'
import { versionKey } from '@stagevault/core/records/layout'
import { parseUpdateStage, parseVersionRequest } from '@stagevault/core/request/value-requests'
import type { UpdateSecretVersionStageRequest, VersionRequest } from '../api/requests.js'
import type { SecretNameResult, VersionStatusResult } from '../api/results.js'
import { changeSecret } from '../heads/change-secret.js'
import type { VaultEvent } from '../events/vault-event.js'
import type { Session } from '../session/session.js'

export async function updateSecretVersionStage(
  session: Session,
  input: UpdateSecretVersionStageRequest,
): Promise<SecretNameResult> {
  const request = parseUpdateStage(input, session.scope)
  return changeSecret(session, request.secretName, ({ state }) => {
    requireNotScheduled(state)
    const { secretName } = state
    const next = planStageMove(state, request, session.now(), session.scope.limits)
    const { stage: versionStage, moveTo } = request
    const event: VaultEvent = { type: 'secret.stage.moved', secretName, versionStage }
    const events = [moveTo === null ? event : { ...event, versionId: moveTo }]
    return { next, result: { secretName }, events }
  })
}

export function disableVersion(
  session: Session,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'disableVersion', input, 'Disabled')
}

export function enableVersion(
  session: Session,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'enableVersion', input, 'Enabled')
}

export function destroyVersion(
  session: Session,
  input: VersionRequest,
): Promise<VersionStatusResult> {
  return changeStatus(session, 'destroyVersion', input, 'Destroyed')
}

const EVENT_TYPES: Readonly<Record<VersionStatus, VaultEvent['type']>> = {
  Enabled: 'secret.version.enabled',
  Disabled: 'secret.version.disabled',
  Destroyed: 'secret.version.destroyed',
}

async function changeStatus(
  session: Session,
  operation: string,
  input: VersionRequest,
  versionStatus: VersionStatus,
): Promise<VersionStatusResult> {
  const { secretName, versionId } = parseVersionRequest(operation, input, session.scope)
  return changeSecret(session, secretName, ({ state }) => {
    requireNotScheduled(state)
    const next = planVersionStatus(state, versionId, versionStatus, session.now())
    const key = versionKey(state.secretId, requireVersion(state, versionId).number)
    return {
      next,
      result: { secretName, versionId, versionStatus },
      events: [{ type: EVENT_TYPES[versionStatus], secretName, versionId }],
      mutations: versionStatus === 'Destroyed' ? [{ key, value: null }] : [],
    }
  })
}
