import { isBytes } from '@stagevault/core/bytes'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import type { SlotKdf } from '@stagevault/core/records/unlock-slot'
import type { RandomSource } from '../random-source.js'

/**
 * A way to unlock a vault, made by {@link rawKey} or {@link passphrase}. It can be used for any
 * number of vaults, and shows nothing of what it holds.
 */
export interface Unlock {
  readonly kind: SlotKdf['kind']
  /** How the key of a new slot is to be made. */
  newKdf(random: RandomSource): SlotKdf
  /** The key of a slot that was made so: 32 bytes of the caller's own, to be wiped after use. */
  deriveKey(kdf: SlotKdf): Promise<Uint8Array>
}

/** The key of a slot. @throws TypeError when an unlock of the caller's own gives no key. */
export async function deriveSlotKey(unlock: Unlock, kdf: SlotKdf): Promise<Uint8Array> {
  const key: unknown = await unlock.deriveKey(kdf)
  if (isBytes(key) && key.length === KEY_BYTES) return key
  throw new TypeError('deriveKey of an unlock must give 32 bytes')
}
