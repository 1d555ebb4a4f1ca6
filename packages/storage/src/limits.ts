/**
 * Every bound of the storage contract, and why it is where it is. They are the tightest of the
 * stores the contract is drawn against, so that data moves from one adapter to any other.
 */

/** Characters in a key. LevelDB and IndexedDB have no bound; this one keeps indexes small. */
export const STORAGE_KEY_CHARS_MAX = 512

/** Keys in one `read`: etcd answers at most 128 operations in one transaction by default. */
export const STORAGE_READ_KEYS_MAX = 128

/** Guards in one commit: etcd's default `--max-txn-ops`, which counts compares separately. */
export const COMMIT_GUARDS_MAX = 128

/** Mutations in one commit: etcd's default `--max-txn-ops`. */
export const COMMIT_MUTATIONS_MAX = 128

/**
 * Bytes in one value, 128 KiB: four times the default bound of a secret, so that it can be raised,
 * and small enough that a full read of {@link STORAGE_READ_KEYS_MAX} values (16 MiB) fits in
 * memory.
 */
export const STORAGE_VALUE_BYTES_MAX = 131_072

/**
 * Bytes of keys and values in one commit, guards included, 1 MiB: etcd refuses requests above
 * 1.5 MiB, and its framing has to fit as well.
 */
export const COMMIT_BYTES_MAX = 1_048_576

/** Entries in one page: one turn of a store's thread stays short, and a page fits in memory. */
export const SCAN_LIMIT_MAX = 1_000
