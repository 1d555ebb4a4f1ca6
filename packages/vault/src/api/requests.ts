/**
 * What the operations of a vault take: the cloud API's parameters in camelCase.
 *
 * A value of the wrong JavaScript type is a `TypeError`; one that breaks a rule, or an option that
 * an operation does not have, is `INVALID_PARAMETER`. Both come before anything changes.
 */

import type { Filter } from '@stagevault/core/model/listing'
import type { Tag } from '@stagevault/core/model/secret-state'
import type { VaultLimits } from '@stagevault/core/limits'
import type { Unlock } from '../keys/unlock.js'
import type { StandardSchema } from './standard-schema.js'

/** A request that can be cancelled. */
export interface AbortableRequest {
  /**
   * Cancels the call: it rejects with the reason of the signal. If the signal is aborted before the
   * call, nothing is read. Later a read ends with the store's next answer. A change leaves the
   * queue and has changed nothing; once its commit was given to the store, it is awaited and ends
   * as if there were no signal. An `AbortSignal` of another realm works too.
   */
  readonly signal?: AbortSignal | undefined
}

/** A request that names one secret. */
export interface SecretRequest extends AbortableRequest {
  /** The secret's name, 1 to 192 of `[A-Za-z0-9_/+=.@-]`, or its ARN. */
  readonly secretName: string
}

/** A request that names one version of one secret. */
export interface VersionRequest extends SecretRequest {
  /** 1 to 64 of `[A-Za-z0-9_/+=.@-]`. */
  readonly versionId: string
}

/** A value whose type follows from what it is. */
export interface AnyDataInput {
  /** 1 to 30,720 bytes (of UTF-8 for a string), or as many as the vault's limits allow. */
  readonly secretData: string | Uint8Array
  /** Follows from the value. */
  readonly secretDataType?: undefined
}

/** A value that must be text. */
export interface TextDataInput {
  /** 1 to 30,720 bytes of UTF-8, or as many as the vault's limits allow. */
  readonly secretData: string
  /** Must agree with the value. */
  readonly secretDataType: 'text'
}

/** A value that must be bytes. */
export interface BinaryDataInput {
  /** 1 to 30,720 bytes, or as many as the vault's limits allow. */
  readonly secretData: Uint8Array
  /** Must agree with the value. */
  readonly secretDataType: 'binary'
}

/** A value to store. */
export type SecretDataInput = AnyDataInput | TextDataInput | BinaryDataInput

/** What `createSecret` takes. */
export type CreateSecretRequest = SecretRequest &
  SecretDataInput & {
    /** Only `Generic` so far, which is the default. */
    readonly secretType?: 'Generic' | undefined
    /** The id of the first version, 1 to 64 characters; `v1` by default (VER-2). */
    readonly versionId?: string | undefined
    /** At most 2,048 characters; not encrypted. */
    readonly description?: string | undefined
    /** At most 20, with distinct keys; not encrypted. */
    readonly tags?: readonly Tag[] | undefined
    /** At most 1,024 characters as JSON; not encrypted. */
    readonly extendedConfig?: ExtendedConfig | undefined
  }

/** The cloud API's `ExtendedConfig`. */
export interface ExtendedConfig {
  /** What kind of managed secret this is; `SecretSubType` in the cloud API. */
  readonly secretSubType?: string | undefined
  /** At most 10 pairs of text; `CustomData` in the cloud API. */
  readonly customData?: Readonly<Record<string, string>> | undefined
}

/** What `putSecretValue` takes. */
export type PutSecretValueRequest = SecretRequest &
  SecretDataInput & {
    /**
     * The id of the new version, 1 to 64 characters; `v<n>` by a counter by default (VER-2). An id
     * of your own makes the call repeatable: the same id with the same value again changes nothing
     * (VER-3).
     */
    readonly versionId?: string | undefined
    /** The labels of the new version; `['ACSCurrent']` by default (LBL-4, LBL-5). */
    readonly versionStages?: readonly string[] | undefined
    /** Compare-and-set: fails with `VERSION_CONFLICT` unless this version is current. */
    readonly expectedCurrentVersionId?: string | undefined
  }

/** What `getSecretValue` takes. */
export interface GetSecretValueRequest extends SecretRequest {
  /** The version to read; if `versionStage` is given too, that version must carry it. */
  readonly versionId?: string | undefined
  /** The label of the version to read; `ACSCurrent` by default. */
  readonly versionStage?: string | undefined
}

/** What `getSecretJson` takes. */
export interface GetSecretJsonRequest<Output> extends GetSecretValueRequest {
  /**
   * What the parsed JSON must satisfy: a schema of zod, valibot, arktype or any other library that
   * implements Standard Schema (https://standardschema.dev), version 1.
   */
  readonly schema: StandardSchema<Output>
}

/** What `batchGetSecretValue` takes. */
export interface BatchGetSecretValueRequest extends AbortableRequest {
  /** 1 to 20 secrets. */
  readonly secretsList: readonly Omit<GetSecretValueRequest, 'signal'>[]
}

/** What `updateSecret` takes: a description, custom data, or both. */
export interface UpdateSecretRequest extends SecretRequest {
  /** At most 2,048 characters; not encrypted. */
  readonly description?: string | undefined
  /** Replaces `customData` of the secret's `extendedConfig`; at most 10 pairs. */
  readonly customData?: Readonly<Record<string, string>> | undefined
}

