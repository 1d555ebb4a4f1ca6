import { stagesOf } from '@stagevault/core/model/secret-state'
import type { ListSecretVersionIds } from '@stagevault/core/request/list-requests'
import { parseListVersions } from '@stagevault/core/request/list-requests'
import type { ListSecretVersionIdsRequest } from '../api/requests.js'
import type { ListSecretVersionIdsResult, SecretVersion } from '../api/results.js'
import { requireHead } from '../records/read-head.js'
import type { Session } from '../session/session.js'
import type { Page } from './iterate-pages.js'

export async function listSecretVersionIds(
  session: Session,
  input: ListSecretVersionIdsRequest,
): Promise<ListSecretVersionIdsResult> {
  const request = parseListVersions(input, session.scope)
  const { rows, after } = await listVersionPage(session, request)
  return {
    secretName: request.secretName,
    versionIds: rows,
    ...(after === null ? {} : { nextToken: `after:${String(after)}` }),
  }
}

/** One head holds all versions: a page is for those who show them, not for those who store them. */
export async function listVersionPage(
  session: Session,
  request: ListSecretVersionIds,
): Promise<Page<SecretVersion, number>> {
  const { state } = await requireHead(session, request.secretName)
  const rows = state.versions
    .filter(({ number }) => number > request.after)
    .map((version) => ({ version, stages: stagesOf(state, version.number) }))
    .filter(({ stages }) => request.includeDeprecated || stages.length > 0)
  const page = rows.slice(0, request.pageSize)
  const last = page.at(-1)
  return {
    rows: page.map(({ version, stages }) => ({
      versionId: version.versionId,
      createTime: new Date(version.createTime),
      versionStages: stages,
      versionStatus: version.status,
    })),
    after: rows.length > page.length && last !== undefined ? last.version.number : null,
  }
}
