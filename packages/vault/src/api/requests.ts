/**
 * What the operations of a vault take: the cloud API's parameters in camelCase.
 *
 * Everywhere, `secretName` is 1 to 192 of `[A-Za-z0-9_/+=.@-]` or the secret's ARN, `versionId` and
 * stage labels are 1 to 64 of the same characters. A value of the wrong JavaScript type is a
 * `TypeError`; one that breaks a rule, or an option that an operation does not have, is
 * `INVALID_PARAMETER`.
 */

import type { Filter } from '@stagevault/core/model/list-filter'
import type { SecretDataType } from '@stagevault/core/model/value'
import type { SecretType } from '@stagevault/core/names'
import type { Tag } from '@stagevault/core/model/secret-state'
import type { VaultLimits } from '@stagevault/core/limits'
import type { Unlock } from '../keys/unlock.js'

/** What can be given up while it waits. */
export interface AbortableRequest {
  /**
   * Gives the call up: it rejects with the reason of the signal. Where that is aborted before the
   * call, nothing is read. Later a read ends when the store has answered what it was asked last,
   * and a change leaves the queue, having changed nothing; one whose commit was handed to the
   * store already is awaited, and ends as if there were no signal. An `AbortSignal` of another
   * realm will do.
   */
  readonly signal?: AbortSignal | undefined
}

/** A request that names a secret and nothing else. */
export interface SecretRequest extends AbortableRequest {
  readonly secretName: string
}

/** A request that names one version of one secret. */
export interface VersionRequest extends SecretRequest {
  readonly versionId: string
}

export interface CreateSecretRequest extends SecretRequest {
  /** The first value: 1 to 30,720 bytes (UTF-8 for text), or as the vault's limits say. */
  readonly secretData: string | Uint8Array
  /** `text` for a string, `binary` for a `Uint8Array`; need not be given. */
  readonly secretDataType?: SecretDataType | undefined
  /** Only `Generic` so far, which is the default. */
  readonly secretType?: SecretType | undefined
  /** The id of the first version; `v1` by default (VER-2). */
  readonly versionId?: string | undefined
  /** At most 2,048 characters. */
  readonly description?: string | undefined
  /** At most 20, with distinct keys. */
  readonly tags?: readonly Tag[] | undefined
  /** At most 1,024 characters as JSON, and 10 pairs of `CustomData`. */
  readonly extendedConfig?: ExtendedConfig | undefined
}

/** The cloud API's `ExtendedConfig`, in its spelling. */
export interface ExtendedConfig {
  readonly SecretSubType?: string | undefined
  readonly CustomData?: Readonly<Record<string, string>> | undefined
}

export interface PutSecretValueRequest extends SecretRequest {
  readonly secretData: string | Uint8Array
  readonly secretDataType?: SecretDataType | undefined
  /**
   * The id of the new version; `v<n>` by a counter by default (VER-2). Give one of your own to make
   * the call repeatable: the same id with the same value again changes nothing (VER-3).
   */
  readonly versionId?: string | undefined
  /** The labels of the new version; `['ACSCurrent']` by default (LBL-4, LBL-5). */
  readonly versionStages?: readonly string[] | undefined
  /** Compare-and-set: fails with `VERSION_CONFLICT` unless this version is current. */
  readonly expectedCurrentVersionId?: string | undefined
}

export interface GetSecretValueRequest extends SecretRequest {
  /** With `versionStage` as well, both must agree. */
  readonly versionId?: string | undefined
  /** `ACSCurrent` by default. */
  readonly versionStage?: string | undefined
}

export interface BatchGetSecretValueRequest extends AbortableRequest {
  /** 1 to 20 secrets. */
  readonly secretsList: readonly Omit<GetSecretValueRequest, 'signal'>[]
}

export interface UpdateSecretRequest extends SecretRequest {
  /** At most 2,048 characters. */
  readonly description?: string | undefined
  /** Replaces `CustomData` of the secret's `extendedConfig`. */
  readonly customData?: Readonly<Record<string, string>> | undefined
}

