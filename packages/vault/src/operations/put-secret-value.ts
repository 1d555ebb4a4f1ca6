import { wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { nextVersionId, planPut } from '@stagevault/core/model/versions'
import { versionKey } from '@stagevault/core/records/layout'
import type { PutSecretValue } from '@stagevault/core/request/value-requests'
import { parsePutSecretValue } from '@stagevault/core/request/value-requests'
import type { PutSecretValueRequest } from '../api/requests.js'
import type { PutSecretValueResult } from '../api/results.js'
import type { HeadChange } from '../heads/change-secret.js'
import { changeSecret } from '../heads/change-secret.js'
import type { VaultEvent } from '../events/vault-event.js'
import type { HeadSnapshot } from '../heads/head-snapshot.js'
import { digestNewValue, sealPlanned } from '../versions/seal-version.js'
import type { Session } from '../session/session.js'
import { primaryKek } from '../session/session.js'

export async function putSecretValue(
  session: Session,
  input: PutSecretValueRequest,
): Promise<PutSecretValueResult> {
  const request = parsePutSecretValue(input, session.scope)
  try {
    return await changeSecret(session, request.secretName, (head) =>
      decide(session, request, head),
    )
  } finally {
    wipe(request.value.bytes)
  }
}

/** Sealed anew at every attempt: the version's number is part of what it is sealed with. */
async function decide(
  session: Session,
  request: PutSecretValue,
  { state }: HeadSnapshot,
): Promise<HeadChange<PutSecretValueResult>> {
  requireNotScheduled(state)
  if (state.secretType !== 'Generic') {
    const message = `the value of a ${state.secretType} secret is changed by rotation alone`
    throw new VaultError('UNSUPPORTED_OPERATION', message)
  }
  const { secretName, secretId } = state
  const versionId = request.versionId ?? nextVersionId(state)
  const value = await digestNewValue(session, secretId, versionId, request.value)
  const put = {
    versionId,
    stages: request.stages,
    valueDigest: value.headDigest,
    expectedCurrentVersionId: request.expectedCurrentVersionId,
    now: session.now(),
  }
  const plan = planPut(state, put, session.scope.limits)
  if (plan.kind === 'existing') {
    const result = { secretName, versionId, versionStages: plan.stages }
    return { next: null, result, events: [] }
  }
  const kek = primaryKek(session, state.encryptionKeyId)
  const sealed = await sealPlanned(session, plan, kek, value)
  const versionStages = stagesOf(sealed.state, plan.number)
  const evicted = plan.evicted.map(
    (version): VaultEvent => ({
      type: 'secret.version.evicted',
      secretName,
      versionId: version.versionId,
    }),
  )
  return {
    next: sealed.state,
    result: { secretName, versionId, versionStages },
    events: [{ type: 'secret.version.created', secretName, versionId, versionStages }, ...evicted],
    mutations: [
      sealed.mutation,
      ...plan.evicted.map(({ number }) => ({ key: versionKey(secretId, number), value: null })),
    ],
  }
}
