/** Makes a new unlock slot for a root key. */

import { wipe } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { WRAP_SALT_BYTES, expandKey, hedgedSalt } from '@stagevault/core/crypto/key-wrapping'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { slotKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { SlotKdf } from '@stagevault/core/records/unlock-slot'
import { parseSlot, sealSlot } from '@stagevault/core/records/unlock-slot'
import type { RandomSource } from './random-source.js'
import type { Unlock } from './unlock.js'
import { deriveSlotKey } from './unlock.js'

/** What {@link makeSlot} needs from a vault that is being created or is open. */
export interface SlotMaker {
  readonly records: RecordKeys
  readonly suite: SuiteId
  readonly random: RandomSource
  readonly now: () => number
}

export interface SealedSlot {
  readonly slotId: Uint8Array
  readonly kdf: SlotKdf
  readonly key: string
  readonly value: Uint8Array
}

/**
 * Makes a slot that `unlock` opens. The key is derived as for opening the vault, so that an unlock
 * that cannot repeat its key fails now.
 */
export async function makeSlot(
  { records, suite, random, now }: SlotMaker,
  unlock: Unlock,
  description: string,
  rootKey: Uint8Array,
): Promise<SealedSlot> {
  const { primitives, vaultId } = records
  const kdf = await unlock.newKdf(random)
  const key = await deriveSlotKey(unlock, kdf)
  if (key === null) throw new TypeError('deriveKey of an unlock returned null for its own new slot')
  const hedgeKey = expandKey(primitives, key, subkeyContext(vaultId, 'hedge'))
  try {
    const salt = hedgedSalt(primitives, hedgeKey, vaultId, random(WRAP_SALT_BYTES), rootKey)
    const slot = { slotId: random(16), suite, createTime: now(), kdf, salt, description }
    const made = {
      slotId: slot.slotId,
      kdf,
      key: slotKey(slot.slotId),
      value: sealSlot(records, slot, key, rootKey),
    }
    requireReadable(primitives, made)
    return made
  } finally {
    wipe(key, hedgeKey)
  }
}

/** An unlock implemented by the caller may return values that no slot can store. */
function requireReadable(primitives: Primitives, { key, value }: SealedSlot): void {
  try {
    parseSlot(primitives, key, value)
  } catch {
    throw new TypeError('newKdf of an unlock must return values that a slot can store')
  }
}
