import {
  planMetadata,
  planTag,
  planUntag,
  requireNotScheduled,
} from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import {
  parseTagResource,
  parseUntagResource,
  parseUpdateSecret,
  replaceCustomData,
} from '@stagevault/core/request/metadata-requests'
import type {
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
} from '../api/requests.js'
import type { SecretNameResult } from '../api/results.js'
import { changeSecret } from '../heads/change-secret.js'
import type { Session } from '../session/session.js'

export async function updateSecret(
  session: Session,
  input: UpdateSecretRequest,
): Promise<SecretNameResult> {
  const { secretName, description, customData } = parseUpdateSecret(input, session.scope)
  return changeMetadata(session, secretName, (state) => {
    const extendedConfig =
      customData === null ? null : replaceCustomData(state.extendedConfig, customData)
    return planMetadata(state, { description, extendedConfig }, session.now())
  })
}

export async function tagResource(
  session: Session,
  input: TagResourceRequest,
): Promise<SecretNameResult> {
  const { secretName, tags } = parseTagResource(input, session.scope)
  return changeMetadata(session, secretName, (state) => planTag(state, tags, session.now()))
}

export async function untagResource(
  session: Session,
  input: UntagResourceRequest,
): Promise<SecretNameResult> {
  const { secretName, tagKeys } = parseUntagResource(input, session.scope)
  return changeMetadata(session, secretName, (state) => planUntag(state, tagKeys, session.now()))
}

function changeMetadata(
  session: Session,
  secretName: string,
  plan: (state: SecretState) => SecretState | null,
): Promise<SecretNameResult> {
  return changeSecret(session, secretName, ({ state }) => {
    requireNotScheduled(state)
    const events = [{ type: 'secret.updated', secretName }] as const
    return { next: plan(state), result: { secretName }, events }
  })
}
