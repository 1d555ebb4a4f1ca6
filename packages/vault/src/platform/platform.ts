import { VaultError } from '@stagevault/core/errors'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { StorageAdapter } from '@stagevault/storage'

/**
 * Input of {@link Platform.scrypt}. The caller checks the ranges, which determine the memory used.
 */
export interface ScryptInput {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  /** Binary logarithm of the cost N. The derivation needs `128 * r * 2 ** logN` bytes of memory. */
  readonly logN: number
  readonly r: number
  readonly p: number
  /** Length of the derived key, in bytes. */
  readonly keyBytes: number
  /** Aborts the derivation. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with a fraction in 0..1 that never decreases; the last call before success is 1. Native
   * code makes only that last call.
   */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** One end of the channel that connects the handles of a vault. */
export interface EventChannel {
  /** Whether another end may be listening. */
  isHeard(): boolean
  /** Sends a message to every other end that listens. The caller must not change it afterwards. */
  post(message: unknown): void
  /** Receives messages that other ends post from now on, some time after they posted them. */
  listen(receive: (message: unknown) => void): void
  /** Stops receiving, until it listens again. */
  unlisten(): void
  close(): void
}

/** Hashes long data asynchronously, in general on another thread. */
export type HashLongData = (data: Uint8Array) => Promise<Uint8Array>

export const LONG_DATA_BYTES_MIN = 4_096

/**
 * Turns to commit among the handles of a vault that share its storage. Without them a fast handle
 * could keep the others from ever committing; correctness does not depend on them.
 */
export interface Turns {
  /** Whether a handle has a turn or waits for one; `null` if that is unknown without a request. */
  isWanted(): boolean | null
  /**
   * Waits for a turn, in order of arrival.
   *
   * @param signal - not aborted yet; removes the handle from the queue when it is
   * @returns a function that ends the turn, or `null` if the signal was aborted
   */
  take(signal: AbortSignal): Promise<(() => void) | null>
}

/** @param name - the same for all handles of a vault */
export type OpenTurns = (name: string) => Turns

export type OpenChannel = (name: string) => EventChannel

/**
 * The differences between Node, Bun and Deno on one side and browsers on the other, behind the
 * package import `#platform`. Both implementations return the same bytes.
 */
export interface Platform {
  /** At least the hashes and the default suite. */
  readonly primitives: Primitives

  /** The primitives for vaults of one suite, which may have to be loaded first. */
  readonly primitivesOf: (suite: SuiteId) => Promise<Primitives>

  /**
   * SHA-256 of at least {@link LONG_DATA_BYTES_MIN} bytes, if an asynchronous implementation is
   * faster than `primitives`; otherwise `null`.
   */
  readonly hashLongData: HashLongData | null

  /** Bytes of the system's random generator, in a new array. Throws if the generator fails. */
  readonly randomBytes: (length: number) => Uint8Array

  /** Whether two arrays hold the same bytes. Not in constant time: never use it for secrets. */
  readonly isSame: (a: Uint8Array, b: Uint8Array) => boolean

  /**
   * scrypt (RFC 7914). Rejects with `signal.reason` when the signal is or becomes aborted, and with
   * the error that `onProgress` throws. The input is read before the call returns, so the caller
   * may wipe its arrays immediately.
   */
  readonly scrypt: (input: ScryptInput) => Promise<Uint8Array>

  /** Connects the handles of a vault that share its storage. */
  readonly openChannel: OpenChannel

  readonly openTurns: OpenTurns

  /** Resolves after other tasks of this thread had a chance to run. */
  readonly yieldThread: () => Promise<void>
}

/**
 * When a commit counts as durable. `strict`: once it is on the disk. `relaxed`: once the operating
 * system has it, so that a crash of the machine may lose the latest commits, but never a part of
 * one.
 */
export type Durability = 'strict' | 'relaxed'

/** One store, and its location in this environment. */
export interface EmbeddedStore {
  readonly location: string
  readonly durability: Durability
}

/**
 * The built-in storage of an environment, behind the package import `#embedded-storage`: LevelDB in
 * Node, Bun and Deno, IndexedDB in browsers.
 */
export interface EmbeddedStorage {
  /** Opens the store, and creates it if it is missing. */
  readonly create: (store: EmbeddedStore) => Promise<StorageAdapter>

  /** Opens the store without creating it. Rejects with `STORAGE_MISSING` if it does not exist. */
  readonly open: (store: EmbeddedStore) => Promise<StorageAdapter>
}

/**
 * Imports a part of this library that not every application needs, and that is a separate file in a
 * browser. In Node it is already loaded: see `opening/node-parts.ts`.
 *
 * Rejects with {@link VaultError} `MODULE_UNAVAILABLE` if it cannot be loaded.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const message = 'a part of this library cannot be loaded; in a page, a reload may help'
    throw new VaultError('MODULE_UNAVAILABLE', message, { cause })
  }
}
