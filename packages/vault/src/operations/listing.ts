/** Lists secrets and versions, page by page and as an iteration over all pages. */

import { isIntegrityError } from '@stagevault/core/errors'
import { VIEW_ROWS_MAX } from '@stagevault/core/limits'
import { formatPageToken, matchesFilters } from '@stagevault/core/model/listing'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { parseSecretKey, secretsAfter } from '@stagevault/core/records/layout'
import type { ListSecrets, ListSecretVersionIds } from '@stagevault/core/request/list-requests'
import { parseListSecrets, parseListVersions } from '@stagevault/core/request/list-requests'
import type { StorageEntry } from '@stagevault/storage'
import type { ListSecretsRequest, ListSecretVersionIdsRequest } from '../api/requests.js'
import type {
  ListSecretsResult,
  SecretError,
  SecretMetadata,
  ListSecretVersionIdsResult,
  SecretVersion,
} from '../api/results.js'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import type { LogicalTime } from '../caches/rollback-guard.js'
import { createBreather } from '../platform/breather.js'
import { headMissing, requireHead } from '../records/read-head.js'
import { SCAN_PAGE_ENTRIES, checkRoot, scanRecords } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import { authorizedRead } from '../policy/authorized-read.js'
import type { RowFilter } from '../policy/list-rows.js'
import { loadDecisions } from '../policy/load-decisions.js'
import { sweepDeletions } from './deletion.js'
import { toMetadata } from './metadata.js'
import type { VaultHandle } from './vault-handle.js'

export async function listSecrets(
  session: VaultHandle,
  input: ListSecretsRequest = {},
): Promise<ListSecretsResult> {
  const request = parseListSecrets(input)
  const { rows, errors, after } = await listPage(session, request)
  return {
    secrets: rows,
    ...(request.includeErrors ? { errors } : {}),
    ...(after === null ? {} : { nextToken: formatPageToken(after) }),
  }
}

/** A page of secrets, and the errors of the secrets that could not be read. */
export interface ListPage extends Page<SecretMetadata, string> {
  readonly errors: readonly SecretError[]
}

export async function listPage(session: VaultHandle, request: ListSecrets): Promise<ListPage> {
  request.signal?.throwIfAborted()
  await sweepDeletions(session)
  request.signal?.throwIfAborted()
  // Reading the root detects a rolled back store, even if the older store lacks the newest secrets.
  await checkRoot(session)
  const { caller, signal } = { caller: session.caller, signal: request.signal }
  const filter =
    caller === null ? null : await (await loadDecisions()).openRowFilter(session, caller, signal)
  const scan: ScanProgress = { rowCount: 0, lastName: null }
  const found: Row[] = []
  for await (const row of matchingSecrets(session, request, scan, filter)) {
    // One row more than the page holds shows that there is another page.
    if (found.push(row) > request.pageSize) break
  }
  if (filter !== null && found.length <= request.pageSize && scan.rowCount >= VIEW_ROWS_MAX) {
    return { ...pageOf(session, found), after: scan.lastName }
  }
  const page = found.slice(0, request.pageSize)
  const last = page.at(-1)
  return {
    ...pageOf(session, page),
    after: found.length > page.length && last !== undefined ? last.secretName : null,
  }
}

function pageOf(session: VaultHandle, page: readonly Row[]): Pick<ListPage, 'rows' | 'errors'> {
  return {
    rows: page.flatMap(({ state }) => (state === null ? [] : [toMetadata(session, state)])),
    errors: page.flatMap(({ error }) => error ?? []),
  }
}

/** How far a page has got. */
interface ScanProgress {
  /** Secrets that were looked at, shown or not. */
  rowCount: number
  lastName: string | null
}

/** Every secret with the prefix that matches the filters, after the request's position. */
async function* matchingSecrets(
  session: VaultHandle,
  request: ListSecrets,
  progress: ScanProgress,
  filter: RowFilter | null,
): AsyncGenerator<Row> {
  const { start, end } = secretsAfter(request.after, request.prefix)
  // Without filters every secret matches: two records per secret, and one more secret than the
  // page.
  const wanted = 2 * (request.pageSize + 1)
  const pageSize = request.filters.length === 0 ? wanted : SCAN_PAGE_ENTRIES
  const scan = scanRecords(session, { start, end, pageSize }, request.signal ?? undefined)
  const breather = createBreather()
  for await (const pair of pairs(scan.entries)) {
    await breather.breathe()
    const row = rowOf(session, request, scan.readAt, pair)
    // A view sees no error of a secret that it might not be shown.
    const isVisible = filter === null || (row.state !== null && (await filter.isShown(row.state)))
    if (isVisible && (row.error !== null || isShown(request, row.state))) yield row
    progress.rowCount++
    progress.lastName = row.secretName
    if (filter !== null && progress.rowCount >= VIEW_ROWS_MAX) return
  }
}

