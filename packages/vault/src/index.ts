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
export { VaultError, isIntegrityError, isVaultError } from '@stagevault/core/errors'
export { StorageError, isStorageError } from '@stagevault/storage'

// What opening takes.
export type { StorageOptions } from './opening/storage-location.js'
export type {
  Clock,
  CreateVaultOptions,
  OpenVaultOptions,
  VaultOptions,
} from './opening/vault-options.js'
export type { Durability } from './platform/platform.js'
export type { HandleLimits } from '@stagevault/core/model/vault-limits'
export type { VaultLimits } from '@stagevault/core/limits'
export type { StorageAdapter } from '@stagevault/storage'
export type { Unlock } from './keys/unlock.js'
export type { PassphraseOptions } from './keys/passphrase.js'
export type { KeyProvider } from './keys/key-provider.js'
export type { RandomSource } from './keys/random-source.js'

// An open vault, its requests and its results.
export type { AccessOperations } from './api/access-operations.js'
export type { PolicyOperations } from './api/policy-operations.js'
export type { SecretOperations } from './api/secret-operations.js'
export type { ValueOperations } from './api/value-operations.js'
export type { Vault } from './api/vault.js'
export type { Principal, RequestContext } from './api/principal.js'
export type { VaultView } from './api/vault-view.js'
export type {
  AbortableRequest,
  AddUnlockSlotRequest,
  AnyDataInput,
  BatchGetSecretValueRequest,
  BinaryDataInput,
  CreateSecretRequest,
  DeleteSecretRequest,
  ExtendedConfig,
  GetRandomPasswordRequest,
  GetSecretJsonRequest,
  GetSecretValueRequest,
  IterateSecretsRequest,
  ListSecretVersionIdsRequest,
  ListSecretsRequest,
  PutSecretValueRequest,
  RebuildRootRequest,
  RemoveUnlockSlotRequest,
  RenameSecretRequest,
  ReplaceUnlockSlotRequest,
  SecretDataInput,
  SecretRequest,
  TagResourceRequest,
  TextDataInput,
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
  BinaryVersion,
  CreateSecretResult,
  DeleteSecretResult,
  GetSecretJsonResult,
  GetSecretValueResult,
  ListSecretVersionIdsResult,
  ListSecretsResult,
  ListUnlockSlotsResult,
  PutSecretValueResult,
  RandomPasswordResult,
  ReadVersion,
  RebuildRootResult,
  RenameSecretResult,
  SecretError,
  SecretMetadata,
  SecretNameResult,
  SecretVersion,
  SlotIdResult,
  TextVersion,
  UnlockSlotInfo,
  VaultSettingsResult,
  VerifyProblem,
  VerifyResult,
  VersionStatusResult,
} from './api/results.js'
export type {
  AttachPolicyRequest,
  CreateGroupRequest,
  CreatePolicyRequest,
  CreateRoleRequest,
  CreateUserRequest,
  DeleteGroupRequest,
  DeletePolicyRequest,
  DeleteRoleRequest,
  DeleteUserRequest,
  DescriptionOption,
  DetachOption,
  DetachPolicyRequest,
  EnabledOption,
  ExplainAccessRequest,
  GetSecretPolicyRequest,
  GroupRequest,
  ListAccessRequest,
  MembershipRequest,
  PolicyDocument,
  PolicyHolder,
  PolicyRequest,
  RoleRequest,
  SetRoleEnabledRequest,
  SetSecretPolicyRequest,
  SetUserEnabledRequest,
  UpdatePolicyRequest,
  UserRequest,
} from './api/access-requests.js'
export type {
  AccessInfo,
  AccessPage,
  AttachPolicyResult,
  DetachPolicyResult,
  ExplainAccessResult,
  Generation,
  GetPolicyResult,
  GetSecretPolicyResult,
  GroupInfo,
  GroupNameResult,
  GroupResult,
  ListGroupsResult,
  ListPoliciesResult,
  ListRolesResult,
  ListUsersResult,
  MembershipResult,
  PolicyInfo,
  PolicyNameResult,
  PolicyResult,
  RoleInfo,
  RoleNameResult,
  RoleResult,
  SecretPolicyResult,
  UserInfo,
  UserNameResult,
  UserResult,
} from './api/access-results.js'
export type {
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaIssues,
  StandardSchemaOutput,
  StandardSchemaProps,
  StandardSchemaResult,
  StandardSchemaSegment,
  StandardSchemaTypes,
} from './api/standard-schema.js'
export type {
  ExplainedCondition,
  ExplainedStatement,
  StatementPlace,
} from '@stagevault/core/access/explain'
export type { SecretType } from '@stagevault/core/names'
export type { Tag, VersionStatus } from '@stagevault/core/model/secret-state'
export type { Filter, FilterKey } from '@stagevault/core/model/listing'

// Events.
export type {
  EventBase,
  SecretRenamedEvent,
  StageMovedEvent,
  VaultEvent,
  VaultListener,
  VersionCreatedEvent,
  VersionEvent,
} from './api/events.js'

// Errors.
export type { IntegrityErrorCode, VaultErrorCode } from '@stagevault/core/errors'
export type { StorageErrorCode } from '@stagevault/storage'

// For those who bring their own cryptographic primitives.
export type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
export type {
  ProviderKdf,
  RawKeyKdf,
  ScryptKdf,
  SlotKdf,
} from '@stagevault/core/records/unlock-slot'
