/** Puts values, and draws random passwords to put. */

import { wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { drawPassword } from '@stagevault/core/model/random-password'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { nextVersionId, planPut } from '@stagevault/core/model/versions'
import { parseRandomPassword } from '@stagevault/core/request/metadata-requests'
import type { PutSecretValue } from '@stagevault/core/request/value-requests'
import { parsePutSecretValue, requireValueSize } from '@stagevault/core/request/value-requests'
import type { GetRandomPasswordRequest, PutSecretValueRequest } from '../api/requests.js'
import type { PutSecretValueResult, RandomPasswordResult } from '../api/results.js'
import type { Change, Plan, View } from '../commit/change.js'
import { requireActiveSecret, unchanged } from '../commit/change.js'
import type { VaultEvent } from '../api/events.js'
import type { VersionPlace } from '../records/version.js'
import { authorizedChange } from '../policy/authorized-change.js'
import { loadDecisions } from '../policy/load-decisions.js'
import { ValueSealer, headDigest } from '../records/version.js'
import type { VaultHandle } from './vault-handle.js'
import type { Session } from '../session/session.js'
import { primaryKek } from '../keys/vault-keys.js'

export async function putSecretValue(
  session: VaultHandle,
  input: PutSecretValueRequest,
): Promise<PutSecretValueResult> {
  const request = parsePutSecretValue(input, session.scope)
  try {
    const put = new Put(session, request)
    const { secretName, versionId, stages, signal } = request
    const change: Change<PutSecretValueResult> = {
      secretNames: [secretName],
      signal,
      plan: (view) => put.plan(view),
      prepare: (view, ahead) => put.prepare(view, ahead),
    }
    const action = 'kms:PutSecretValue'
    const operation = { versionId, versionStages: stages }
    return await session.committer.submit(
      authorizedChange(session, change, (view) => [
        { action, secretName, state: view.secret(secretName), operation },
      ]),
    )
  } finally {
    wipe(request.value.bytes)
  }
}

class Put {
  readonly #session: Session
  readonly #request: PutSecretValue
  readonly #now: number
  readonly #sealer: ValueSealer

  constructor(session: Session, request: PutSecretValue) {
    this.#session = session
    this.#request = request
    this.#now = session.now()
    this.#sealer = new ValueSealer(session, request.value, this.#now)
  }

  plan(view: View): Plan<PutSecretValueResult> | 'prepare' {
    const { secretName, stages, expectedCurrentVersionId, value } = this.#request
    const state = requireActiveSecret(view, secretName)
    requireGeneric(state)
    requireValueSize(value.bytes, view.limits)
    const { secretId } = state
    const versionId = this.#request.versionId ?? nextVersionId(state)
    const digest = this.#sealer.digest(secretId, versionId)
    if (digest === null) return 'prepare'
    const valueDigest = headDigest(digest)
    const put = { versionId, stages, valueDigest, expectedCurrentVersionId, now: this.#now }
    const plan = planPut(state, put, view.limits)
    if (plan.kind === 'existing') {
      const existing = { secretName, versionId, versionStages: plan.stages }
      return unchanged(plan.isEvicted ? { ...existing, versionStatus: 'Evicted' } : existing)
    }
    const { number, next, evicted } = plan
    const version = this.#sealer.version(this.#place(state, number, versionId))
    if (version === null) return 'prepare'
    const versionStages = stagesOf(next, number)
    return {
      secrets: [{ secretName, state: next }],
      versions: [version],
      records: [],
      rootChange: null,
      result: { secretName, versionId, versionStages },
      events: [
        { type: 'secret.version.created', secretName, versionId, versionStages },
        ...evicted.map((gone): VaultEvent => ({
          type: 'secret.version.evicted',
          secretName,
          versionId: gone.versionId,
        })),
      ],
    }
  }

  async prepare(view: View, ahead: number): Promise<void> {
    const state = view.secret(this.#request.secretName)
    if (state === null || !this.#sealer.isLong) return
    const versionId = this.#request.versionId ?? nextVersionId(state, ahead)
    await this.#sealer.prepare(this.#place(state, state.nextNumber + ahead, versionId))
  }

  #place(
    { secretId, encryptionKeyId }: SecretState,
    number: number,
    versionId: string,
  ): VersionPlace {
    return { secretId, number, versionId, kek: primaryKek(this.#session.keys, encryptionKeyId) }
  }
}

function requireGeneric({ secretType }: SecretState): void {
  if (secretType === 'Generic') return
  const message = `only rotation changes the value of a ${secretType} secret`
  throw new VaultError('UNSUPPORTED_OPERATION', message)
}

export async function getRandomPassword(
  session: Session,
  input: GetRandomPasswordRequest = {},
): Promise<RandomPasswordResult> {
  const request = parseRandomPassword(input)
  if (session.caller !== null) {
    const { requireAllowedNow } = await loadDecisions()
    await requireAllowedNow(session, session.caller, 'kms:GetRandomPassword')
  }
  return { randomPassword: drawPassword(request, session.random) }
}
