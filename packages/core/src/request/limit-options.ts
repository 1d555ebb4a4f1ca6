/** The bounds that an application sets when it opens a vault. */

import type { VaultLimits } from '../limits.js'
import { DEFAULT_LIMITS, LIMIT_RANGES } from '../limits.js'
import { optionalInteger, readFields } from './request-fields.js'

/**
 * The defaults with the application's choices over them.
 *
 * @throws TypeError for a limit that is not a number; an error with the code `INVALID_PARAMETER`
 *   for one that is out of range or not known.
 */
export function resolveLimits(chosen: Partial<VaultLimits> = {}): VaultLimits {
  const names = Object.keys(LIMIT_RANGES) as (keyof VaultLimits)[]
  const fields = readFields('limits', chosen, names)
  const limits = { ...DEFAULT_LIMITS }
  for (const name of names) {
    const [min, max] = LIMIT_RANGES[name]
    limits[name] = optionalInteger(fields, name, min, max) ?? limits[name]
  }
  return limits
}
