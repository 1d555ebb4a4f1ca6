/** From a passphrase to the page of an open vault. */
import type { Unlock, Vault } from 'stagevault'
import { isVaultError } from 'stagevault'
import { LOCATION } from '../unlocking/vault-place.js'
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import { workerPassphrase } from '../unlocking/worker-passphrase.js'
import type { OpenVaultPage, OpenVaultSettings } from './open-vault-page.js'
import { createOpenVaultPage } from './open-vault-page.js'

/** `createVault` or `openVault`. */
export type MakeVault = (options: { location: string; unlock: Unlock }) => Promise<Vault>

/** The vault was made or opened before it could be cancelled; it is closed again. */
export class TooLate extends Error {}

/** @throws {@link TooLate}, what the vault says, or the reason of `work.signal` */
export async function enterVault(
  make: MakeVault,
  text: string,
  work: DerivationOptions,
  settings: OpenVaultSettings,
): Promise<OpenVaultPage> {
  const vault = await make({ location: LOCATION, unlock: workerPassphrase(text, work) })
  let page: OpenVaultPage | null = null
  try {
    if (work.signal.aborted) throw new TooLate()
    page = await createOpenVaultPage(vault, settings)
    work.signal.throwIfAborted()
    return page
  } catch (error) {
    // What cannot be shown, or is not wanted any more, must not stay unlocked.
    await (page ?? vault).close()
    throw error
  }
}

/** Whether there is a vault where the gate offered to make one, or the other way round. */
export function isOtherThanShown(error: unknown): boolean {
  return isVaultError(error, 'VAULT_EXISTS') || isVaultError(error, 'VAULT_MISSING')
}
