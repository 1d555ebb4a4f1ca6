/** What `createVault` and `openVault` take, and what becomes of it. */

import { VaultError } from '@stagevault/core/errors'
import type { VaultLimits } from '@stagevault/core/limits'
import {
  CLOSE_TIMEOUT_SECONDS_DEFAULT,
  COMMIT_TIMEOUT_SECONDS_DEFAULT,
  TIMEOUT_SECONDS_MAX,
  TIME_MAX,
} from '@stagevault/core/limits'
import type { HandleLimits } from '@stagevault/core/model/vault-limits'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { SUITE_AES_256_GCM, SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import type { Fields } from '@stagevault/core/request/request-fields'
import {
  hasMethods,
  optionalInteger,
  optionalText,
  readFields,
} from '@stagevault/core/request/request-fields'
import { platform } from '#platform'
import type { HashLongData } from '../platform/platform.js'
import type { RandomSource } from '../keys/random-source.js'
import { watchPlatformRandom, watchRandom } from '../keys/random-source.js'
import type { Unlock } from '../keys/unlock.js'
import { requireUnlock } from '../keys/unlock.js'
import type { StorageOptions, VaultPlace } from './storage-location.js'
import { PLACE_OPTIONS, parsePlace } from './storage-location.js'

/** The time now, as a `Date` or in milliseconds since 1970. */
export type Clock = () => Date | number

/** What `createVault` and `openVault` both take, besides {@link StorageOptions}. */
export interface VaultOptions {
  /** What opens the vault: `passphrase(…)`, `rawKey(…)` or `keyProvider(…)`. */
  readonly unlock: Unlock
  /** The system's clock by default. */
  readonly clock?: Clock | undefined
  /** The system's random generator by default. A source that repeats itself is refused. */
  readonly random?: RandomSource | undefined
  /**
   * The cryptographic primitives; the platform's own by default. All implementations give the
   * same bytes.
   */
  readonly primitives?: Primitives | undefined
  /**
   * Seconds for which a change is tried again while other writers are faster, 1 to 3,600; 30 by
   * default. Then it is `CONFLICT`.
   */
  readonly commitTimeoutSeconds?: number | undefined
  /**
   * Seconds for which `close` waits for operations in progress, 0 to 3,600; 10 by default. Those
   * that have no commit under way by then are `VAULT_CLOSED`.
   */
  readonly closeTimeoutSeconds?: number | undefined
}

/** What `createVault` takes. */
export type CreateVaultOptions = StorageOptions &
  VaultOptions & {
    /** The cipher of all records; `chacha20-poly1305` by default. */
    readonly cipher?: 'chacha20-poly1305' | 'aes-256-gcm' | undefined
    /** The region in ARNs, 1 to 64 of `[A-Za-z0-9_-]`; `local` by default. */
    readonly region?: string | undefined
    /** The account in ARNs, of the same form; the vault's id by default. */
    readonly accountId?: string | undefined
    /** Bounds of values, versions, labels and secrets, which the vault stores. */
    readonly limits?: Partial<VaultLimits> | undefined
  }

/** What `openVault` takes. */
export type OpenVaultOptions = StorageOptions &
  VaultOptions & {
    /** The id of the vault that is expected here, 32 hexadecimal digits; another is refused. */
    readonly vaultId?: string | undefined
    /**
     * Bounds that are lower than the vault's, for this handle alone. Higher ones are
     * `INVALID_PARAMETER`.
     */
    readonly limits?: HandleLimits | undefined
    /** Refuses every change with `UNSUPPORTED_OPERATION`. */
    readonly readOnly?: boolean | undefined
    /**
     * With `readOnly`: opens a vault whose root is damaged or lost. Each record is believed by its
     * own MAC alone, so records that were put back or removed are not noticed; results say
     * `isUnproved`. `rebuildRoot` makes the vault whole again.
     */
    readonly unproved?: boolean | undefined
  }

const COMMON = [
  ...PLACE_OPTIONS,
  'unlock',
  'clock',
  'random',
  'primitives',
  'commitTimeoutSeconds',
  'closeTimeoutSeconds',
] as const

/** The options that both ways share, checked and with defaults filled in. */
export interface ResolvedOptions {
  readonly place: VaultPlace
  readonly unlock: Unlock
  readonly commitTimeoutSeconds: number
  readonly closeTimeoutSeconds: number
  readonly now: () => number
  readonly random: RandomSource
  /** The hashes, before the suite of the vault is known. */
  readonly primitives: Primitives
  readonly primitivesOf: (suite: SuiteId) => Promise<Primitives>
  readonly hashLongData: HashLongData | null
  /** The options that only one of the two has, read but not checked. */
  readonly own: Fields
}

/**
 * Checks the options of `operation`.
 *
 * @param own - the options that only this operation has
 */
export function resolveOptions(
  operation: string,
  input: CreateVaultOptions | OpenVaultOptions,
  own: readonly string[],
): ResolvedOptions {
  const fields = readFields(operation, input, [...COMMON, ...own])
  const place = parsePlace(operation, fields)
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  const clock = optionalFunction(fields.get('clock'), 'clock') as Clock | undefined
  const random = optionalFunction(fields.get('random'), 'random') as RandomSource | undefined
  const primitives = optionalPrimitives(fields.get('primitives'))
  return {
    place,
    unlock,
    commitTimeoutSeconds:
      optionalInteger(fields, 'commitTimeoutSeconds', 1, TIMEOUT_SECONDS_MAX) ??
      COMMIT_TIMEOUT_SECONDS_DEFAULT,
    closeTimeoutSeconds:
      optionalInteger(fields, 'closeTimeoutSeconds', 0, TIMEOUT_SECONDS_MAX) ??
      CLOSE_TIMEOUT_SECONDS_DEFAULT,
    now: checkedClock(clock ?? Date.now),
    random: random === undefined ? watchPlatformRandom() : watchRandom(random),
    primitives: primitives ?? platform.primitives,
    primitivesOf: primitives === null ? platform.primitivesOf : () => Promise.resolve(primitives),
    hashLongData: primitives === null ? platform.hashLongData : null,
    own: fields,
  }
}

function optionalPrimitives(value: unknown): Primitives | null {
  if (value === undefined) return null
  const primitives = value as Primitives
  if (hasMethods(primitives, ['sha256', 'hmacSha256', 'aeadSeal', 'aeadOpen'])) return primitives
  throw new TypeError('primitives must have the methods of an implementation')
}

function optionalFunction(value: unknown, name: string): unknown {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError(`${name} must be a function`)
}

/** The suite of the option `cipher`. @throws {@link VaultError} `INVALID_PARAMETER` */
export function suiteOf(own: Fields): SuiteId {
  const cipher = optionalText(own, 'cipher') ?? 'chacha20-poly1305'
  if (cipher === 'chacha20-poly1305') return SUITE_CHACHA20_POLY1305
  if (cipher === 'aes-256-gcm') return SUITE_AES_256_GCM
  throw new VaultError('INVALID_PARAMETER', 'cipher must be chacha20-poly1305 or aes-256-gcm')
}

/**
 * The clock in milliseconds, as it is read: the greatest time is not kept, so that one wrong
 * reading does not stay.
 *
 * @returns a function that throws a `TypeError` when the clock gives no time.
 */
export function checkedClock(clock: Clock): () => number {
  return () => {
    const time = readClock(clock)
    if (!(time >= 0 && time <= TIME_MAX)) throw new TypeError('the clock gave no time')
    return time
  }
}

function readClock(clock: Clock): number {
  try {
    return Math.floor(Number(clock()))
  } catch {
    // Not passed on as `cause`, like every error of a caller's function that gives a value.
    throw new TypeError('the clock threw an error')
  }
}
