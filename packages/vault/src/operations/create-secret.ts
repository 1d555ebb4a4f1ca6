import { formatArn } from '@stagevault/core/arn'
import { STAGE_CURRENT } from '@stagevault/core/names'
import { wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { sealHead } from '@stagevault/core/records/head-record'
import { sealName } from '@stagevault/core/records/index-records'
import { ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import type { NewSecret } from '@stagevault/core/model/secret-lifecycle'
import {
  FIRST_VERSION_ID,
  isDeletionDue,
  planCreate,
} from '@stagevault/core/model/secret-lifecycle'
import { isQuotaReached } from '@stagevault/core/model/vault-limits'
import type { CreateSecret } from '@stagevault/core/request/value-requests'
import { parseCreateSecret } from '@stagevault/core/request/value-requests'
import type { Mutation } from '@stagevault/storage'
import type { CreateSecretRequest } from '../api/requests.js'
import type { CreateSecretResult } from '../api/results.js'
import type { HeadSnapshot } from '../heads/head-snapshot.js'
import { headSnapshot } from '../heads/head-snapshot.js'
import { purgeIfDue, sweepDue } from '../heads/purge.js'
import type { HeadAndRoot } from '../heads/read-head.js'
import { readHeadAndRoot } from '../heads/read-head.js'
import { nextRoot } from '../heads/read-root.js'
import { ROOT_LANE } from '../session/secret-queue.js'
import { digestNewValue, sealPlanned } from '../versions/seal-version.js'
import type { Session } from '../session/session.js'
import type { Decision } from '../session/transact.js'
import { transact } from '../session/transact.js'

export async function createSecret(
  session: Session,
  input: CreateSecretRequest,
): Promise<CreateSecretResult> {
  const request = parseCreateSecret(input, session.scope)
  try {
    requireGeneric(request)
    return await session.queue([request.secretName, ROOT_LANE], async () => {
      await makeRoom(session, request.secretName)
      return transact(
        session,
        () => readHeadAndRoot(session, request.secretName),
        (place) => decide(session, request, place),
      )
    })
  } finally {
    wipe(request.value.bytes)
  }
}

function requireGeneric({ secretType }: CreateSecret): void {
  if (secretType === 'Generic') return
  const message = `${secretType} secrets are made with a rotator, which is not built yet`
  throw new VaultError('UNSUPPORTED_OPERATION', message)
}

/** Secrets whose recovery window has ended hold no name, and no place in the quota. */
async function makeRoom(session: Session, secretName: string): Promise<void> {
  await purgeIfDue(session, secretName)
  if (session.scope.limits.secretsMax === 0) return
  // What could not be deleted would count: that is a failure of the store, not a full quota.
  await sweepDue(session, purgeIfDue)
}

async function decide(
  session: Session,
  request: CreateSecret,
  place: HeadAndRoot,
): Promise<Decision<CreateSecretResult>> {
  const { secretName } = request
  if (place.head !== null) throw nameTaken(place.head, session.now())
  const { records } = session.keys
  const { limits } = session.scope
  if (isQuotaReached(limits, place.root.state.secretCount)) {
    const quota = String(limits.secretsMax)
    throw new VaultError('QUOTA_EXCEEDED', `the vault has its quota of ${quota} secrets`)
  }

  const root = nextRoot(session, place.root, 1)
  const { head, versionId, record } = await sealFirstVersion(session, request)
  const { secretId, secretType } = head.state
  return {
    commit: {
      guards: [
        { key: headKey(secretName), value: null },
        { key: nameKey(secretName), value: null },
        { key: ROOT_KEY, value: place.root.bytes },
      ],
      mutations: [
        { key: headKey(secretName), value: head.bytes },
        { key: nameKey(secretName), value: sealName(records, secretName, secretId) },
        record,
        { key: ROOT_KEY, value: root.bytes },
      ],
    },
    result: { arn: formatArn(session.scope, secretName), secretName, secretType, versionId },
    events: [
      { type: 'secret.created', secretName },
      { type: 'secret.version.created', secretName, versionId, versionStages: [STAGE_CURRENT] },
    ],
    head,
    root,
  }
}

interface FirstVersion {
  readonly head: HeadSnapshot
  readonly versionId: string
  readonly record: Mutation
}

function nameTaken(head: HeadSnapshot, now: number): VaultError {
  const { secretName, plannedDeleteTime } = head.state
  if (plannedDeleteTime === null || isDeletionDue(head.state, now)) {
    return new VaultError('SECRET_EXISTS', `there is a secret ${secretName}`)
  }
  const message = `the name ${secretName} belongs to a secret that is scheduled for deletion`
  return new VaultError('SECRET_IN_DELETE_WINDOW', message)
}

async function sealFirstVersion(
  session: Session,
  request: CreateSecret,
): Promise<FirstVersion> {
  const { defaultKek, records } = session.keys
  const secretId = session.random(16)
  const versionId = request.versionId ?? FIRST_VERSION_ID
  const value = await digestNewValue(session, secretId, versionId, request.value)
  const secret: NewSecret = {
    secretId,
    secretName: request.secretName,
    secretType: request.secretType,
    encryptionKeyId: defaultKek.keyId,
    description: request.description,
    tags: request.tags,
    extendedConfig: request.extendedConfig,
    now: session.now(),
  }
  const plan = planCreate(secret, versionId, value.headDigest, session.scope.limits)
  const { state, mutation } = await sealPlanned(session, plan, defaultKek, value)
  const head = headSnapshot(session.primitives, sealHead(records, state), state)
  return { head, versionId, record: mutation }
}