interface Row {
  readonly secretName: string
  /** `null` if there is an error or no secret. */
  readonly state: SecretState | null
  readonly error: SecretError | null
}

function rowOf(session: VaultHandle, request: ListSecrets, readAt: LogicalTime, pair: Pair): Row {
  const { secretName } = pair
  try {
    const state = headInList(session, readAt, pair)?.state ?? null
    return { secretName, state, error: null }
  } catch (error) {
    // A rollback concerns more than this secret.
    const isDamage = isIntegrityError(error) && error.code !== 'ROLLBACK_DETECTED'
    if (!isDamage || !request.includeErrors) throw error
    const { code, message } = error
    return { secretName, state: null, error: { secretName, code, message } }
  }
}

function isShown(request: ListSecrets, state: SecretState | null): boolean {
  return state !== null && matchesFilters(state, request.filters)
}

function headInList(
  session: VaultHandle,
  readAt: LogicalTime,
  { secretName, head, name }: Pair,
): HeadSnapshot | null {
  if (head !== null) return session.heads.openForScan(secretName, head, readAt)
  if (name === null) return null
  throw headMissing(session, secretName, name)
}

/** The adjacent head and name record of a secret; either may be missing. */
interface Pair {
  readonly secretName: string
  readonly head: Uint8Array | null
  readonly name: Uint8Array | null
}

async function* pairs(entries: AsyncIterable<StorageEntry>): AsyncGenerator<Pair> {
  let pending: Pair | null = null
  for await (const { key, value } of entries) {
    const place = parseSecretKey(key)
    if (place === null) continue
    const secretName = place.name
    if (pending !== null && (place.part === 'head' || pending.secretName !== secretName)) {
      yield pending
      pending = null
    }
    if (place.part === 'head') {
      pending = { secretName, head: value, name: null }
      continue
    }
    yield { secretName, head: pending?.head ?? null, name: value }
    pending = null
  }
  if (pending !== null) yield pending
}

export async function listSecretVersionIds(
  session: Session,
  input: ListSecretVersionIdsRequest,
): Promise<ListSecretVersionIdsResult> {
  const request = parseListVersions(input, session.scope)
  const { rows, after } = await listVersionPage(session, request)
  return {
    secretName: request.secretName,
    versions: rows,
    versionIds: rows,
    ...(after === null ? {} : { nextToken: formatPageToken(after) }),
  }
}

/** One head contains all versions, so paging reduces the result and not the read. */
export async function listVersionPage(
  session: Session,
  request: ListSecretVersionIds,
): Promise<Page<SecretVersion, number>> {
  const { secretName, signal } = request
  signal?.throwIfAborted()
  const need = { action: 'kms:ListSecretVersionIds', secretName } as const
  const { state } = await authorizedRead(session, need, signal, (gated) =>
    requireHead(gated, secretName, signal),
  )
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
      ...(session.isUnproved ? { isUnproved: true } : {}),
    })),
    after: rows.length > page.length && last !== undefined ? last.version.number : null,
  }
}

/** The rows of a page, and where the next page starts; `null` for the last. */
export interface Page<Row, Place> {
  readonly rows: readonly Row[]
  readonly after: Place | null
}

/** A parsed list request. */
interface ListRequest<Place> {
  readonly after: Place
}

/**
 * All rows of a list. Each iteration parses the caller's request once and starts at the first page.
 *
 * @param readPage - reads one page, unless the vault is closed
 */
export function iteratePages<Row, Place, Request extends ListRequest<Place>>(
  parse: () => Request,
  readPage: (request: Request) => Promise<Page<Row, Place>>,
): AsyncIterable<Row> {
  return { [Symbol.asyncIterator]: () => walk(parse, readPage) }
}

async function* walk<Row, Place, Request extends ListRequest<Place>>(
  parse: () => Request,
  readPage: (request: Request) => Promise<Page<Row, Place>>,
): AsyncGenerator<Row, undefined> {
  let request = parse()
  for (;;) {
    const { rows, after } = await readPage(request)
    yield* rows
    if (after === null) return
    request = { ...request, after }
  }
}
