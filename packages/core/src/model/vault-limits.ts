/** The bounds of a vault: those that it keeps itself, and those of one handle. Pure. */

import { VaultError } from '../errors.js'
import type { VaultLimits } from '../limits.js'
import { LIMIT_RANGES } from '../limits.js'

/** The bounds that a handle may lower for itself. `versionsMax` is the vault's alone. */
export type HandleLimits = Partial<Omit<VaultLimits, 'versionsMax'>>

const LIMIT_NAMES = Object.keys(LIMIT_RANGES) as (keyof VaultLimits)[]
/** Not `versionsMax`: two programs would evict versions differently. */
const HANDLE_NAMES = ['secretValueBytesMax', 'stageLabelsMax', 'secretsMax'] as const

/**
 * Checks bounds that a vault keeps, before they are written and after they were read.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` naming the one that is out of range.
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
 * Refuses bounds of a handle that are higher than the vault's.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` naming the limit.
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
 * The bounds that hold for a handle: of each limit the lower one. The vault's may have been lowered
 * after the handle was opened.
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

/** A limit for comparison: a quota of 0 is none, so above all others. */
function valueOf(name: keyof VaultLimits, value: number): number {
  return name === 'secretsMax' && value === 0 ? Infinity : value
}

/** Whether a vault with so many secrets has no room for another. */
export function isQuotaReached({ secretsMax }: VaultLimits, secretCount: number): boolean {
  return secretCount >= valueOf('secretsMax', secretsMax)
}
