import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { StorageAdapter } from '@stagevault/storage'

/** Input of {@link Platform.scrypt}. Its ranges are the caller's to check: here memory follows. */
export interface ScryptInput {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  /** Binary logarithm of the cost N. The derivation needs `128 * r * 2 ** logN` bytes of memory. */
  readonly logN: number
  readonly r: number
  readonly p: number
  /** Length of the derived key, in bytes. */
  readonly keyBytes: number
  /** Gives the derivation up. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with a fraction in 0..1 that never decreases; the last call before success is 1. Native
   * code tells nothing on the way, so there that call is the only one.
   */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** One end of what connects the handles of a vault. */
export interface EventChannel {
  /** Whether some other end may be listening. */
  isHeard(): boolean
  /** Hands a message to every other end that listens. It must not be changed any more. */
  post(message: unknown): void
  /** Receives what other ends post from now on, some time after they posted it. */
  listen(receive: (message: unknown) => void): void
  /** Receives nothing any more, unless it listens again. */
  deafen(): void
  close(): void
}

export type HashLong = (data: Uint8Array) => Promise<Uint8Array>

export const HASH_LONG_BYTES_MIN = 4_096

/**
 * Turns to commit among the handles of a vault that share its storage: a courtesy, without which
 * a handle that is fast could keep the others from ever winning.
 */
export interface Turns {
  /** Whether a handle has a turn or waits for one; `null` where that is not seen without asking. */
  isWanted(): boolean | null
  /**
   * Waits for a turn, in order of arrival.
   *
   * @param signal - not aborted yet; takes the handle out of the queue
   * @returns a function that ends the turn; `null` where the wait was given up.
   */
  take(signal: AbortSignal): Promise<(() => void) | null>
}

/** @param name - the same for all handles of a vault */
export type OpenTurns = (name: string) => Turns

export type OpenChannel = (name: string) => EventChannel

/**
 * What differs between Node, Bun and Deno on one side and browsers on the other, behind the package
 * import `#platform`. Both implementations give the same bytes.
 */
export interface Platform {
  /** At least the hashes, and the default suite. */
  readonly primitives: Primitives

  /** The primitives of vaults of one suite, which may have to be loaded first. */
  readonly primitivesOf: (suite: SuiteId) => Promise<Primitives>

  /**
   * SHA-256 of {@link HASH_LONG_BYTES_MIN} bytes and more, where something asynchronous is faster
   * with them than the primitives are; the same hash, of course. `null` where nothing is.
   */
  readonly hashLong: HashLong | null

  /** Bytes of the system's random generator, in a fresh array. Throws when the generator fails. */
  readonly randomBytes: (length: number) => Uint8Array

  /** Whether two arrays hold the same bytes. Not in constant time: never for what is secret. */
  readonly isSame: (a: Uint8Array, b: Uint8Array) => boolean

  /**
   * scrypt (RFC 7914). Rejects with `signal.reason` when the signal is or becomes aborted, and with
   * whatever `onProgress` throws. The input is read before the call returns: its arrays may be
   * wiped at once.
   */
  readonly scrypt: (input: ScryptInput) => Promise<Uint8Array>

  /** Connects the handles of a vault that share its storage. */
  readonly openChannel: OpenChannel

  readonly openTurns: OpenTurns

  /** Resolves after other tasks of this thread had their chance to run. */
  readonly yieldThread: () => Promise<void>
}

/**
 * When a write counts as made. `strict`: once it is on the disk. `relaxed`: once the operating
 * system has it, so that a crash of the machine may lose the latest writes, though never a part of
 * one.
 */
export type Durability = 'strict' | 'relaxed'

/** One store, with its name in this environment. */
export interface EmbeddedStore {
  readonly location: string
  readonly durability: Durability
}

/**
 * The storage that an environment has by itself, behind the package import `#embedded-storage`:
 * LevelDB in Node, Bun and Deno, IndexedDB in browsers.
 */
export interface EmbeddedStorage {
  /** Opens the store, and makes it where it is missing. */
  readonly create: (store: EmbeddedStore) => Promise<StorageAdapter>

  /** Opens the store and makes nothing. Rejects with `STORAGE_MISSING` where there is none. */
  readonly open: (store: EmbeddedStore) => Promise<StorageAdapter>
}
