import { formatArn } from '@stagevault/core/arn'
import { toHex } from '@stagevault/core/bytes'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { parseListVersions } from '@stagevault/core/request/list-requests'
import { parseSecretRequest } from '@stagevault/core/request/metadata-requests'
import type {
  ExtendedConfig,
  ListSecretVersionIdsRequest,
  SecretRequest,
} from '../api/requests.js'
import type { ListSecretVersionIdsResult, SecretMetadata } from '../api/results.js'
import { requireHead } from '../find-head.js'
import type { Session } from '../session.js'

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
  }
}

export async function listSecretVersionIds(
  session: Session,
  input: ListSecretVersionIdsRequest,
): Promise<ListSecretVersionIdsResult> {
  const request = parseListVersions(input, session.scope)
  const { state } = await requireHead(session, request.secretName)
  const rows = state.versions
    .filter(({ number }) => number > request.after)
    .map((version) => ({ version, stages: stagesOf(state, version.number) }))
    .filter(({ stages }) => request.includeDeprecated || stages.length > 0)
  const page = rows.slice(0, request.pageSize)
  const last = page.at(-1)
  return {
    secretName: state.secretName,
    versionIds: page.map(({ version, stages }) => ({
      versionId: version.versionId,
      createTime: new Date(version.createTime),
      versionStages: stages,
      versionStatus: version.status,
    })),
    ...(rows.length > page.length && last !== undefined
      ? { nextToken: `after:${String(last.version.number)}` }
      : {}),
  }
}
