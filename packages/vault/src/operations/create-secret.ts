import { formatArn } from '@stagevault/core/arn'
import { wipe } from '@stagevault/core/bytes'
import { hedgedSecretId } from '@stagevault/core/crypto/key-derivation'
import { VaultError, isVaultError } from '@stagevault/core/errors'
import type { NewSecret } from '@stagevault/core/model/secret-lifecycle'
import { FIRST_VERSION_ID, planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { isQuotaReached } from '@stagevault/core/model/vault-limits'
import { STAGE_CURRENT } from '@stagevault/core/names'
import type { CreateSecret } from '@stagevault/core/request/value-requests'
import { parseCreateSecret, requireValueSize } from '@stagevault/core/request/value-requests'
import type { CreateSecretRequest } from '../api/requests.js'
import type { CreateSecretResult } from '../api/results.js'
import type { Change, Plan, View } from '../commit/change.js'
import { sweepDeletions } from './deletion.js'
import type { VersionPlace } from '../records/version.js'
import { ValueSealer, headDigest } from '../records/version.js'
import type { VaultHandle } from './vault-handle.js'
import type { Session } from '../session/session.js'

/** Bytes of randomness that a secret's id is made of. */
const ID_RANDOM_BYTES = 32

export async function createSecret(
  session: VaultHandle,
  input: CreateSecretRequest,
): Promise<CreateSecretResult> {
  const request = parseCreateSecret(input, session.scope)
  try {
    requireGeneric(request)
    const change = creation(session, request)
    try {
      return await session.committer.submit(change)
    } catch (error) {
      // Secrets whose recovery window has ended hold a name, or a place in the quota, until a
      // sweep deletes them: this one, or another that is under way.
      if (!isHeldByDeletion(error)) throw error
      await sweepDeletions(session)
      return await session.committer.submit(change)
    }
  } finally {
    wipe(request.value.bytes)
  }
}

function requireGeneric({ secretType }: CreateSecret): void {
  if (secretType === 'Generic') return
  const message = `${secretType} secrets are made with a rotator, which is not built yet`
  throw new VaultError('UNSUPPORTED_OPERATION', message)
}

function isHeldByDeletion(error: unknown): boolean {
  return isVaultError(error) &&
    (error.code === 'SECRET_IN_DELETE_WINDOW' || error.code === 'QUOTA_EXCEEDED')
}

/** The id is drawn once: the same secret is created, however often the change is planned. */
function creation(session: Session, request: CreateSecret): Change<CreateSecretResult> {
  const { secretName, value } = request
  const { primitives, vaultId, keys: { defaultKek } } = session
  const now = session.now()
  const random = session.random(ID_RANDOM_BYTES)
  const named = { vaultId, secretName, createTime: now }
  const secretId = hedgedSecretId(primitives, defaultKek.hedgeKey, named, random, value.bytes)
  const versionId = request.versionId ?? FIRST_VERSION_ID
  const place: VersionPlace = { secretId, number: 1, versionId, kek: defaultKek }
  const secret: NewSecret = {
    secretId,
    secretName,
    secretType: request.secretType,
    encryptionKeyId: defaultKek.keyId,
    description: request.description,
    tags: request.tags,
    extendedConfig: request.extendedConfig,
    now,
  }
  const sealer = new ValueSealer(session, value, now)
  return {
    secretNames: [secretName],
    plan: (view) => plan(session, view, request, secret, place, sealer),
    prepare: () => sealer.prepare(place),
  }
}

function plan(
  session: Session,
  view: View,
  { value }: CreateSecret,
  secret: NewSecret,
  place: VersionPlace,
  sealer: ValueSealer,
): Plan<CreateSecretResult> | 'prepare' {
  const { secretName, secretType } = secret
  const { versionId } = place
  const existing = view.secret(secretName)
  if (existing !== null) throw nameTaken(existing)
  requireValueSize(value.bytes, view.limits)
  requirePlace(view)
  const digest = sealer.digest(place.secretId, versionId)
  const version = sealer.version(place)
  if (digest === null || version === null) return 'prepare'
  const { next } = planCreate(secret, versionId, headDigest(digest), view.limits)
  return {
    secrets: [{ secretName, state: next }],
    versions: [version],
    records: [],
    rootChange: null,
    result: { arn: formatArn(session.scope, secretName), secretName, secretType, versionId },
    events: [
      { type: 'secret.created', secretName },
      { type: 'secret.version.created', secretName, versionId, versionStages: [STAGE_CURRENT] },
    ],
  }
}

function nameTaken({ secretName, plannedDeleteTime }: SecretState): VaultError {
  if (plannedDeleteTime === null) {
    return new VaultError('SECRET_EXISTS', `there is a secret ${secretName}`)
  }
  const message = `the name ${secretName} belongs to a secret that is scheduled for deletion`
  return new VaultError('SECRET_IN_DELETE_WINDOW', message)
}

function requirePlace({ root, limits }: View): void {
  if (!isQuotaReached(limits, root.secretCount)) return
  const quota = String(limits.secretsMax)
  throw new VaultError('QUOTA_EXCEEDED', `the vault has its quota of ${quota} secrets`)
}
