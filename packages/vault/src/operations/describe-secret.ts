import { formatArn } from '@stagevault/core/arn'
import { toHex } from '@stagevault/core/bytes'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { parseSecretRequest } from '@stagevault/core/request/metadata-requests'
import type { ExtendedConfig, SecretRequest } from '../api/requests.js'
import type { SecretMetadata } from '../api/results.js'
import { requireHead } from '../records/read-head.js'
import type { Session } from '../session/session.js'

export async function describeSecret(
  session: Session,
  input: SecretRequest,
): Promise<SecretMetadata> {
  const secretName = parseSecretRequest('describeSecret', input, session.scope)
  const { state } = await requireHead(session, secretName)
  return toMetadata(session, state)
}

/** What a head says about its secret, in objects of the caller's own. */
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
