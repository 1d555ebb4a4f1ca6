/**
 * Every bound of the vault, with its reason. Applications may set the bounds in
 * {@link VaultLimits}; the others belong to the model or to the byte format.
 */

/** Characters of a secret name (cloud API, CreateSecret). */
export const SECRET_NAME_CHARS_MAX = 192
/** Characters of a version id and of a stage label (cloud API; the charset is our own). */
export const VERSION_ID_CHARS_MAX = 64
export const STAGE_LABEL_CHARS_MAX = 64
/** Tags of a secret, and characters of a tag's key and value (cloud API, TagResource). */
export const TAGS_MAX = 20
export const TAG_CHARS_MAX = 128
/** UTF-16 units of a description. The cloud API documents no bound; every head contains it. */
export const DESCRIPTION_CHARS_MAX = 2048
/** UTF-16 units of `extendedConfig` as JSON, and pairs of its `customData` (cloud API). */
export const EXTENDED_CONFIG_CHARS_MAX = 1024
export const CUSTOM_DATA_PAIRS_MAX = 10
/** Days between `deleteSecret` and the deletion (cloud API, DeleteSecret). */
export const RECOVERY_WINDOW_DAYS_MIN = 7
export const RECOVERY_WINDOW_DAYS_MAX = 30
export const RECOVERY_WINDOW_DAYS_DEFAULT = 30
/** Secrets of one `batchGetSecretValue` (cloud API). */
export const BATCH_SECRETS_MAX = 20
/**
 * How many expired secrets one sweep processes, and how many deletion entries it reads for that. A
 * list page must not wait for thousands of secrets, and planted entries must not hide the others.
 */
export const SWEPT_SECRETS_MAX = 100
export const SWEPT_ENTRIES_MAX = 10_000
/**
 * Milliseconds between the sweep that finds a secret due and the one that deletes it, so that a
 * single wrong clock reading deletes nothing.
 */
export const DELETION_LOOK_MS_MIN = 60_000
/** Rows of a list page (cloud API). */
export const PAGE_SIZE_MAX = 100
export const PAGE_SIZE_DEFAULT = 10
/** Keys of a filter list, and values of a key (cloud API, ListSecrets). */
export const FILTERS_MAX = 10
export const FILTER_VALUES_MAX = 10
/** Characters of a filter value: as many as the longest text that it can match. */
export const FILTER_VALUE_CHARS_MAX: number = DESCRIPTION_CHARS_MAX
/** Characters of a random password (cloud API, GetRandomPassword). */
export const PASSWORD_CHARS_MIN = 8
export const PASSWORD_CHARS_MAX = 128
export const PASSWORD_CHARS_DEFAULT = 32
/** Characters of `excludeCharacters`: every printable ASCII character, and room for repeats. */
export const EXCLUDE_CHARACTERS_MAX = 256

/**
 * Tombstones: the recorded ids of evicted versions (VER-3, VER-4). They are part of the head, which
 * every write rewrites: 32 of them take at most 2.6 KiB, with automatic ids 0.7 KiB.
 */
export const TOMBSTONES_MAX = 32

/**
 * Sections of a head or of the vault root, and their bytes together. Twice a secret's policy (the
 * cloud API allows 32,768 bytes) fits, and the longest head with them is below 131,072 bytes.
 */
export const SECTIONS_MAX = 16
export const SECTIONS_BYTES_MAX = 65_536

/** UTF-8 bytes of a policy document (cloud API, SetSecretPolicy), its statements and its levels. */
export const POLICY_BYTES_MAX = 32_768
export const POLICY_STATEMENTS_MAX = 100
export const POLICY_DEPTH_MAX = 6

/**
 * Access records of a vault, which one list names; and what one of them may refer to. A principal
 * reaches at most 65,536 bytes of policies, which bounds what a decision reads.
 */
export const ACCESS_RECORDS_MAX = 1_200
export const ACCESS_LIST_BYTES_MAX = 131_072
export const USER_GROUPS_MAX = 10
export const ATTACHED_POLICIES_MAX = 10
export const REACHED_POLICY_BYTES_MAX = 65_536
/**
 * Records that refer to a deleted group or policy and are changed by its deletion: with the records
 * that pin them, they fit in one commit.
 */
export const DETACHED_RECORDS_MAX = 100
/** Characters of the names of users, roles, groups and policies, and of their descriptions. */
export const ACCESS_NAME_CHARS_MAX = 64
export const ACCESS_DESCRIPTION_CHARS_MAX = 256

/** Rows that one page of a view's list looks at; then the page ends, with a token (POL-5). */
export const VIEW_ROWS_MAX = 10_000
/** Compiled policies, and principals with theirs, that a handle keeps in memory at least. */
export const POLICIES_CACHED_MIN = 512

/** Attributes of a request's context, items of one, and UTF-16 units of each text of a context. */
export const CONTEXT_ATTRIBUTES_MAX = 16
export const CONTEXT_TEXT_CHARS_MAX = 256

/** UTF-16 units of a passphrase. A longer one is a mistake and would only cost hashing time. */
export const PASSPHRASE_CHARS_MAX = 1024

/**
 * scrypt's cost as log2(N), with r = 8 and p = 1. The minimum prevents anyone who edits the store
 * from making the passphrase cheap to guess after the next re-wrap. The maximum (1 GiB of memory)
 * prevents an edited slot from exhausting the process. The default is OWASP's minimum.
 */
