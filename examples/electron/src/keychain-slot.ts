/** The keychain's slot, next to that of the passphrase: made, renewed, and made again when lost. */

import type { Unlock, Vault } from 'stagevault'
import { codeOf } from './error-code.js'
import type { Keychain } from './safe-storage-provider.js'
import { KEYCHAIN_PROVIDER } from './safe-storage-provider.js'

const DESCRIPTION = 'the keychain of this computer'

/**
 * Wraps the slot's key again if the keychain asks for it. The vault is open already: a failure is
 * told by its code, and the old slot stays.
 */
export async function renewSlot(vault: Vault, keychain: Keychain): Promise<string | null> {
  if (!keychain.wantsRewrap()) return null
  const { unlock } = keychain
  return failureOf(() => vault.replaceUnlockSlot({ unlock, newUnlock: unlock }))
}

/**
 * Lets the keychain open the vault from now on, if it can be had and does not yet; the code of what
 * is in the way otherwise. Its earlier slots are removed: they are those of a keychain that was
 * reset.
 *
 * @param words - the passphrase that has just opened the vault
 */
export function mendSlot(vault: Vault, keychain: Keychain, words: Unlock): Promise<string | null> {
  const { unlock } = keychain
  return failureOf(async () => {
    const slotId = await addSlot(vault, unlock, words)
    if (slotId === null) return
    const { slots } = await vault.listUnlockSlots()
    for (const other of slots) {
      if (other.provider !== KEYCHAIN_PROVIDER || other.slotId === slotId) continue
      await vault.removeUnlockSlot({ slotId: other.slotId, unlock })
    }
  })
}

/** The id of the new slot, or `null` where the keychain opens one already. */
async function addSlot(vault: Vault, unlock: Unlock, words: Unlock): Promise<string | null> {
  try {
    const slot = { unlock: words, newUnlock: unlock, description: DESCRIPTION }
    return (await vault.addUnlockSlot(slot)).slotId
  } catch (error) {
    if (codeOf(error) === 'INVALID_PARAMETER') return null
    throw error
  }
}

async function failureOf(change: () => Promise<unknown>): Promise<string | null> {
  try {
    await change()
    return null
  } catch (error) {
    const code = codeOf(error)
    if (code === null) throw error
    return code
  }
}
