/** What the operations of a vault return. Times are `Date`s; lists of stages are sorted. */

import type { Tag, VersionStatus } from '@stagevault/core/model/secret-state'
import type { SecretType } from '@stagevault/core/names'
import type { VaultLimits } from '@stagevault/core/limits'
import type { VaultErrorCode } from '@stagevault/core/errors'
import type { ExtendedConfig } from './requests.js'

/** The metadata of a secret. It is authenticated, not encrypted. */
export interface SecretMetadata {
  /** `acs:kms:<region>:<account>:secret/<name>`. */
  readonly arn: string
  /** 1 to 192 characters. */
  readonly secretName: string
  /** `Generic`, or the kind of a managed secret. */
  readonly secretType: SecretType
  /** The id of the KEK that wraps the keys of new versions, 32 hexadecimal digits. */
  readonly encryptionKeyId: string
  /** Empty by default. */
  readonly description: string
  /** Sorted by key. */
  readonly tags: readonly Tag[]
  /** Absent if the secret was created without it. */
  readonly extendedConfig?: ExtendedConfig
  /** When the secret was created. */
  readonly createTime: Date
  /** When its metadata or a version last changed. */
  readonly updateTime: Date
  /** When a secret that was scheduled for deletion is deleted for good. */
  readonly plannedDeleteTime?: Date
  /** Present in a vault that was opened with `unproved`: this may be an older state. */
  readonly isUnproved?: true
}

/** What `createSecret` returns. */
export interface CreateSecretResult {
  /** `acs:kms:<region>:<account>:secret/<name>`. */
  readonly arn: string
  /** As in the request, or the name in its ARN. */
  readonly secretName: string
  /** `Generic`. */
  readonly secretType: SecretType
  /** The id of the first version. */
  readonly versionId: string
}

/** What `putSecretValue` returns. */
export interface PutSecretValueResult {
  /** The secret's name. */
  readonly secretName: string
  /** The id of the version. */
  readonly versionId: string
  /**
   * The labels of the new version, sorted; of a version that was stored before, the labels that it
   * carries now (VER-3).
   */
  readonly versionStages: readonly string[]
  /**
   * Present only if the version was stored before, with this value, and has been evicted since:
   * the value cannot be read, and this put did not store it again (VER-4).
   */
  readonly versionStatus?: 'Evicted'
}

/** The version of a secret that was read, without its value. */
export interface ReadVersion {
  /** `acs:kms:<region>:<account>:secret/<name>`. */
  readonly arn: string
  /** The secret's name. */
  readonly secretName: string
  /** `Generic`, or the kind of a managed secret. */
  readonly secretType: SecretType
  /** The id of the version. */
  readonly versionId: string
  /** The labels that the version carries, sorted. */
  readonly versionStages: readonly string[]
  /** When the version was stored. */
  readonly createTime: Date
  /** Present in a vault that was opened with `unproved`: this may be an older state. */
  readonly isUnproved?: true
}

/** A version whose value is text. */
export interface TextVersion extends ReadVersion {
  /** Tells text from bytes. */
  readonly secretDataType: 'text'
  /** The value. */
  readonly secretData: string
}

/** A version whose value is bytes. */
export interface BinaryVersion extends ReadVersion {
  /** Tells bytes from text. */
  readonly secretDataType: 'binary'
  /** The value, in an array of the caller's own. */
  readonly secretData: Uint8Array
}

/** What `getSecretValue` returns; `secretDataType` tells which of the two it is. */
export type GetSecretValueResult = TextVersion | BinaryVersion

/** What `getSecretJson` returns. */
export interface GetSecretJsonResult<Output> extends ReadVersion {
  /** The value as the schema returned it. */
  readonly secretJson: Output
}

/** What `batchGetSecretValue` returns. */
export interface BatchGetSecretValueResult {
  /** In the order of the request, without those that failed. */
  readonly secretValues: readonly GetSecretValueResult[]
  /** Those that failed, in the order of the request. */
  readonly errors: readonly BatchError[]
}

/** A secret that could not be read, and why. */
export interface SecretError {
  /** The secret's name. */
  readonly secretName: string
  /** What went wrong. */
  readonly code: VaultErrorCode
  /** The same in words for people; no value, key or passphrase. */
  readonly message: string
}

/** A secret of a batch that could not be read, and why. */
export interface BatchError extends SecretError {
  /** As in the request. */
  readonly versionId?: string
  /** As in the request. */
  readonly versionStage?: string
}

