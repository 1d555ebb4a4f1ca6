/** The bounds that an application asks for: for a vault, or for one handle on it. */

import type { VaultLimits } from '../limits.js'
import { DEFAULT_LIMITS, LIMIT_RANGES } from '../limits.js'
import type { HandleLimits } from '../model/vault-limits.js'
import type { Fields } from './request-fields.js'
import { invalid, optionalInteger, readFields } from './request-fields.js'

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
