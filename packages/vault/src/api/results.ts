/** What the operations of a vault give back. Times are `Date`s; lists of stages are sorted. */

import type { SecretDataType } from '@stagevault/core/model/value'
import type { Tag, VersionStatus } from '@stagevault/core/model/secret-state'
import type { SecretType } from '@stagevault/core/names'
import type { VaultLimits } from '@stagevault/core/limits'
import type { VaultErrorCode } from '@stagevault/core/errors'
import type { ExtendedConfig } from './requests.js'

/** The metadata of a secret. It is authenticated, not encrypted. */
export interface SecretMetadata {
  readonly arn: string
  readonly secretName: string
  readonly secretType: SecretType
  /** The KEK that wraps the keys of new versions, in hexadecimal. */
  readonly encryptionKeyId: string
  readonly description: string
  /** Sorted by key. */
  readonly tags: readonly Tag[]
  readonly extendedConfig?: ExtendedConfig
  readonly createTime: Date
  readonly updateTime: Date
  /** When a secret that was scheduled for deletion is deleted for good. */
  readonly plannedDeleteTime?: Date
  /** Given in a vault that was opened with `unproved`: this may be what it once was. */
  readonly isUnproved?: true
}

export interface CreateSecretResult {
  readonly arn: string
  readonly secretName: string
  readonly secretType: SecretType
  readonly versionId: string
}

export interface PutSecretValueResult {
  readonly secretName: string
  readonly versionId: string
  /**
   * The labels of the new version, sorted; of a version that was stored before, the labels that it
   * carries now (VER-3).
   */
  readonly versionStages: readonly string[]
  /**
   * Given only where the version was stored before, with this value, and has been evicted since:
   * the value cannot be read, and this put did not store it again (VER-4).
   */
  readonly versionStatus?: 'Evicted'
}

export interface GetSecretValueResult {
  readonly arn: string
  readonly secretName: string
  readonly secretType: SecretType
  /** A string for text; a `Uint8Array` of the caller's own for binary. */
  readonly secretData: string | Uint8Array
  readonly secretDataType: SecretDataType
  readonly versionId: string
  readonly versionStages: readonly string[]
  /** When the version was stored. */
  readonly createTime: Date
  /** Given in a vault that was opened with `unproved`: this may be what it once was. */
  readonly isUnproved?: true
}

export interface BatchGetSecretValueResult {
  /** In the order of the request, without those that failed. */
  readonly secretValues: readonly GetSecretValueResult[]
  readonly errors: readonly BatchError[]
}

/** A secret that is passed over, and why. */
export interface SecretError {
  readonly secretName: string
  readonly code: VaultErrorCode
  readonly message: string
}

export interface BatchError extends SecretError {
  /** As it was asked for, where it was. */
  readonly versionId?: string
  readonly versionStage?: string
}

export interface ListSecretsResult {
  /** In order of name. */
  readonly secrets: readonly SecretMetadata[]
  /** Given where it was asked for: damaged secrets of this page, in order of name. */
  readonly errors?: readonly SecretError[]
  /** Given when there is another page. */
  readonly nextToken?: string
}

export interface SecretVersion {
  readonly versionId: string
  readonly createTime: Date
  readonly versionStages: readonly string[]
  readonly versionStatus: VersionStatus
}

export interface ListSecretVersionIdsResult {
  readonly secretName: string
  /** In order of creation. */
  readonly versionIds: readonly SecretVersion[]
  readonly nextToken?: string
}

export interface SecretNameResult {
  readonly secretName: string
}

export interface DeleteSecretResult extends SecretNameResult {
  /** Absent when the secret was deleted at once. */
  readonly plannedDeleteTime?: Date
}

export interface RenameSecretResult extends SecretNameResult {
  readonly arn: string
}

export interface VersionStatusResult extends SecretNameResult {
  readonly versionId: string
  readonly versionStatus: VersionStatus
}

export interface RandomPasswordResult {
  readonly randomPassword: string
}

/** One way to unlock the vault. */
export interface UnlockSlotInfo {
  /** 32 hexadecimal digits. */
  readonly slotId: string
  readonly kind: 'raw-key' | 'passphrase' | 'provider'
  /** The name of the key provider, where it is one. */
  readonly provider?: string
  /** Empty where none was given. */
  readonly description: string
  readonly createTime: Date
}

export interface ListUnlockSlotsResult {
  /** In order of creation, by their times. */
  readonly slots: readonly UnlockSlotInfo[]
}

export interface SlotIdResult {
  /** 32 hexadecimal digits. */
  readonly slotId: string
}

export interface VaultSettingsResult {
  /** What the vault stores. */
  readonly limits: VaultLimits
  /** What holds for this handle: `openVault` may have lowered some. */
  readonly handleLimits: VaultLimits
}

/** What {@link Vault.rebuildRoot} has made the vault of. */
export interface RebuildRootResult {
  /**
   * Secrets whose heads authenticate, each once. What was missing besides is missing for good.
   */
  readonly secretCount: number
  readonly limits: VaultLimits
  /**
   * Secrets that are damaged or lost their heads, which are not counted; and, with
   * `RECORD_MISMATCH`, the earlier name of a secret that is there under two.
   */
  readonly errors: readonly SecretError[]
}

/** What {@link Vault.verify} found. */
export interface VerifyResult {
  /** Whether everything was checked and no problem was found. */
  readonly isClean: boolean
  /**
   * `false` where others created, renamed and deleted secrets faster than they could be counted, so
   * that a secret which was removed with every trace would not have been missed. Verify again.
   */
  readonly isComplete: boolean
  readonly secretCount: number
  readonly versionCount: number
  /** In the order in which they were found: of records by their keys, then of what is missing. */
  readonly problems: readonly VerifyProblem[]
}

export interface VerifyProblem {
  readonly code: VaultErrorCode
  /** Where the record is kept, or should be. */
  readonly storageKey: string
  readonly message: string
}
