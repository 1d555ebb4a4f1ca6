import { formatArn } from '@stagevault/core/arn'
import { wipe } from '@stagevault/core/bytes'
import { hedgedSecretId } from '@stagevault/core/crypto/key-wrapping'
import { VaultError, isRefusal } from '@stagevault/core/errors'
import type { VaultLimits } from '@stagevault/core/limits'
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
import { authorizedChange } from '../policy/authorized-change.js'
import { sweepDeletions } from './deletion.js'
import type { VersionPlace } from '../records/version.js'
import { ValueSealer, headDigest } from '../records/version.js'
import type { AccessNeed } from '../policy/authorize.js'
import type { VaultHandle } from './vault-handle.js'
import type { Session } from '../session/session.js'

/** The random bytes from which a secret's id is derived. */
const ID_RANDOM_BYTES = 32

export async function createSecret(
  session: VaultHandle,
  input: CreateSecretRequest,
): Promise<CreateSecretResult> {
  const request = parseCreateSecret(input, session.scope)
  try {
    requireGeneric(request)
    const held = { byDeletion: false }
    const change = authorizedChange(session, creation(session, request, held), () => [
      creationNeed(session, request),
    ])
    try {
      return await session.committer.submit(change)
    } catch (error) {
      // A secret whose recovery window has ended keeps its name and its place in the quota until a
      // sweep deletes it. That sweep may be this one, or another that is under way.
      if (!held.byDeletion || !isRefusal(error)) throw error
      request.signal?.throwIfAborted()
      await sweepDeletions(session)
      return await session.committer.submit(change)
    }
  } finally {
    wipe(request.value.bytes)
  }
}

/** The policy of a secret that has the name already does not count: it is about that secret. */
function creationNeed({ keys }: Session, request: CreateSecret): AccessNeed {
  const { secretName, secretType, tags } = request
  const requestTagKeys = tags.map(({ tagKey }) => tagKey)
  return {
    action: 'kms:CreateSecret',
    secretName,
    state: null,
    created: {
      secretName,
      state: { secretType, encryptionKeyId: keys.defaultKek.keyId },
      tags: null,
    },
    operation: { requestTags: tags, ...(tags.length > 0 ? { requestTagKeys } : {}) },
  }
}

function requireGeneric({ secretType }: CreateSecret): void {
  if (secretType === 'Generic') return
  const message = `${secretType} secrets need a rotator, which is not available yet`
  throw new VaultError('UNSUPPORTED_OPERATION', message)
}

/** Whether a sweep may remove the reason for a refusal: a taken name or a full quota. */
interface Held {
  byDeletion: boolean
}

/** The id is drawn once, so that every planning attempt creates the same secret. */
function creation(session: Session, request: CreateSecret, held: Held): Change<CreateSecretResult> {
  const { secretName, value } = request
  const {
    primitives,
    vaultId,
    keys: { defaultKek },
  } = session
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
    signal: request.signal,
    plan: (view) => {
      const existing = view.secret(secretName)
      const isFull = isQuotaReached(view.limits, view.root.secretCount)
      held.byDeletion = existing === null ? isFull : existing.plannedDeleteTime !== null
      if (existing !== null) throw nameTaken(existing)
      requireValueSize(value.bytes, view.limits)
      if (isFull) throw quotaReached(view.limits)
      return plan(session, view, secret, place, sealer)
    },
    prepare: () => sealer.prepare(place),
  }
}

function plan(
  session: Session,
  view: View,
  secret: NewSecret,
  place: VersionPlace,
  sealer: ValueSealer,
): Plan<CreateSecretResult> | 'prepare' {
  const { secretName, secretType } = secret
  const { versionId } = place
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
    return new VaultError('SECRET_EXISTS', `secret ${secretName} already exists`)
  }
  const message = `the name ${secretName} belongs to a secret that is scheduled for deletion`
  return new VaultError('SECRET_IN_DELETE_WINDOW', message)
}

function quotaReached({ secretsMax }: VaultLimits): VaultError {
  const quota = String(secretsMax)
  return new VaultError('QUOTA_EXCEEDED', `the vault has reached its quota of ${quota} secrets`)
}