/** What `updateSecretVersionStage` takes: a label, and where it goes to, comes from, or both. */
export interface UpdateSecretVersionStageRequest extends SecretRequest {
  /** The label to move, 1 to 64 of `[A-Za-z0-9_/+=.@-]`. */
  readonly versionStage: string
  /** Alone: removes a custom label. With `moveToVersion`: this version must carry the label. */
  readonly removeFromVersion?: string | undefined
  /** The version that gets the label. */
  readonly moveToVersion?: string | undefined
}

/** What `iterateSecrets` takes. A damaged secret ends the walk with an error. */
export interface IterateSecretsRequest extends AbortableRequest {
  /**
   * Only secrets whose names begin so, 1 to 192 of `[A-Za-z0-9_/+=.@-]`; upper and lower case
   * differ. Found by seek: other secrets are not read.
   */
  readonly secretNamePrefix?: string | undefined
  /** At most 10 filters with distinct keys and 10 values each; values are ORed, filters ANDed. */
  readonly filters?: readonly Filter[] | undefined
  /** Rows of a page, 1 to 100; 10 by default. */
  readonly pageSize?: number | undefined
  /** `nextToken` of the page before. */
  readonly nextToken?: string | undefined
}

/** What `listSecrets` takes. */
export interface ListSecretsRequest extends IterateSecretsRequest {
  /**
   * By default a damaged secret makes the list reject, so that a list with a gap is not taken for
   * complete. With `true` the secret is named in `errors` instead, with any filters, and takes
   * a row.
   */
  readonly includeErrors?: boolean | undefined
}

/** What `listSecretVersionIds` takes. */
export interface ListSecretVersionIdsRequest extends SecretRequest {
  /** Whether versions without a label are listed too; `false` by default. */
  readonly includeDeprecated?: boolean | undefined
  /** Rows of a page, 1 to 100; 10 by default. */
  readonly pageSize?: number | undefined
  /** `nextToken` of the page before. */
  readonly nextToken?: string | undefined
}

/** What `deleteSecret` takes. */
export interface DeleteSecretRequest extends SecretRequest {
  /** Days until the secret is deleted for good, 7 to 30; 30 by default. */
  readonly recoveryWindowInDays?: number | undefined
  /** Deletes at once and permanently; excludes a recovery window. */
  readonly forceDeleteWithoutRecovery?: boolean | undefined
}

/** What `tagResource` takes. */
export interface TagResourceRequest extends SecretRequest {
  /** 1 to 20 tags; a tag whose key exists replaces its value. */
  readonly tags: readonly Tag[]
}

/** What `untagResource` takes. */
export interface UntagResourceRequest extends SecretRequest {
  /** 1 to 20 keys; keys that the secret does not have are ignored. */
  readonly tagKeys: readonly string[]
}

/** What `renameSecret` takes. */
export interface RenameSecretRequest extends SecretRequest {
  /** 1 to 192 of `[A-Za-z0-9_/+=.@-]`, and not beginning with `acs/`. */
  readonly newSecretName: string
}

/** What `getRandomPassword` takes. */
export interface GetRandomPasswordRequest {
  /** Characters of the password, 8 to 128; 32 by default. */
  readonly passwordLength?: number | undefined
  /** Characters that the password must not contain. */
  readonly excludeCharacters?: string | undefined
  /** Leaves out `a` to `z`. */
  readonly excludeLowercase?: boolean | undefined
  /** Leaves out `A` to `Z`. */
  readonly excludeUppercase?: boolean | undefined
  /** Leaves out `0` to `9`. */
  readonly excludeNumbers?: boolean | undefined
  /** Leaves out the other printable characters of ASCII. */
  readonly excludePunctuation?: boolean | undefined
  /** At least one character of each type that is not excluded; `true` by default. */
  readonly requireEachIncludedType?: boolean | undefined
}

/** What `addUnlockSlot` takes. */
export interface AddUnlockSlotRequest extends AbortableRequest {
  /** An unlock that opens the vault now. An open vault does not keep the key that a slot needs. */
  readonly unlock: Unlock
  /** The unlock that also opens the vault from now on. */
  readonly newUnlock: Unlock
  /** What people tell slots apart by, at most 128 characters; readable without a key. */
  readonly description?: string | undefined
}

/** What `replaceUnlockSlot` takes. */
export interface ReplaceUnlockSlotRequest extends AbortableRequest {
  /** The unlock whose slot is removed. */
  readonly unlock: Unlock
  /** The unlock that opens the vault instead. */
  readonly newUnlock: Unlock
  /** At most 128 characters; that of the removed slot by default. */
  readonly description?: string | undefined
}

/** What `removeUnlockSlot` takes. */
export interface RemoveUnlockSlotRequest extends AbortableRequest {
  /** 32 hexadecimal digits, from `listUnlockSlots`. */
  readonly slotId: string
  /** An unlock that opens a slot that stays: proof that the vault can still be opened. */
  readonly unlock: Unlock
}

/** What `verify` takes. */
export interface VerifyRequest extends AbortableRequest {
  /** Called after every 256 records that were read, and after the last. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

/** How far `verify` or `rebuildRoot` has come. */
export interface VerifyProgress {
  /** Records read so far. */
  readonly records: number
}

/** What `updateVaultSettings` takes. */
export interface UpdateVaultSettingsRequest extends AbortableRequest {
  /** The limits to change; those that are not named stay. */
  readonly limits: Partial<VaultLimits>
}

/** What `rebuildRoot` takes. A signal cancels it until the new root is handed to the store. */
export interface RebuildRootRequest extends VerifyRequest {
  /**
   * The limits of the vault, if the damaged root can no longer tell them; those of a new vault by
   * default.
   */
  readonly limits?: Partial<VaultLimits> | undefined
}
