/** Requests about the vault itself: its limits, those of one handle, and its unlock slots. */

import { fromHex } from '../bytes.js'
import type { VaultLimits } from '../limits.js'
import { DEFAULT_LIMITS, LIMIT_RANGES, SLOT_DESCRIPTION_CHARS_MAX } from '../limits.js'
import type { HandleLimits } from '../model/vault-limits.js'
import type { Fields } from './request-fields.js'
import {
  invalid,
  optionalBoundedText,
  optionalInteger,
  readFields,
  text,
} from './request-fields.js'

const LIMIT_NAMES = Object.keys(LIMIT_RANGES) as (keyof VaultLimits)[]

/**
 * The bounds of a vault: those it has, by default those of a new one, with the application's
 * choices over them.
 *
 * @throws TypeError for a limit that is not a number; an error with the code `INVALID_PARAMETER`
 *   for one that is out of range or not known.
 */
export function parseVaultLimits(
  chosen: unknown = {},
  before: VaultLimits = DEFAULT_LIMITS,
): VaultLimits {
  return { ...before, ...parseLimitChanges(chosen) }
}

/**
 * The bounds of a handle. Whether they are lower than the vault's is for `requireLower` to say,
 * once its root has been read.
 *
 * @throws as {@link parseVaultLimits}; `INVALID_PARAMETER` also for `versionsMax`.
 */
export function parseHandleLimits(chosen: unknown = {}): HandleLimits {
  const fields = readFields('limits', chosen, LIMIT_NAMES)
  if (fields.get('versionsMax') !== undefined) {
    throw invalid('versionsMax is a setting of the vault, not of a handle')
  }
  return readLimits(fields)
}

/**
 * The bounds that an application changes, each read once.
 *
 * @throws as {@link parseVaultLimits}
 */
export function parseLimitChanges(chosen: unknown = {}): Partial<VaultLimits> {
  return readLimits(readFields('limits', chosen, LIMIT_NAMES))
}

/** The limits that were given. */
function readLimits(fields: Fields): Partial<VaultLimits> {
  const given: { -readonly [Name in keyof VaultLimits]?: number } = {}
  for (const name of LIMIT_NAMES) {
    const value = optionalInteger(fields, name, ...LIMIT_RANGES[name])
    if (value !== null) given[name] = value
  }
  return given
}

/** Bytes of a slot's id. */
const SLOT_ID_BYTES = 16

/** The id of a slot: 32 hexadecimal digits, as lists of slots give it. */
export function slotIdOf(fields: Fields): Uint8Array {
  const slotId = fromHex(text(fields, 'slotId'))
  if (slotId?.length === SLOT_ID_BYTES) return slotId
  throw invalid('slotId must be 32 hexadecimal digits in lower case')
}

/** What people tell slots apart by, or `null` where nothing is given. */
export function slotDescriptionOf(fields: Fields): string | null {
  return optionalBoundedText(fields, 'description', SLOT_DESCRIPTION_CHARS_MAX)
}