export interface UpdateSecretVersionStageRequest extends SecretRequest {
  readonly versionStage: string
  /** Alone: removes a custom label. With `moveToVersion`: the label must stand here. */
  readonly removeFromVersion?: string | undefined
  /** The version that gets the label. */
  readonly moveToVersion?: string | undefined
}

export interface ListSecretsRequest extends AbortableRequest {
  /** At most 10 filters with distinct keys and 10 values each; values are ORed, filters ANDed. */
  readonly filters?: readonly Filter[] | undefined
  /** Rows of a page, 1 to 100; 10 by default. */
  readonly pageSize?: number | undefined
  /** `nextToken` of the page before. */
  readonly nextToken?: string | undefined
  /**
   * A secret whose records are damaged makes a list reject, so that nobody takes one with a gap for
   * the whole. With `true` it is named in `errors` instead, whatever the filters, and takes a row.
   */
  readonly includeErrors?: boolean | undefined
}

/** What `iterateSecrets` goes by. A damaged secret ends it. */
export type IterateSecretsRequest = Omit<ListSecretsRequest, 'includeErrors'>

export interface ListSecretVersionIdsRequest extends SecretRequest {
  /** Shows versions without a label too. */
  readonly includeDeprecated?: boolean | undefined
  /** Rows of a page, 1 to 100; 10 by default. */
  readonly pageSize?: number | undefined
  readonly nextToken?: string | undefined
}

export interface DeleteSecretRequest extends SecretRequest {
  /** Days until the secret is deleted for good, 7 to 30; 30 by default. */
  readonly recoveryWindowInDays?: number | undefined
  /** Deletes at once and for good; excludes a recovery window. */
  readonly forceDeleteWithoutRecovery?: boolean | undefined
}

export interface TagResourceRequest extends SecretRequest {
  /** 1 to 20 tags; one whose key exists replaces its value. */
  readonly tags: readonly Tag[]
}

export interface UntagResourceRequest extends SecretRequest {
  /** 1 to 20 keys; those that the secret does not have are passed over. */
  readonly tagKeys: readonly string[]
}

export interface RenameSecretRequest extends SecretRequest {
  readonly newSecretName: string
}

export interface GetRandomPasswordRequest {
  /** 8 to 128; 32 by default. */
  readonly passwordLength?: number | undefined
  readonly excludeCharacters?: string | undefined
  readonly excludeLowercase?: boolean | undefined
  readonly excludeUppercase?: boolean | undefined
  readonly excludeNumbers?: boolean | undefined
  readonly excludePunctuation?: boolean | undefined
  /** At least one character of each type that is not excluded; `true` by default. */
  readonly requireEachIncludedType?: boolean | undefined
}

export interface AddUnlockSlotRequest extends AbortableRequest {
  /** One that opens the vault now: an open vault does not keep the key that a new slot needs. */
  readonly unlock: Unlock
  /** What is to open the vault as well. */
  readonly newUnlock: Unlock
  /** What people tell slots apart by, at most 128 characters; readable without a key. */
  readonly description?: string | undefined
}

export interface ReplaceUnlockSlotRequest extends AbortableRequest {
  /** Its slot is removed. */
  readonly unlock: Unlock
  /** What opens the vault instead. */
  readonly newUnlock: Unlock
  /** At most 128 characters; that of the slot before by default. */
  readonly description?: string | undefined
}

export interface RemoveUnlockSlotRequest extends AbortableRequest {
  /** 32 hexadecimal digits, from `listUnlockSlots`. */
  readonly slotId: string
  /** One that opens a slot that stays, as a proof that the vault can still be opened. */
  readonly unlock: Unlock
}

export interface VerifyRequest extends AbortableRequest {
  /** Told after every page of records that was checked. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

export interface VerifyProgress {
  /** Records looked at so far. */
  readonly records: number
}

export interface UpdateVaultSettingsRequest extends AbortableRequest {
  /** The limits to change; those that are not named stay. */
  readonly limits: Partial<VaultLimits>
}

export interface RebuildRootRequest {
  /**
   * The limits of the vault, where the damaged root does not tell them any more; those of a new
   * vault by default.
   */
  readonly limits?: Partial<VaultLimits> | undefined
}
