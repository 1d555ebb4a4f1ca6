/** Calls of a vault as data: a vault, a model and a history speak of the same call. */

import type {
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  DeleteSecretRequest,
  Filter,
  GetSecretValueRequest,
  PutSecretValueRequest,
  RenameSecretRequest,
  SecretMetadata,
  SecretRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
  UpdateSecretVersionStageRequest,
  Vault,
  VaultLimits,
  VersionRequest,
} from 'stagevault'

/** All pages of a list, by the vault's own tokens: tokens are opaque, so a model has none. */
export interface WalkSecretsRequest {
  readonly secretNamePrefix?: string
  readonly filters?: readonly Filter[]
  readonly pageSize?: number
}

export interface WalkVersionsRequest extends SecretRequest {
  readonly includeDeprecated?: boolean
  readonly pageSize?: number
}

/** Limits of a vault that a model knows. */
export interface LimitsRequest {
  readonly limits: Partial<Pick<VaultLimits, 'versionsMax' | 'stageLabelsMax' | 'secretsMax'>>
}

interface Requests {
  readonly createSecret: CreateSecretRequest
  readonly putSecretValue: PutSecretValueRequest
  readonly getSecretValue: GetSecretValueRequest
  readonly batchGetSecretValue: BatchGetSecretValueRequest
  readonly updateSecret: UpdateSecretRequest
  readonly updateSecretVersionStage: UpdateSecretVersionStageRequest
  readonly describeSecret: SecretRequest
  readonly walkSecrets: WalkSecretsRequest
  readonly walkVersions: WalkVersionsRequest
  readonly deleteSecret: DeleteSecretRequest
  readonly restoreSecret: SecretRequest
  readonly tagResource: TagResourceRequest
  readonly untagResource: UntagResourceRequest
  readonly disableVersion: VersionRequest
  readonly enableVersion: VersionRequest
  readonly destroyVersion: VersionRequest
  readonly renameSecret: RenameSecretRequest
  readonly updateVaultSettings: LimitsRequest
  /** A list that is asked for only because it looks at what is due on its way. */
  readonly sweep: Readonly<Record<string, never>>
}

export type OperationName = keyof Requests

export type Operation = {
  readonly [Name in OperationName]: { readonly name: Name; readonly request: Requests[Name] }
}[OperationName]

/** What an operation came to: its result or the code of its error. */
export type Outcome = { readonly result: unknown } | { readonly code: string }

/** Runs an operation on a vault. Errors without a code are defects and pass through. */
export async function perform(vault: Vault, operation: Operation): Promise<Outcome> {
  try {
    return { result: await call(vault, operation) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && !(error instanceof TypeError)) {
      const { code } = error
      if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return { code }
    }
    throw error
  }
}

async function call(vault: Vault, { name, request }: Operation): Promise<unknown> {
  switch (name) {
    case 'walkSecrets':
      return walkSecrets(vault, request)
    case 'walkVersions':
      return walkVersions(vault, request)
    case 'sweep':
      await vault.listSecrets({ pageSize: 1 })
      return null
    case 'updateVaultSettings': {
      const { limits } = await vault.updateVaultSettings(request)
      const { versionsMax, stageLabelsMax, secretsMax } = limits
      return { limits: { versionsMax, stageLabelsMax, secretsMax } }
    }
    case 'describeSecret':
      return withoutKeyId(await vault.describeSecret(request))
    case 'batchGetSecretValue': {
      const { secretValues, errors } = await vault.batchGetSecretValue(request)
      return { secretValues, errors: errors.map(({ secretName, code }) => ({ secretName, code })) }
    }
    default:
      return (vault[name] as (request: unknown) => Promise<unknown>)(request)
  }
}

/** The id of the key is random: no model can foretell it. */
function withoutKeyId(metadata: SecretMetadata): Omit<SecretMetadata, 'encryptionKeyId'> {
  const { encryptionKeyId, ...known } = metadata
  if (!/^[0-9a-f]{32}$/.test(encryptionKeyId)) throw new Error('encryptionKeyId is not 16 bytes')
  return known
}

/** A list that never ends its pages is a defect, not a reason to hang. */
const PAGES_MAX = 1000

async function walkSecrets(vault: Vault, request: WalkSecretsRequest): Promise<unknown[][]> {
  const pages: unknown[][] = []
  let token: string | undefined
  do {
    const next = token === undefined ? {} : { nextToken: token }
    const { secrets, nextToken } = await vault.listSecrets({ ...request, ...next })
    pages.push(secrets.map(withoutKeyId))
    token = nextToken
  } while (token !== undefined && pages.length < PAGES_MAX)
  return pages
}

async function walkVersions(vault: Vault, request: WalkVersionsRequest): Promise<unknown[][]> {
  const pages: unknown[][] = []
  let token: string | undefined
  do {
    const next = token === undefined ? {} : { nextToken: token }
    const { versionIds, nextToken } = await vault.listSecretVersionIds({ ...request, ...next })
    pages.push([...versionIds])
    token = nextToken
  } while (token !== undefined && pages.length < PAGES_MAX)
  return pages
}
