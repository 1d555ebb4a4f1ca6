/** Describes a secret, and changes its name, description, custom data and tags. */

import { formatArn } from '@stagevault/core/arn'
import { toHex } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import {
  planMetadata,
  planRename,
  planTag,
  planUntag,
  requireNotScheduled,
} from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { requireRewritableHead } from '@stagevault/core/records/head-record'
import type { SecretRequest as ParsedRequest } from '@stagevault/core/request/request-fields'
import {
  parseRenameSecret,
  parseSecretRequest,
  parseTagResource,
  parseUntagResource,
  parseUpdateSecret,
  replaceCustomData,
} from '@stagevault/core/request/metadata-requests'
import type {
  ExtendedConfig,
  RenameSecretRequest,
  SecretRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
} from '../api/requests.js'
import type { RenameSecretResult, SecretMetadata, SecretNameResult } from '../api/results.js'
import type { Plan, View } from '../commit/change.js'
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

export async function renameSecret(
  session: VaultHandle,
  input: RenameSecretRequest,
): Promise<RenameSecretResult> {
  const { secretName, newSecretName, signal } = parseRenameSecret(input, session.scope)
  const result = { secretName: newSecretName, arn: formatArn(session.scope, newSecretName) }
  const now = session.now()
  return session.committer.submit({
    secretNames: [secretName, newSecretName],
    signal,
    plan: (view) => planRenaming(view, secretName, newSecretName, result, now),
  })
}

function planRenaming(
  view: View,
  secretName: string,
  newSecretName: string,
  result: RenameSecretResult,
  now: number,
): Plan<RenameSecretResult> {
  const state = requireActiveSecret(view, secretName)
  // Repeating a finished rename succeeds, if the secret may be renamed.
  if (secretName === newSecretName) return unchanged(result)
  const other = view.secret(newSecretName)
  if (other !== null) {
    requireNotScheduled(other)
    throw new VaultError('SECRET_EXISTS', `secret ${newSecretName} already exists`)
  }
  // Checked here, because the committer would report the error under the new name.
  requireRewritableHead(state)
  return {
    secrets: [
      { secretName, state: null },
      { secretName: newSecretName, state: planRename(state, newSecretName, now) },
    ],
    versions: [],
    records: [],
    rootChange: null,
    result,
    events: [{ type: 'secret.renamed', secretName: newSecretName, formerSecretName: secretName }],
  }
}
