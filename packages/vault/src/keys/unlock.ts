import { isBytes } from '@stagevault/core/bytes'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import type { SlotKdf } from '@stagevault/core/records/unlock-slot'
import { hasMethods } from '@stagevault/core/request/request-fields'
import type { RandomSource } from './random-source.js'

/**
 * A way to unlock a vault, made by {@link passphrase}, {@link rawKey} or {@link keyProvider}. It
 * can be used for any number of vaults. It exposes none of the secrets it holds.
 */
export interface Unlock {
  /** The kind of slots that it opens and makes. */
  readonly kind: SlotKdf['kind']
  /** Chooses how to derive the key of a new slot. */
  newKdf(random: RandomSource): SlotKdf | Promise<SlotKdf>
  /**
   * Derives the key of a slot: 32 bytes in a new array, which the caller wipes after use. Returns
   * `null` if the slot belongs to another unlock; rejects if the derivation fails.
   */
  deriveKey(kdf: SlotKdf): Promise<Uint8Array | null>
}

/** @throws TypeError naming `what` if `value` is not an unlock */
export function requireUnlock(what: string, value: unknown): Unlock {
  const unlock = value as Unlock
  if (hasMethods(unlock, ['newKdf', 'deriveKey'])) return unlock
  throw new TypeError(`${what} must be a passphrase(…), a rawKey(…) or a keyProvider(…)`)
}

/**
 * The key of a slot, or `null` if the slot belongs to another unlock.
 *
 * @throws TypeError if an unlock implemented by the caller returns anything else
 */
export async function deriveSlotKey(unlock: Unlock, kdf: SlotKdf): Promise<Uint8Array | null> {
  if (kdf.kind !== unlock.kind) return null
  const key: unknown = await unlock.deriveKey(kdf)
  if (key === null || (isBytes(key) && key.length === KEY_BYTES)) return key
  throw new TypeError('deriveKey of an unlock must return 32 bytes or null')
}
