/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The contract between the vault and the storage of its records.
 *
 * It is etcd's transaction with guards, reduced to what the vault needs, so that a map in memory,
 * LevelDB, IndexedDB, etcd and PostgreSQL can all implement it fully.
 */

/** 1 to 512 printable ASCII characters (0x21 to 0x7E), ordered by code unit. */
export type StorageKey = string

/** One record: its key and its bytes. */
export interface StorageEntry {
  /** Where the record is stored. */
  readonly key: StorageKey
  /** Its bytes, 0 to 131,072. */
  readonly value: Uint8Array
}

/** The keys from `start` (inclusive) to `end` (exclusive), at most `limit` of them (1 to 1,000). */
export interface StorageRange {
  /** The first key of the range. */
  readonly start: StorageKey
  /** The key behind the range; the range is empty if it does not sort after `start`. */
  readonly end: StorageKey
  /** Entries at most, 1 to 1,000. */
  readonly limit: number
}

/** A condition of a commit. */
export interface Guard {
  /** The record that is compared. */
  readonly key: StorageKey
  /** The bytes that must be stored; `null`: there must be no entry. */
  readonly value: Uint8Array | null
}

/** A write of a commit. */
export interface Mutation {
  /** The record that is written or deleted. */
  readonly key: StorageKey
  /** The bytes to write, 0 to 131,072; `null` deletes, also if there is no entry. */
  readonly value: Uint8Array | null
}

/**
 * What to check and what to write, in one atomic step: at most 128 guards and 128 mutations, at
 * most 1,048,576 bytes of keys and values together. The keys of the guards are distinct, and so are
 * those of the mutations.
 */
export interface Commit {
  /** What must hold. */
  readonly guards: readonly Guard[]
  /** What is written if all guards hold. */
  readonly mutations: readonly Mutation[]
}

/** What a commit came to: all of it was written, or a guard did not hold and nothing was. */
export type CommitOutcome = 'applied' | 'conflict'

/**
 * A durable, ordered map of small records. It is untrusted: it may retain, lose or replace bytes,
 * and the caller is responsible for confidentiality and integrity. Anyone who controls the store
 * can still put back old records, delete records, and observe keys and sizes.
 *
 * Every method rejects with a {@link StorageError} on failure. A missing entry is not a failure,
 * and a failed read MUST NOT look like a missing entry.
 *
 * Arguments are valid, because callers use `checkedStorage`. The caller owns returned buffers. A
 * caller may reuse the buffers it passed once the promise settles, so an adapter that keeps bytes
 * MUST copy them.
 */
export interface StorageAdapter {
  /**
   * The values at `keys` (0 to 128 of them, repeats allowed), in that order, `null` for a missing
   * entry. All values MUST come from one point in time, which MUST NOT precede a commit that had
   * resolved when `read` was called.
   */
  read(keys: readonly StorageKey[]): Promise<(Uint8Array | null)[]>

  /**
   * The first `limit` entries of the range in ascending key order. One page MUST come from one
   * point in time, not before a commit that had resolved. Two pages may come from different points.
   */
  scan(range: StorageRange): Promise<StorageEntry[]>

  /**
   * If every guard holds, applies all mutations and resolves `applied`; otherwise writes nothing
   * and resolves `conflict`.
   *
   * The check and the writes MUST be one atomic step with respect to every other commit on the same
   * data, by any handle, tab or process that is allowed to open it. It MUST NOT resolve `applied`
   * before the writes survive a crash, unless the adapter was opened with a weaker durability.
   * Rejects with `STORAGE_OUTCOME_UNKNOWN` if it cannot determine whether the writes were made.
   */
  commit(commit: Commit): Promise<CommitOutcome>

  /**
   * Releases the store. Commits already issued finish first; later calls of the other methods
   * reject with `STORAGE_CLOSED`. Idempotent.
   */
  close(): Promise<void>

  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose]?(): Promise<void>
}

/** An adapter for `await using`. The method is there if the runtime has `Symbol.asyncDispose`. */
export interface DisposableStorage extends StorageAdapter {
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>
}