export const SCRYPT_LOG_N_MIN = 15
export const SCRYPT_LOG_N_MAX = 20
export const SCRYPT_LOG_N_DEFAULT = 17

/** Unlock slots of a vault; more would only make opening slower. */
export const SLOTS_MAX = 32
/**
 * The sum of N over the passphrase slots of a vault, 2^23: the highest cost of opening that anyone
 * who edits the store can cause. It allows 32 slots at twice the default cost, or eight at the
 * highest.
 */
export const SCRYPT_N_SUM_MAX: number = 2 ** 23
/** UTF-16 units of a slot's description. */
export const SLOT_DESCRIPTION_CHARS_MAX = 128
/** Characters of a key provider's name; the charset is that of secret names. */
export const PROVIDER_NAME_CHARS_MAX = 64
/** Bytes that a key provider stores in a slot: a key wrapped by RSA-8192 takes a quarter of it. */
export const PROVIDER_DATA_BYTES_MAX = 4096
/** KEKs of a vault, and versions of a KEK: the keyring is one record. */
export const KEYS_MAX = 32
export const KEY_VERSIONS_MAX = 32

/** How often a read is repeated while other writers change the records that it reads. */
export const READ_ATTEMPTS_MAX = 100

/**
 * Bounds of a commit that holds several changes: not above the bounds of a store (128 guards, 128
 * mutations, 1 MiB), and small enough that planning holds the thread for a few milliseconds. A
 * single change may use the bounds of the store.
 */
export const ROUND_CHANGES_MAX = 64
export const ROUND_MUTATIONS_MAX = 120
export const ROUND_GUARDS_MAX = 128
export const ROUND_BYTES_MAX = 524_288
/** Pending changes of a handle; the next one is rejected with `QUOTA_EXCEEDED`. */
export const PENDING_CHANGES_MAX = 10_000
/** Seconds for which a change is retried while other writers commit first; then `CONFLICT`. */
export const COMMIT_TIMEOUT_SECONDS_DEFAULT = 30
/** Seconds for which `close` waits for pending changes; then they reject with `VAULT_CLOSED`. */
export const CLOSE_TIMEOUT_SECONDS_DEFAULT = 10
/** The highest value of either timeout, in seconds. */
export const TIMEOUT_SECONDS_MAX = 3_600

/**
 * The minimum capacity of an open vault's caches: bytes of heads and of version records, secrets of
 * which the newest generation is recorded, and fingerprints of random blocks. At twice the capacity
 * the older half is dropped.
 */
export const HEADS_BYTES_MIN = 8_388_608
/** Secrets of which an open vault caches the key of the current version, about 200 bytes each. */
export const CURRENT_PLACES_MIN = 16_384
export const RECORDS_BYTES_MIN = 2_097_152
export const SEEN_SECRETS_MIN = 8192
export const RANDOM_BLOCKS_MIN = 4096

/** How often `verify` counts the secrets while other handles create and delete some. */
export const SECRET_COUNTS_MAX = 5
/** How often it looks for records without a head while other handles rename secrets. */
export const STRAY_PASSES_MAX = 5

/**
 * Draws of one random password. The least likely request (8 characters, two types of 26 and two of
 * one character) succeeds in 2 % of the draws, so this many failures mean a broken source.
 */
export const PASSWORD_DRAWS_MAX = 10_000

/**
 * How far an explicit version id may advance the counter of automatic ids. The numbers from there
 * to the greatest safe integer are more than any secret needs.
 */
export const AUTO_NUMBER_JUMP_MAX = 1_000_000_000_000_000
/** Version numbers are stored in 32 bits, and are never reused. */
export const VERSION_NUMBER_MAX = 0xffff_fffe
/** Milliseconds since 1970: stored in 48 bits, with a year left for dates planned from now. */
export const TIME_MAX: number = 2 ** 48 - 366 * 86_400_000
/** Characters of a region and of an account id. */
export const SCOPE_CHARS_MAX = 64
/**
 * The highest value size that can be configured, in bytes: a record less 4 KiB for its envelope.
 */
export const STORED_VALUE_BYTES_MAX = 126_976

/** Bounds that an application may set. */
export interface VaultLimits {
  /** Bytes of a secret value; 1 to 126,976, default 30,720. */
  readonly secretValueBytesMax: number
  /** Versions of a secret; 2 to 100, default 10. */
  readonly versionsMax: number
  /**
   * Distinct stage labels in use on a secret, built-in and custom, except `ACSPending`; 2 to 64,
   * default 8.
   */
  readonly stageLabelsMax: number
  /**
   * Secrets in the vault, including those scheduled for deletion; 0 to the greatest safe integer,
   * default 0: no quota.
   */
  readonly secretsMax: number
}

/** The lowest and the highest value that an application may set. */
export type LimitRange = readonly [min: number, max: number]

/**
 * The maxima follow from the storage contract: a value's record must fit 131,072 bytes with 4 KiB
 * to spare for its envelope, and deleting a secret with all versions must fit one commit of 128
 * mutations.
 */
export const LIMIT_RANGES: { readonly [K in keyof VaultLimits]: LimitRange } = {
  secretValueBytesMax: [1, STORED_VALUE_BYTES_MAX],
  versionsMax: [2, 100],
  stageLabelsMax: [2, 64],
  secretsMax: [0, Number.MAX_SAFE_INTEGER],
}

export const DEFAULT_LIMITS: VaultLimits = {
  secretValueBytesMax: 30_720,
  versionsMax: 10,
  stageLabelsMax: 8,
  secretsMax: 0,
}