/** What `listSecrets` returns. */
export interface ListSecretsResult {
  /** In order of name. */
  readonly secrets: readonly SecretMetadata[]
  /** Present with `includeErrors`: the damaged secrets of this page, in order of name. */
  readonly errors?: readonly SecretError[]
  /** Present if there is another page. */
  readonly nextToken?: string
}

/** A version in a list, without its value. */
export interface SecretVersion {
  /** 1 to 64 characters. */
  readonly versionId: string
  /** When the version was stored. */
  readonly createTime: Date
  /** The labels that the version carries, sorted. */
  readonly versionStages: readonly string[]
  /** `Enabled`, `Disabled` or `Destroyed`. */
  readonly versionStatus: VersionStatus
}

/** What `listSecretVersionIds` returns. */
export interface ListSecretVersionIdsResult {
  /** The secret's name. */
  readonly secretName: string
  /** In order of creation. */
  readonly versions: readonly SecretVersion[]
  /** The same list under the cloud API's name. */
  readonly versionIds: readonly SecretVersion[]
  /** Present if there is another page. */
  readonly nextToken?: string
}

/** What a change of a secret returns. */
export interface SecretNameResult {
  /** The secret's name. */
  readonly secretName: string
}

/** What `deleteSecret` returns. */
export interface DeleteSecretResult extends SecretNameResult {
  /** When the secret is deleted for good; absent if it was deleted at once. */
  readonly plannedDeleteTime?: Date
}

/** What `renameSecret` returns; `secretName` is the new name. */
export interface RenameSecretResult extends SecretNameResult {
  /** The new ARN. */
  readonly arn: string
}

/** What `disableVersion`, `enableVersion` and `destroyVersion` return. */
export interface VersionStatusResult extends SecretNameResult {
  /** As in the request. */
  readonly versionId: string
  /** What the version is now. */
  readonly versionStatus: VersionStatus
}

/** What `getRandomPassword` returns. */
export interface RandomPasswordResult {
  /** 8 to 128 characters of printable ASCII. */
  readonly randomPassword: string
}

/** One way to unlock the vault. */
export interface UnlockSlotInfo {
  /** 32 hexadecimal digits. */
  readonly slotId: string
  /** What the slot was made for. */
  readonly kind: 'raw-key' | 'passphrase' | 'provider'
  /** The name of the key provider, if it is one. */
  readonly provider?: string
  /** Empty by default. */
  readonly description: string
  /** When the slot was added. */
  readonly createTime: Date
}

/** What `listUnlockSlots` returns. */
export interface ListUnlockSlotsResult {
  /** In order of creation, by their times. */
  readonly slots: readonly UnlockSlotInfo[]
}

/** What `addUnlockSlot`, `replaceUnlockSlot` and `removeUnlockSlot` return. */
export interface SlotIdResult {
  /** 32 hexadecimal digits. */
  readonly slotId: string
}

/** What `getVaultSettings` and `updateVaultSettings` return. */
export interface VaultSettingsResult {
  /** What the vault stores. */
  readonly limits: VaultLimits
  /** What holds for this handle: `openVault` may have lowered some. */
  readonly handleLimits: VaultLimits
}

/** What `rebuildRoot` has made the vault of. */
export interface RebuildRootResult {
  /** Secrets whose heads authenticate, each counted once. Everything else is lost permanently. */
  readonly secretCount: number
  /** The limits of the vault from now on. */
  readonly limits: VaultLimits
  /**
   * Secrets that are damaged or lost their heads and so are not counted; and, with
   * `RECORD_MISMATCH`, the earlier name of a secret that is stored under two names.
   */
  readonly errors: readonly SecretError[]
}

/** What `verify` found. */
export interface VerifyResult {
  /** Whether everything was checked and no problem was found. */
  readonly isClean: boolean
  /**
   * `false` if others created, renamed and deleted secrets faster than they could be counted: a
   * secret that was removed with all its records would not have been missed. Verify again.
   */
  readonly isComplete: boolean
  /** Secrets that were checked. */
  readonly secretCount: number
  /** Version records that were checked. */
  readonly versionCount: number
  /** In the order of storage keys, then what is missing. */
  readonly problems: readonly VerifyProblem[]
}

/** One thing that is wrong with the store. */
export interface VerifyProblem {
  /** What is wrong. */
  readonly code: VaultErrorCode
  /** The key of the record, or of the record that is missing. */
  readonly storageKey: string
  /** The same in words for people; no value, key or passphrase. */
  readonly message: string
}
