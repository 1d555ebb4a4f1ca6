import { isBytes } from '@stagevault/core/bytes'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import type { SlotKdf } from '@stagevault/core/records/unlock-slot'
import { hasMethods } from '@stagevault/core/request/request-fields'
import type { RandomSource } from './random-source.js'

/**
 * A way to unlock a vault, made by {@link passphrase}, {@link rawKey} or {@link keyProvider}. It
 * can be used for any number of vaults, and shows nothing of what it holds.
 */
export interface Unlock {
  /** The kind of slots that it opens and makes. */
  readonly kind: SlotKdf['kind']
  /** How the key of a new slot is to be made. */
  newKdf(random: RandomSource): SlotKdf | Promise<SlotKdf>
  /**
   * The key of a slot that was made so: 32 bytes of the caller's own, to be wiped after use.
   * `null` where this unlock has nothing to do with the slot; it rejects where it has, and fails.
   */
  deriveKey(kdf: SlotKdf): Promise<Uint8Array | null>
}

/** @throws TypeError naming `what`, where it is no unlock. */
export function requireUnlock(what: string, value: unknown): Unlock {
  const unlock = value as Unlock
  if (hasMethods(unlock, ['newKdf', 'deriveKey'])) return unlock
  throw new TypeError(`${what} must be a passphrase(…), a rawKey(…) or a keyProvider(…)`)
}

/**
 * The key of a slot, or `null` where the unlock has nothing to do with it.
 *
 * @throws TypeError when an unlock of the caller's own gives something else.
 */
export async function deriveSlotKey(unlock: Unlock, kdf: SlotKdf): Promise<Uint8Array | null> {
  if (kdf.kind !== unlock.kind) return null
  const key: unknown = await unlock.deriveKey(kdf)
  if (key === null || (isBytes(key) && key.length === KEY_BYTES)) return key
  throw new TypeError('deriveKey of an unlock must give 32 bytes or null')
}
