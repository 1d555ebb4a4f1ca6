import { StorageError } from '@stagevault/storage'
import type { Commit, CommitOutcome, Guard, StorageKey } from '@stagevault/storage'

/**
 * LevelDB has atomic batches but no compare-and-swap. The queue adds it: it is the only writer of
 * its database, checks guards while nothing is being written, and makes one batch, with one fsync,
 * of all the commits that arrived during the previous batch.
 */
export interface CommitQueue {
  /** Queues a commit. Rejects with a {@link StorageError}. */
  add(commit: Commit): Promise<CommitOutcome>
  /** The batch that is being written, or `null`. */
  writing(): Writes | null
  /** Resolves when no commit is under way. */
  idle(): Promise<void>
}

/** New bytes by key; `null` deletes. */
export type Writes = ReadonlyMap<StorageKey, Uint8Array | null>

/** The database that the queue reads and writes. Both methods fail with a {@link StorageError}. */
export interface CommitTarget {
  /**
   * Why this queue no longer owns the database, or `null` if it does. Called before each group is
   * decided, because callers run between two groups, and before it is answered, so that an answered
   * commit was written while the queue owned the database.
   */
  findLoss(): StorageError | null
  get(key: StorageKey): Uint8Array | null
  /** Makes all writes in one atomic step, with the durability that the store was opened with. */
  write(writes: Writes): Promise<void>
}

/**
 * The size in bytes and records at which a group is closed. The bound keeps a commit from waiting
 * for many others, and the checks of a group from blocking the thread: 1,024 reads of LevelDB take
 * about 3 ms, and writing 2 MiB takes about as long as an fsync.
 */
const GROUP_BYTES_MAX = 2_097_152
const GROUP_RECORDS_MAX = 1_024

interface PendingCommit {
  readonly commit: Commit
  /** Of keys and values. */
  readonly bytes: number
  readonly resolve: (outcome: CommitOutcome) => void
  readonly reject: (error: StorageError) => void
}

/** Commits that are decided and share one write. */
interface CommitGroup {
  readonly writes: Writes
  readonly applied: readonly PendingCommit[]
  /** Commits that conflict with earlier ones of the same group, so only if its write succeeds. */
  readonly conflicting: readonly PendingCommit[]
}

export function createCommitQueue(target: CommitTarget): CommitQueue {
  const waiting: PendingCommit[] = []
  let running: Promise<void> | null = null
  let writing: Writes | null = null
  let failure: StorageError | null = null

  async function run(): Promise<void> {
    // Commits issued in the same turn as the first one share its group.
    await Promise.resolve()
    while (waiting.length > 0) {
      failure ??= target.findLoss()
      if (failure === null) await settle(decideGroup(waiting, target))
      else refuse(waiting.splice(0), failure)
    }
    running = null
  }

  async function settle({ writes, applied, conflicting }: CommitGroup): Promise<void> {
    try {
      writing = writes
      if (writes.size > 0) await target.write(writes)
      failure = target.findLoss()
    } catch (error) {
      failure = target.findLoss() ?? (error as StorageError)
    } finally {
      writing = null
    }
    if (failure !== null) {
      for (const { reject } of applied) reject(failure)
      refuse(conflicting, failure)
      return
    }
    for (const { resolve } of applied) resolve('applied')
    for (const { resolve } of conflicting) resolve('conflict')
  }

  return {
    add(commit) {
      return new Promise((resolve, reject) => {
        // An invalid commit throws here and does not affect the others.
        waiting.push({ commit, bytes: sizeOf(commit), resolve, reject })
        running ??= run()
      })
    },
    writing: () => writing,
    idle: () => running ?? Promise.resolve(),
  }
}

/**
 * After a failed write LevelDB may append behind a torn record of its log. When it opens the log
 * again it drops everything after that record: in a measurement, ten of ten acknowledged, synced
 * writes. So nothing more is written until the store is opened again, which starts a new log.
 */
function refuse(commits: readonly PendingCommit[], cause: StorageError): void {
  if (cause.code === 'STORAGE_CLOSED') {
    for (const { reject } of commits) reject(cause)
    return
  }
  const code = cause.code === 'STORAGE_FULL' ? 'STORAGE_FULL' : 'STORAGE_UNAVAILABLE'
  for (const { reject } of commits) {
    reject(
      new StorageError(
        code,
        'an earlier commit failed: close the store and open it again to write',
        { cause },
      ),
    )
  }
}

/** Takes commits from the front of `waiting`, at least one, and decides them in order. */
function decideGroup(waiting: PendingCommit[], target: CommitTarget): CommitGroup {
  const writes = new Map<StorageKey, Uint8Array | null>()
  const applied: PendingCommit[] = []
  const conflicting: PendingCommit[] = []
  let taken = 0
  let bytes = 0
  let records = 0
  for (const pending of waiting) {
    const { guards, mutations } = pending.commit
    bytes += pending.bytes
    records += guards.length + mutations.length
    if (taken > 0 && (bytes > GROUP_BYTES_MAX || records > GROUP_RECORDS_MAX)) break
    taken += 1
    try {
      const failed = firstFailedGuard(guards, writes, target)
      if (failed === null) {
        for (const { key, value } of mutations) writes.set(key, value)
        applied.push(pending)
      } else if (writes.has(failed.key)) {
        conflicting.push(pending)
      } else {
        pending.resolve('conflict')
      }
    } catch (error) {
      pending.reject(error as StorageError)
    }
  }
  waiting.splice(0, taken)
  return { writes, applied, conflicting }
}

/** The first guard that does not hold after `writes`, or `null` if all hold. */
function firstFailedGuard(
  guards: readonly Guard[],
  writes: Writes,
  target: CommitTarget,
): Guard | null {
  for (const guard of guards) {
    const pending = writes.get(guard.key)
    const stored = pending === undefined ? target.get(guard.key) : pending
    const holds =
      stored === null || guard.value === null
        ? stored === guard.value
        : Buffer.compare(stored, guard.value) === 0
    if (!holds) return guard
  }
  return null
}

function sizeOf({ guards, mutations }: Commit): number {
  let bytes = 0
  for (const { key, value } of guards) bytes += key.length + (value?.length ?? 0)
  for (const { key, value } of mutations) bytes += key.length + (value?.length ?? 0)
  return bytes
}
