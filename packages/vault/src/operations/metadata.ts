/** Describes a secret, and changes its description, custom data and tags. */

import { formatArn } from '@stagevault/core/arn'
import { toHex } from '@stagevault/core/bytes'
import { planMetadata, planTag, planUntag } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { SecretRequest as ParsedRequest } from '@stagevault/core/request/request-fields'
import {
  parseSecretRequest,
  parseTagResource,
  parseUntagResource,
  parseUpdateSecret,
  replaceCustomData,
} from '@stagevault/core/request/metadata-requests'
import type {
  ExtendedConfig,
  SecretRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
} from '../api/requests.js'
import type { SecretMetadata, SecretNameResult } from '../api/results.js'
import { changed, requireActiveSecret, unchanged } from '../commit/change.js'
import { requireHead } from '../records/read-head.js'
import type { Session } from '../session/session.js'
import type { VaultHandle } from './vault-handle.js'

export async function describeSecret(
  session: Session,
  input: SecretRequest,
): Promise<SecretMetadata> {
  const { secretName, signal } = parseSecretRequest('describeSecret', input, session.scope)
  signal?.throwIfAborted()
  const { state } = await requireHead(session, secretName, signal)
  return toMetadata(session, state)
}

/** The metadata in a head, in new objects that the caller may change. */
export function toMetadata(session: Session, state: SecretState): SecretMetadata {
  const { extendedConfig, plannedDeleteTime } = state
  return {
    arn: formatArn(session.scope, state.secretName),
    secretName: state.secretName,
    secretType: state.secretType,
    encryptionKeyId: toHex(state.encryptionKeyId),
    description: state.description,
    tags: state.tags.map((tag) => ({ ...tag })),
    ...(extendedConfig === ''
      ? {}
      : { extendedConfig: JSON.parse(extendedConfig) as ExtendedConfig }),
    createTime: new Date(state.createTime),
    updateTime: new Date(state.updateTime),
    ...(plannedDeleteTime === null ? {} : { plannedDeleteTime: new Date(plannedDeleteTime) }),
    ...(session.isUnproved ? { isUnproved: true } : {}),
  }
}

export async function updateSecret(
  session: VaultHandle,
  input: UpdateSecretRequest,
): Promise<SecretNameResult> {
  const request = parseUpdateSecret(input, session.scope)
  const { description, customData } = request
  return changeMetadata(session, request, (state, now) => {
    const extendedConfig =
      customData === null ? null : replaceCustomData(state.extendedConfig, customData)
    return planMetadata(state, { description, extendedConfig }, now)
  })
}

export async function tagResource(
  session: VaultHandle,
  input: TagResourceRequest,
): Promise<SecretNameResult> {
  const request = parseTagResource(input, session.scope)
  return changeMetadata(session, request, (state, now) => planTag(state, request.tags, now))
}

export async function untagResource(
  session: VaultHandle,
  input: UntagResourceRequest,
): Promise<SecretNameResult> {
  const request = parseUntagResource(input, session.scope)
  return changeMetadata(session, request, (state, now) => planUntag(state, request.tagKeys, now))
}

/** @param planMetadataOf - returns `null` if nothing changes */
function changeMetadata(
  session: VaultHandle,
  { secretName, signal }: ParsedRequest,
  planMetadataOf: (state: SecretState, now: number) => SecretState | null,
): Promise<SecretNameResult> {
  const now = session.now()
  return session.committer.submit<SecretNameResult>({
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const next = planMetadataOf(requireActiveSecret(view, secretName), now)
      if (next === null) return unchanged({ secretName })
      return changed(next, { secretName }, [{ type: 'secret.updated', secretName }])
    },
  })
}
