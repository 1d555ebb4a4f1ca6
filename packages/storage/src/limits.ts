/**
 * Every bound of the storage contract, with its reason. Each is the tightest bound of the stores
 * that the contract is designed for, so that data can move from one adapter to any other.
 */

/** Characters in a key. LevelDB and IndexedDB have no bound; this one keeps indexes small. */
export const STORAGE_KEY_CHARS_MAX = 512

/** Keys in one `read`: by default etcd allows at most 128 operations in one transaction. */
export const STORAGE_READ_KEYS_MAX = 128

/** Guards in one commit: etcd's default `--max-txn-ops`, which counts compares separately. */
export const COMMIT_GUARDS_MAX = 128

/** Mutations in one commit: etcd's default `--max-txn-ops`. */
export const COMMIT_MUTATIONS_MAX = 128

/**
 * Bytes in one value, 128 KiB: four times the default limit of a secret's value, so that the limit
 * can be raised, and small enough that a full read of {@link STORAGE_READ_KEYS_MAX} values (16 MiB)
 * fits in memory.
 */
export const STORAGE_VALUE_BYTES_MAX = 131_072

/**
 * Bytes of keys and values in one commit, guards included, 1 MiB: etcd refuses requests above 1.5
 * MiB, which also include its framing.
 */
export const COMMIT_BYTES_MAX = 1_048_576

/** Entries in one page: a page must fit in memory and must not block a store's thread for long. */
export const SCAN_LIMIT_MAX = 1_000
