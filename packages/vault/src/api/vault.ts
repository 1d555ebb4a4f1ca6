/// <reference lib="esnext.disposable" preserve="true" />
import type { AccessOperations } from './access-operations.js'
import type { VaultListener } from './events.js'
import type {
  AddUnlockSlotRequest,
  RebuildRootRequest,
  RemoveUnlockSlotRequest,
  ReplaceUnlockSlotRequest,
  UpdateVaultSettingsRequest,
  VerifyRequest,
} from './requests.js'
import type {
  ListUnlockSlotsResult,
  RebuildRootResult,
  SlotIdResult,
  VaultSettingsResult,
  VerifyResult,
} from './results.js'
import type { SecretOperations } from './secret-operations.js'
import type { ValueOperations } from './value-operations.js'

/**
 * An unlocked vault. All operations are atomic: after a crash or an error they have happened
 * completely or not at all, and none is acknowledged before it is durable.
 *
 * Besides the codes that are named below, every operation may reject with `VAULT_CLOSED`, with
 * `INVALID_PARAMETER`, with the codes of {@link IntegrityErrorCode} if the store holds something
 * else than the vault wrote, and with a `StorageError`; every change also with `CONFLICT` if other
 * writers were faster for `commitTimeoutSeconds`, and with `UNSUPPORTED_OPERATION` through a handle
 * that was opened with `readOnly`. An operation on a secret that does not exist rejects with
 * `SECRET_NOT_FOUND`. While a secret is scheduled for deletion, all operations on it reject with
 * `SECRET_IN_DELETE_WINDOW`, except describing, listing, deleting and restoring.
 *
 * Close a vault with `close()`, or let `await using` do it.
 */
export interface Vault extends ValueOperations, SecretOperations, AccessOperations {
  /** 32 hexadecimal digits. */
  readonly vaultId: string

  /**
   * Lists the ways to unlock the vault.
   *
   * @example
   * ```ts
   * const { slots } = await vault.listUnlockSlots()
   * console.log(slots.map(({ kind }) => kind)) // → [ 'raw-key' ]
   * ```
   */
  listUnlockSlots(): Promise<ListUnlockSlotsResult>

  /**
   * Lets another passphrase, key or provider open the vault too; nothing is re-encrypted.
   * Rejects with `UNLOCK_FAILED` if `unlock` opens no slot, `INVALID_PARAMETER` if `newUnlock`
   * opens one, `QUOTA_EXCEEDED` for a 33rd slot or if the passphrases together would cost too much
   * to try, `KEYRING_UNAVAILABLE` if a key provider fails, and with what the unlocks reject with.
   *
   * @example
   * ```ts
   * await vault.addUnlockSlot({ unlock, newUnlock: passphrase('correct horse battery staple') })
   * ```
   */
  addUnlockSlot(request: AddUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Replaces one unlock by another in one commit: changes a passphrase. It does not lock out anyone
   * who knows the old one and has a copy of the store. Rejects as `addUnlockSlot`.
   *
   * @example
   * ```ts
   * await vault.replaceUnlockSlot({ unlock, newUnlock: rawKey(generateKey()) })
   * ```
   */
  replaceUnlockSlot(request: ReplaceUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Removes a way to unlock the vault, never the last. Rejects with `KEY_NOT_FOUND` if there is no
   * such slot, and with `UNLOCK_FAILED` if `unlock` opens none of those that stay.
   *
   * @example
   * ```ts
   * const newUnlock = rawKey(generateKey())
   * const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock })
   * await vault.removeUnlockSlot({ slotId, unlock })
   * ```
   */
  removeUnlockSlot(request: RemoveUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Checks every record: that it authenticates and opens, that all rules hold, and that nothing is
   * missing and nothing extra. Two things it cannot find: a store that was put back as a whole to
   * an earlier state, and a secret of which every record was put back or removed together with the
   * vault root.
   *
   * @example
   * ```ts
   * const { isClean, problems } = await vault.verify()
   * console.log(isClean, problems) // → true []
   * ```
   */
  verify(request?: VerifyRequest): Promise<VerifyResult>

  /**
   * Reads the limits of the vault and of this handle.
   *
   * @example
   * ```ts
   * const { limits } = await vault.getVaultSettings()
   * console.log(limits.versionsMax) // → 10
   * ```
   */
  getVaultSettings(): Promise<VaultSettingsResult>

  /**
   * Changes the limits that the vault stores, for all handles. Nothing that is stored is lost, and
   * nothing is written if the vault has these limits already.
   *
   * @example
   * ```ts
   * await vault.updateVaultSettings({ limits: { versionsMax: 20 } })
   * ```
   */
  updateVaultSettings(request: UpdateVaultSettingsRequest): Promise<VaultSettingsResult>

  /**
   * Writes a new root for a vault whose root is damaged or lost: it counts the secrets that
   * authenticate, and takes the keyring and the access records as they are. What is missing by then
   * is lost permanently, and a store that was rolled back is taken as it is; the result names what
   * is damaged. Afterwards the vault can be opened again, and open handles go on.
   * Rejects with `UNSUPPORTED_OPERATION` unless the vault was opened with `readOnly` and
   * `unproved`, and with `CONFLICT` if others wrote the root.
   *
   * @example
   * ```ts
   * const damaged = await openVault({ storage, unlock, readOnly: true, unproved: true })
   * const { secretCount, errors } = await damaged.rebuildRoot()
   * console.log(secretCount, errors) // → 2 []
   * await damaged.close()
   * ```
   */
  rebuildRoot(request?: RebuildRootRequest): Promise<RebuildRootResult>

  /**
   * Calls `listener` after every change of a secret: for changes through this vault in order of
   * commit, and with `isRemote` for changes through other handles on the same storage, soon after
   * they were made. In a browser these are the other tabs and workers of the origin; in Node, the
   * vaults of this process. An event is a hint only: read to see what the storage holds. Two copies
   * of a vault that are open at once have one id, and hear of each other's changes too.
   *
   * @returns a function that ends the subscription.
   * @throws VaultError `VAULT_CLOSED`
   *
   * @example
   * ```ts
   * const unsubscribe = vault.subscribe((event) => {
   *   if (event.type === 'secret.renamed') console.log(event.formerSecretName, event.secretName)
   * })
   * await vault.renameSecret({ secretName: 'MyApp/db', newSecretName: 'db' }) // → MyApp/db db
   * unsubscribe()
   * ```
   */
  subscribe(listener: VaultListener): () => void

  /**
   * Waits for operations in progress, for `closeTimeoutSeconds` at most, and wipes the keys. What
   * has not ended by then rejects with `VAULT_CLOSED`; only a commit that was given to the store,
   * and `rebuildRoot`, are awaited as long as they take. A store that the vault opened at its
   * `location` is closed too, which may take until it has answered; a store that was given as
   * `storage` stays open. Idempotent.
   *
   * @example
   * ```ts
   * await vault.close()
   * ```
   */
  close(): Promise<void>

  /**
   * The same as `close()`, for `await using`. Present where the runtime has `Symbol.asyncDispose`.
   *
   * @example
   * ```ts
   * await using other = await openVault({ storage, unlock })
   * console.log(other.vaultId === vault.vaultId) // → true
   * ```
   */
  [Symbol.asyncDispose](): Promise<void>
}
