import type {
  DeleteSecretRequest,
  IterateSecretsRequest,
  ListSecretVersionIdsRequest,
  ListSecretsRequest,
  RenameSecretRequest,
  SecretRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
} from './requests.js'
import type {
  DeleteSecretResult,
  ListSecretVersionIdsResult,
  ListSecretsResult,
  RenameSecretResult,
  SecretMetadata,
  SecretNameResult,
  SecretVersion,
} from './results.js'

/** The operations on secrets as a whole: metadata, lists, names, deletion. */
export interface SecretOperations {
  /**
   * Reads the metadata of a secret.
   *
   * @example
   * ```ts
   * const { tags } = await vault.describeSecret({ secretName: 'MyApp/db' })
   * console.log(tags) // → [ { tagKey: 'team', tagValue: 'a' } ]
   * ```
   */
  describeSecret(request: SecretRequest): Promise<SecretMetadata>

  /**
   * A page of secrets in order of name, found by seek: the last costs what the first does.
   *
   * @example
   * ```ts
   * const { secrets } = await vault.listSecrets({ secretNamePrefix: 'MyApp/', pageSize: 100 })
   * console.log(secrets.map(({ secretName }) => secretName)) // → [ 'MyApp/config', 'MyApp/db' ]
   * ```
   */
  listSecrets(request?: ListSecretsRequest): Promise<ListSecretsResult>

  /**
   * All secrets that `listSecrets` would list, page after page. Each walk starts at the first page.
   *
   * @example
   * ```ts
   * for await (const { secretName } of vault.iterateSecrets()) console.log(secretName)
   * ```
   */
  iterateSecrets(request?: IterateSecretsRequest): AsyncIterable<SecretMetadata>

  /**
   * A page of the versions of a secret, in order of creation.
   *
   * @example
   * ```ts
   * const { versions } = await vault.listSecretVersionIds({ secretName: 'MyApp/db' })
   * console.log(versions.map(({ versionId }) => versionId)) // → [ 'v1', 'v2' ]
   * ```
   */
  listSecretVersionIds(request: ListSecretVersionIdsRequest): Promise<ListSecretVersionIdsResult>

  /**
   * All versions that `listSecretVersionIds` would list, page after page.
   *
   * @example
   * ```ts
   * const request = { secretName: 'MyApp/db', includeDeprecated: true }
   * for await (const version of vault.iterateSecretVersionIds(request)) {
   *   console.log(version.versionId, version.versionStages)
   * }
   * ```
   */
  iterateSecretVersionIds(request: ListSecretVersionIdsRequest): AsyncIterable<SecretVersion>

  /**
   * Changes the description or the custom data.
   *
   * @example
   * ```ts
   * await vault.updateSecret({ secretName: 'MyApp/db', description: 'the primary' })
   * ```
   */
  updateSecret(request: UpdateSecretRequest): Promise<SecretNameResult>

  /**
   * Adds or replaces tags, of which a secret has at most 20.
   *
   * @example
   * ```ts
   * const tags = [{ tagKey: 'stage', tagValue: 'test' }]
   * await vault.tagResource({ secretName: 'MyApp/db', tags })
   * ```
   */
  tagResource(request: TagResourceRequest): Promise<SecretNameResult>

  /**
   * Removes tags by their keys.
   *
   * @example
   * ```ts
   * await vault.untagResource({ secretName: 'MyApp/db', tagKeys: ['team'] })
   * ```
   */
  untagResource(request: UntagResourceRequest): Promise<SecretNameResult>

  /**
   * Gives a secret another name; versions, labels, dates and the secret's policy stay. Rejects with
   * `SECRET_EXISTS`, and with `INVALID_PARAMETER` if the policy does not match the new name.
   *
   * @example
   * ```ts
   * await vault.renameSecret({ secretName: 'MyApp/db', newSecretName: 'MyApp/database' })
   * ```
   */
  renameSecret(request: RenameSecretRequest): Promise<RenameSecretResult>

  /**
   * Schedules a secret for deletion, again with a new date, or deletes it at once. How long the
   * storage keeps deleted records depends on the adapter: see its page.
   *
   * @example
   * ```ts
   * await vault.deleteSecret({ secretName: 'MyApp/db', recoveryWindowInDays: 7 })
   * ```
   */
  deleteSecret(request: DeleteSecretRequest): Promise<DeleteSecretResult>

  /**
   * Cancels a deletion; the secret has all its versions and labels. Rejects with
   * `SECRET_NOT_SCHEDULED`.
   *
   * @example
   * ```ts
   * await vault.deleteSecret({ secretName: 'MyApp/db' })
   * await vault.restoreSecret({ secretName: 'MyApp/db' })
   * ```
   */
  restoreSecret(request: SecretRequest): Promise<SecretNameResult>
}
