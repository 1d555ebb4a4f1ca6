import type { VaultListener } from './events.js'
import type {
  AddUnlockSlotRequest,
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  DeleteSecretRequest,
  GetRandomPasswordRequest,
  GetSecretValueRequest,
  IterateSecretsRequest,
  ListSecretVersionIdsRequest,
  ListSecretsRequest,
  PutSecretValueRequest,
  RebuildRootRequest,
  RemoveUnlockSlotRequest,
  RenameSecretRequest,
  ReplaceUnlockSlotRequest,
  SecretRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
  UpdateSecretVersionStageRequest,
  UpdateVaultSettingsRequest,
  VerifyRequest,
  VersionRequest,
} from './requests.js'
import type {
  BatchGetSecretValueResult,
  CreateSecretResult,
  DeleteSecretResult,
  GetSecretValueResult,
  ListSecretVersionIdsResult,
  ListSecretsResult,
  ListUnlockSlotsResult,
  PutSecretValueResult,
  RandomPasswordResult,
  RebuildRootResult,
  RenameSecretResult,
  SecretMetadata,
  SecretNameResult,
  SecretVersion,
  SlotIdResult,
  VaultSettingsResult,
  VerifyResult,
  VersionStatusResult,
} from './results.js'

/**
 * An unlocked vault. All operations are atomic: after a crash or an error they have happened
 * wholly or not at all, and none is acknowledged before it is durable.
 *
 * Beside the codes that are named below every operation may reject with `VAULT_CLOSED`, with the
 * codes of the integrity group when the store holds what the vault did not write, with
 * `CONFLICT` when other writers were faster for `commitTimeoutSeconds`, and with a `StorageError`.
 * An operation on a secret that is not there rejects with `SECRET_NOT_FOUND`; all but describing,
 * listing, deleting and restoring reject with `SECRET_IN_DELETE_WINDOW` while it is scheduled for
 * deletion.
 */
export interface Vault {
  /** 32 hexadecimal digits. */
  readonly vaultId: string

  /**
   * Creates a secret; its first version gets `ACSCurrent`.
   * Rejects with `SECRET_EXISTS`, `SECRET_IN_DELETE_WINDOW`, `QUOTA_EXCEEDED`;
   * `UNSUPPORTED_OPERATION` for a managed type.
   */
  createSecret(request: CreateSecretRequest): Promise<CreateSecretResult>

  /**
   * Stores a new version (VER, LBL and EVT rules). Rejects with `VERSION_EXISTS`,
   * `VERSION_DISABLED` for the id of a destroyed version, `VERSION_CONFLICT`, `STAGE_LABEL_LIMIT`,
   * `VERSION_LIMIT`; `UNSUPPORTED_OPERATION` for a managed type.
   */
  putSecretValue(request: PutSecretValueRequest): Promise<PutSecretValueResult>

  /**
   * Reads a version, by default the current one. Rejects with `VERSION_NOT_FOUND`,
   * `STAGE_NOT_FOUND`, `VERSION_DISABLED`.
   */
  getSecretValue(request: GetSecretValueRequest): Promise<GetSecretValueResult>

  /** Reads up to 20 secrets; one that cannot be read is an item of `errors`. */
  batchGetSecretValue(request: BatchGetSecretValueRequest): Promise<BatchGetSecretValueResult>

  /** Changes the description or the custom data. */
  updateSecret(request: UpdateSecretRequest): Promise<SecretNameResult>

  /**
   * Adds, moves or removes a stage label (LBL-6 to LBL-9). Rejects with `VERSION_NOT_FOUND`,
   * `VERSION_DISABLED`, `STAGE_LABEL_LIMIT`; `UNSUPPORTED_OPERATION` for a managed type.
   */
  updateSecretVersionStage(request: UpdateSecretVersionStageRequest): Promise<SecretNameResult>

  describeSecret(request: SecretRequest): Promise<SecretMetadata>

  /** A page of secrets in order of name, found by seek: the last costs what the first does. */
  listSecrets(request?: ListSecretsRequest): Promise<ListSecretsResult>

  /** All secrets that `listSecrets` would show, page after page; every walk begins anew. */
  iterateSecrets(request?: IterateSecretsRequest): AsyncIterable<SecretMetadata>

  /** A page of the versions of a secret, in order of creation. */
  listSecretVersionIds(request: ListSecretVersionIdsRequest): Promise<ListSecretVersionIdsResult>

  /** All versions that `listSecretVersionIds` would show, page after page. */
  iterateSecretVersionIds(request: ListSecretVersionIdsRequest): AsyncIterable<SecretVersion>

  /**
   * Schedules a secret for deletion, again with a new date, or deletes it at once. What the storage
   * keeps of deleted records for a while is up to it: see the page of the adapter.
   */
  deleteSecret(request: DeleteSecretRequest): Promise<DeleteSecretResult>

