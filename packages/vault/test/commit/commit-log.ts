/** A store that notes every commit: its guards, what it wrote, and what came of it. */

import type { SecretState } from '@stagevault/core/model/secret-state'
import { openHead } from '@stagevault/core/records/head-record'
import { ROOT_KEY, parseSecretKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { Commit, StorageAdapter } from '@stagevault/storage'

export interface LoggedCommit {
  readonly commit: Commit
  readonly outcome: 'applied' | 'conflict'
  /** What each key held before. */
  readonly before: ReadonlyMap<string, Uint8Array | null>
}

/** The commits that came to the store, in its order. Failures in front of it do not come to it. */
export interface CommitLog {
  readonly storage: StorageAdapter
  readonly commits: LoggedCommit[]
}

export function logCommits(inner: StorageAdapter): CommitLog {
  const commits: LoggedCommit[] = []
  const storage: StorageAdapter = {
    read: (keys) => inner.read(keys),
    scan: (range) => inner.scan(range),
    commit: async (commit) => {
      const keys = commit.mutations.map(({ key }) => key)
      const [values, outcome] = await Promise.all([inner.read(keys), inner.commit(commit)])
      const before = new Map(keys.map((key, i) => [key, values[i] ?? null]))
      commits.push({ commit, outcome, before })
      return outcome
    },
    close: () => inner.close(),
  }
  return { storage, commits }
}

/** The commits that were applied. */
export function appliedIn(log: CommitLog): LoggedCommit[] {
  return log.commits.filter(({ outcome }) => outcome === 'applied')
}

/** The epoch of the root that a commit wrote. */
export function epochOf(keys: RecordKeys, { commit }: LoggedCommit): number {
  const root = commit.mutations.find(({ key }) => key === ROOT_KEY)?.value
  if (root === undefined || root === null) throw new Error('a commit wrote no root')
  return openRoot(keys, root).epoch
}

/** The secrets under the names that a commit wrote or emptied. */
export function secretsIn(keys: RecordKeys, { commit }: LoggedCommit): Secrets {
  return secretsOf(
    keys,
    commit.mutations.map(({ key, value }) => [key, value]),
  )
}

/** The same names, and what was there before. */
export function secretsBefore(keys: RecordKeys, { before }: LoggedCommit): Secrets {
  return secretsOf(keys, before)
}

type Secrets = ReadonlyMap<string, SecretState | null>

function secretsOf(
  keys: RecordKeys,
  records: Iterable<readonly [key: string, value: Uint8Array | null]>,
): Secrets {
  const secrets = new Map<string, SecretState | null>()
  for (const [key, value] of records) {
    const place = parseSecretKey(key)
    if (place?.part !== 'head') continue
    secrets.set(place.name, value === null ? null : openHead(keys, place.name, value))
  }
  return secrets
}
