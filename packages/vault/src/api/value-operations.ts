import type {
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  GetRandomPasswordRequest,
  GetSecretJsonRequest,
  GetSecretValueRequest,
  PutSecretValueRequest,
  UpdateSecretVersionStageRequest,
  VersionRequest,
} from './requests.js'
import type {
  BatchGetSecretValueResult,
  CreateSecretResult,
  GetSecretJsonResult,
  GetSecretValueResult,
  PutSecretValueResult,
  RandomPasswordResult,
  SecretNameResult,
  VersionStatusResult,
} from './results.js'

/** The operations on values, their versions and their labels. */
export interface ValueOperations {
  /**
   * Creates a secret; its first version gets `ACSCurrent`.
   * Rejects with `SECRET_EXISTS`, `SECRET_IN_DELETE_WINDOW`, `QUOTA_EXCEEDED`;
   * `UNSUPPORTED_OPERATION` for a managed type.
   *
   * @example
   * ```ts
   * await vault.createSecret({ secretName: 'MyApp/token', secretData: 'abc', description: 'CI' })
   * ```
   */
  createSecret(request: CreateSecretRequest): Promise<CreateSecretResult>

  /**
   * Stores a new version (VER-1 to VER-5, LBL-4, LBL-5, EVT-1, EVT-2). Rejects with
   * `VERSION_EXISTS`, `VERSION_DISABLED` for the id of a destroyed version, `VERSION_CONFLICT`,
   * `STAGE_LABEL_LIMIT`, `VERSION_LIMIT`; `UNSUPPORTED_OPERATION` for a managed type.
   *
   * @example
   * ```ts
   * const put = await vault.putSecretValue({ secretName: 'MyApp/db', secretData: 'new password' })
   * console.log(put.versionStages) // → [ 'ACSCurrent' ]
   * ```
   */
  putSecretValue(request: PutSecretValueRequest): Promise<PutSecretValueResult>

  /**
   * Reads a version, by default the current one. Rejects with `VERSION_NOT_FOUND`,
   * `STAGE_NOT_FOUND`, `VERSION_DISABLED`.
   *
   * @example
   * ```ts
   * const previous = { secretName: 'MyApp/db', versionStage: 'ACSPrevious' }
   * const read = await vault.getSecretValue(previous)
   * if (read.secretDataType === 'text') console.log(read.secretData.length) // → 12
   * ```
   */
  getSecretValue(request: GetSecretValueRequest): Promise<GetSecretValueResult>

  /**
   * Reads a version that is JSON and checks it with a schema. Rejects as `getSecretValue`, with
   * `INVALID_PARAMETER` if the value is not JSON or does not satisfy the schema, and with a
   * `TypeError` if the schema is none or throws. The message names where the value does not satisfy
   * the schema, as the keys of the JSON that lead there, and no value.
   *
   * @example
   * ```ts
   * import * as z from 'zod'
   *
   * const schema = z.object({ host: z.string(), port: z.number() })
   * const { secretJson } = await vault.getSecretJson({ secretName: 'MyApp/config', schema })
   * console.log(secretJson.port + 1) // → 5433
   * ```
   */
  getSecretJson<Output>(request: GetSecretJsonRequest<Output>): Promise<GetSecretJsonResult<Output>>

  /**
   * Reads up to 20 secrets; one that cannot be read is an item of `errors`. What concerns the whole
   * store, such as `ROLLBACK_DETECTED`, rejects.
   *
   * @example
   * ```ts
   * const secretsList = [{ secretName: 'MyApp/db' }, { secretName: 'none' }]
   * const { secretValues, errors } = await vault.batchGetSecretValue({ secretsList })
   * console.log(secretValues.length, errors[0]?.code) // → 1 SECRET_NOT_FOUND
   * ```
   */
  batchGetSecretValue(request: BatchGetSecretValueRequest): Promise<BatchGetSecretValueResult>

  /**
   * Adds, moves or removes a stage label (LBL-6 to LBL-9). Rejects with `VERSION_NOT_FOUND`,
   * `VERSION_DISABLED`, `STAGE_LABEL_LIMIT`; `UNSUPPORTED_OPERATION` for a managed type.
   *
   * @example
   * ```ts
   * const back = { versionStage: 'ACSCurrent', moveToVersion: 'v1' }
   * await vault.updateSecretVersionStage({ secretName: 'MyApp/db', ...back })
   * ```
   */
  updateSecretVersionStage(request: UpdateSecretVersionStageRequest): Promise<SecretNameResult>

  /**
   * Makes a version unreadable until it is enabled again. Rejects with `VERSION_NOT_FOUND`;
   * `UNSUPPORTED_OPERATION` for the current version and for one that was destroyed.
   *
   * @example
   * ```ts
   * await vault.disableVersion({ secretName: 'MyApp/db', versionId: 'v1' })
   * ```
   */
  disableVersion(request: VersionRequest): Promise<VersionStatusResult>

  /**
   * Makes a disabled version readable. Rejects as `disableVersion`.
   *
   * @example
   * ```ts
   * await vault.disableVersion({ secretName: 'MyApp/db', versionId: 'v1' })
   * await vault.enableVersion({ secretName: 'MyApp/db', versionId: 'v1' })
   * ```
   */
  enableVersion(request: VersionRequest): Promise<VersionStatusResult>

  /**
   * Deletes a version's value with its wrapped key; its row in lists stays. Rejects as
   * `disableVersion`. How long the storage keeps deleted records depends on the adapter: see its
   * page.
   *
   * @example
   * ```ts
   * await vault.destroyVersion({ secretName: 'MyApp/db', versionId: 'v1' })
   * ```
   */
  destroyVersion(request: VersionRequest): Promise<VersionStatusResult>

  /**
   * Draws a password; all that satisfy the request are equally likely.
   *
   * @example
   * ```ts
   * const request = { passwordLength: 20, excludePunctuation: true }
   * const { randomPassword } = await vault.getRandomPassword(request)
   * console.log(randomPassword.length) // → 20
   * ```
   */
  getRandomPassword(request?: GetRandomPasswordRequest): Promise<RandomPasswordResult>
}
