/**
 * stagevault: a secret manager inside your application.
 *
 * @packageDocumentation
 */

import '#parts'

export { createVault } from './opening/create-vault.js'
export { openVault } from './opening/open-vault.js'
export { generateKey, rawKey } from './keys/raw-key.js'
export { passphrase } from './keys/passphrase.js'
export { keyProvider } from './keys/key-provider.js'
export { VaultError, isIntegrityError } from '@stagevault/core/errors'
export { StorageError, isStorageError } from '@stagevault/storage'

export type { Vault } from './api/vault.js'
export type { Unlock } from './keys/unlock.js'
export type { PassphraseOptions } from './keys/passphrase.js'
export type { KeyProvider } from './keys/key-provider.js'
export type { GivenStorage, OwnLocation } from './opening/storage-location.js'
export type { Durability } from './platform/platform.js'
export type {
  Clock,
  CreateVaultOptions,
  CreateVaultSettings,
  OpenVaultOptions,
  OpenVaultSettings,
  VaultOptions,
  VaultSettings,
} from './opening/vault-options.js'
export type { RandomSource } from './keys/random-source.js'
export type { VaultEvent, VaultListener } from './api/events.js'
export type { VaultErrorCode } from '@stagevault/core/errors'
export type { StorageAdapter, StorageErrorCode } from '@stagevault/storage'
export type { VaultLimits } from '@stagevault/core/limits'
export type { HandleLimits } from '@stagevault/core/model/vault-limits'
export type { SecretType } from '@stagevault/core/names'
export type { Tag, VersionStatus } from '@stagevault/core/model/secret-state'
export type { SecretDataType } from '@stagevault/core/model/value'
export type { Filter, FilterKey } from '@stagevault/core/model/list-filter'
export type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
export type { ProviderKdf, ScryptKdf, SlotKdf } from '@stagevault/core/records/unlock-slot'
export type {
  AbortableRequest,
  AddUnlockSlotRequest,
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  DeleteSecretRequest,
  ExtendedConfig,
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
  VerifyProgress,
  VerifyRequest,
  VersionRequest,
} from './api/requests.js'
export type {
  BatchError,
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
  SecretError,
  SecretMetadata,
  SecretNameResult,
  SecretVersion,
  SlotIdResult,
  UnlockSlotInfo,
  VaultSettingsResult,
  VerifyProblem,
  VerifyResult,
  VersionStatusResult,
} from './api/results.js'
