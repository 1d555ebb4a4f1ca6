/** The limits of a vault: those that it stores, and those of one handle. Pure. */

import { VaultError } from '../errors.js'
import type { VaultLimits } from '../limits.js'
import { LIMIT_RANGES } from '../limits.js'

/** The limits that a handle may lower for itself. `versionsMax` is set only for the whole vault. */
export type HandleLimits = Partial<Omit<VaultLimits, 'versionsMax'>>

const LIMIT_NAMES = Object.keys(LIMIT_RANGES) as (keyof VaultLimits)[]
/** Not `versionsMax`: two programs would evict versions differently. */
const HANDLE_NAMES = ['secretValueBytesMax', 'stageLabelsMax', 'secretsMax'] as const

/**
 * Checks stored limits, before they are written and after they were read.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` naming the limit that is out of range
 */
export function checkStoredLimits(limits: VaultLimits): void {
  for (const name of LIMIT_NAMES) {
    const [min, max] = LIMIT_RANGES[name]
    const value = limits[name]
    if (Number.isSafeInteger(value) && value >= min && value <= max) continue
    throw new VaultError('MALFORMED_RECORD', `${name} of the vault is out of range`)
  }
}

/**
 * Refuses limits of a handle that are higher than those of the vault.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` naming the limit
 */
export function requireLower(stored: VaultLimits, handle: HandleLimits): void {
  for (const name of HANDLE_NAMES) {
    const value = handle[name]
    if (value === undefined || valueOf(name, value) <= valueOf(name, stored[name])) continue
    const [min] = LIMIT_RANGES[name]
    const range = `${String(Math.max(min, 1))} to ${String(stored[name])}`
    throw new VaultError('INVALID_PARAMETER', `${name} must be ${range}, as the vault allows`)
  }
}

/**
 * The limits that apply to a handle: the lower one of each pair. The vault's limits may have been
 * lowered after the handle was opened.
 */
export function lowerLimits(stored: VaultLimits, handle: HandleLimits): VaultLimits {
  const limits = { ...stored }
  for (const name of HANDLE_NAMES) {
    const value = handle[name]
    if (value === undefined) continue
    if (valueOf(name, value) < valueOf(name, stored[name])) limits[name] = value
  }
  return limits
}

/** A limit for comparison. A quota of 0 means no quota, so it is above all others. */
function valueOf(name: keyof VaultLimits, value: number): number {
  return name === 'secretsMax' && value === 0 ? Infinity : value
}

/** Whether a vault with this many secrets may not have another one. */
export function isQuotaReached({ secretsMax }: VaultLimits, secretCount: number): boolean {
  return secretCount >= valueOf('secretsMax', secretsMax)
}
