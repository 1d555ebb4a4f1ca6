import { planMetadata, planTag, planUntag } from '@stagevault/core/model/secret-lifecycle'
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
import { changed, requireActiveSecret, unchanged } from '../commit/change.js'
import type { VaultHandle } from '../session/handle.js'

export async function updateSecret(
  session: VaultHandle,
  input: UpdateSecretRequest,
): Promise<SecretNameResult> {
  const { secretName, description, customData } = parseUpdateSecret(input, session.scope)
  return changeMetadata(session, secretName, (state, now) => {
    const extendedConfig =
      customData === null ? null : replaceCustomData(state.extendedConfig, customData)
    return planMetadata(state, { description, extendedConfig }, now)
  })
}

export async function tagResource(
  session: VaultHandle,
  input: TagResourceRequest,
): Promise<SecretNameResult> {
  const { secretName, tags } = parseTagResource(input, session.scope)
  return changeMetadata(session, secretName, (state, now) => planTag(state, tags, now))
}

export async function untagResource(
  session: VaultHandle,
  input: UntagResourceRequest,
): Promise<SecretNameResult> {
  const { secretName, tagKeys } = parseUntagResource(input, session.scope)
  return changeMetadata(session, secretName, (state, now) => planUntag(state, tagKeys, now))
}

/** @param planMetadataOf - gives `null` where nothing differs */
function changeMetadata(
  session: VaultHandle,
  secretName: string,
  planMetadataOf: (state: SecretState, now: number) => SecretState | null,
): Promise<SecretNameResult> {
  const now = session.now()
  return session.committer.submit<SecretNameResult>({
    secretNames: [secretName],
    plan: (view) => {
      const next = planMetadataOf(requireActiveSecret(view, secretName), now)
      if (next === null) return unchanged({ secretName })
      return changed(next, { secretName }, [{ type: 'secret.updated', secretName }])
    },
  })
}
