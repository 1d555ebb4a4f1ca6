/** Describes a secret, and changes its name, description, custom data and tags. */

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
import type { Change } from '../commit/change.js'
import { changed, requireActiveSecret, unchanged } from '../commit/change.js'
import type { AccessNeed } from '../policy/authorize.js'
import { authorizedChange } from '../policy/authorized-change.js'
import { authorizedRead } from '../policy/authorized-read.js'
import { requireHead } from '../records/read-head.js'
import type { Session } from '../session/session.js'
import type { VaultHandle } from './vault-handle.js'

export async function describeSecret(
  session: Session,
  input: SecretRequest,
): Promise<SecretMetadata> {
  const { secretName, signal } = parseSecretRequest('describeSecret', input, session.scope)
  signal?.throwIfAborted()
  const need = { action: 'kms:DescribeSecret', secretName } as const
  const { state } = await authorizedRead(session, need, signal, (gated) =>
    requireHead(gated, secretName, signal),
  )
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
  const access = { action: 'kms:UpdateSecret' } as const
  return changeMetadata(session, request, access, (state, now) => {
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
  const { tags } = request
  const requestTagKeys = tags.map(({ tagKey }) => tagKey)
  const access = {
    action: 'kms:TagResource',
    operation: { requestTags: tags, requestTagKeys },
    changedTags: requestTagKeys,
  } as const
  return changeMetadata(session, request, access, (state, now) => planTag(state, tags, now))
}

export async function untagResource(
  session: VaultHandle,
  input: UntagResourceRequest,
): Promise<SecretNameResult> {
  const request = parseUntagResource(input, session.scope)
  const { tagKeys } = request
  const access = {
    action: 'kms:UntagResource',
    operation: { requestTagKeys: tagKeys },
    changedTags: tagKeys,
  } as const
  return changeMetadata(session, request, access, (state, now) => planUntag(state, tagKeys, now))
}

/** The action that a change of metadata needs. */
type MetadataAccess = Pick<AccessNeed, 'action' | 'operation' | 'changedTags'>

/** @param planMetadataOf - returns `null` if nothing changes */
function changeMetadata(
  session: VaultHandle,
  { secretName, signal }: ParsedRequest,
  access: MetadataAccess,
  planMetadataOf: (state: SecretState, now: number) => SecretState | null,
): Promise<SecretNameResult> {
  const now = session.now()
  const change: Change<SecretNameResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const next = planMetadataOf(requireActiveSecret(view, secretName), now)
      if (next === null) return unchanged({ secretName })
      return changed(next, { secretName }, [{ type: 'secret.updated', secretName }])
    },
  }
  const { changedTags = [], ...need } = access
  return session.committer.submit(
    authorizedChange(session, change, (view) => {
      const state = view.secret(secretName)
      const before: AccessNeed = { ...need, secretName, state, changedTags }
      if (state === null || changedTags.length === 0) return [before]
      // A change of tags that some policy compares is decided with the tags before and after.
      const after = planMetadataOf(state, now) ?? state
      return [before, { ...before, after }]
    }),
  )
}