  /** Takes a secret back with all its versions and labels. Rejects with `SECRET_NOT_SCHEDULED`. */
  restoreSecret(request: SecretRequest): Promise<SecretNameResult>

  /** Adds or replaces tags. */
  tagResource(request: TagResourceRequest): Promise<SecretNameResult>

  untagResource(request: UntagResourceRequest): Promise<SecretNameResult>

  /**
   * Makes a version unreadable until it is enabled again. Rejects with `VERSION_NOT_FOUND`;
   * `UNSUPPORTED_OPERATION` for the current version and for one that was destroyed.
   */
  disableVersion(request: VersionRequest): Promise<VersionStatusResult>

  enableVersion(request: VersionRequest): Promise<VersionStatusResult>

  /**
   * Deletes a version's value with its wrapped key; the row stays. Rejects as `disableVersion`.
   * What the storage keeps of deleted records for a while is up to it: see the page of the adapter.
   */
  destroyVersion(request: VersionRequest): Promise<VersionStatusResult>

  /**
   * Gives a secret another name; versions, labels and dates stay. Rejects with `SECRET_EXISTS`.
   */
  renameSecret(request: RenameSecretRequest): Promise<RenameSecretResult>

  /** Draws a password; every one that fits the request is equally likely. */
  getRandomPassword(request?: GetRandomPasswordRequest): Promise<RandomPasswordResult>

  /** The ways to unlock the vault. */
  listUnlockSlots(): Promise<ListUnlockSlotsResult>

  /**
   * Lets another passphrase, key or provider open the vault as well; nothing is re-encrypted.
   * Rejects with `UNLOCK_FAILED` where `unlock` opens no slot, `INVALID_PARAMETER` where
   * `newUnlock` opens one, `QUOTA_EXCEEDED` for a 33rd slot or too costly passphrases together,
   * `KEYRING_UNAVAILABLE` where a key provider fails, and with what the unlocks reject with.
   */
  addUnlockSlot(request: AddUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Puts a new unlock in the place of one, in one step: changes a passphrase. It takes nothing
   * back from someone who knows the old one and has a copy of the store. Rejects as
   * `addUnlockSlot`.
   */
  replaceUnlockSlot(request: ReplaceUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Removes a way to unlock the vault, never the last. Rejects with `KEY_NOT_FOUND` where there is
   * no such slot, and with `UNLOCK_FAILED` where `unlock` opens none of those that stay.
   */
  removeUnlockSlot(request: RemoveUnlockSlotRequest): Promise<SlotIdResult>

  /**
   * Checks every record: that it is authentic, that it opens, that all rules hold and that nothing
   * is missing or too many. Finds everything but a store that was put back as a whole to an earlier
   * state, or a secret of which every record was put back or removed together with the vault root.
   */
  verify(request?: VerifyRequest): Promise<VerifyResult>

  /** The limits of the vault and of this handle. */
  getVaultSettings(): Promise<VaultSettingsResult>

  /**
   * Changes the limits that the vault stores, for all handles. Nothing that is stored is lost, and
   * nothing is written where they are stored already.
   */
  updateVaultSettings(request: UpdateVaultSettingsRequest): Promise<VaultSettingsResult>

  /**
   * Writes a new root for a vault whose root is damaged or lost: it counts the secrets that
   * authenticate and takes the keyring as it is found. What is missing by then is missing for good,
   * and a store that was rolled back is taken as it is; the result names what is damaged.
   * Afterwards the vault can be opened again, and handles that are open go on.
   * Rejects with `UNSUPPORTED_OPERATION` unless the vault was opened with `readOnly` and
   * `unproved`, and with `CONFLICT` where others wrote the root.
   */
  rebuildRoot(request?: RebuildRootRequest): Promise<RebuildRootResult>

  /**
   * Calls `listener` after every change of a secret: those made through this vault in order of
   * commit, and with `isRemote` those made through others that share its storage, soon after they
   * were made. In a browser these are the other tabs and workers of the origin; in Node, the vaults
   * of this process. A hint and no more: what is read is what the storage holds. Two copies of a
   * vault that are open at once have one id, and hear of each other's changes as well.
   *
   * @returns a function that ends it.
   * @throws VaultError `VAULT_CLOSED`
   */
  subscribe(listener: VaultListener): () => void

  /**
   * Waits for operations in progress, for `closeTimeoutSeconds` at most, and forgets the keys. What
   * has not ended by then rejects with `VAULT_CLOSED`; only a commit that was handed to the store
   * is awaited as long as it takes, and `rebuildRoot`. A store that the vault opened at its
   * `location` is closed as well, which may take until it has answered; one that was given as
   * `storage` stays open. Idempotent.
   */
  close(): Promise<void>
}
