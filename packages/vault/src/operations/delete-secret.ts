import { planRestore, planSchedule } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { sealDue } from '@stagevault/core/records/index-records'
import { dueKey } from '@stagevault/core/records/layout'
import { parseDeleteSecret, parseSecretRequest } from '@stagevault/core/request/metadata-requests'
import type { Mutation } from '@stagevault/storage'
import type { DeleteSecretRequest, SecretRequest } from '../api/requests.js'
import type { DeleteSecretResult, SecretNameResult } from '../api/results.js'
import { changeSecret } from '../heads/change-secret.js'
import { purgeNow } from '../heads/purge.js'
import type { Session } from '../session/session.js'

export async function deleteSecret(
  session: Session,
  input: DeleteSecretRequest,
): Promise<DeleteSecretResult> {
  const { secretName, windowDays } = parseDeleteSecret(input, session.scope)
  if (windowDays === null) {
    await purgeNow(session, secretName)
    return { secretName }
  }
  return changeSecret(session, secretName, ({ state }) => {
    const next = planSchedule(state, windowDays, session.now())
    const time = next.plannedDeleteTime ?? 0
    return {
      next,
      result: { secretName, plannedDeleteTime: new Date(time) },
      events: [{ type: 'secret.deletion.scheduled', secretName }],
      mutations: moveDueEntry(session, state, time),
    }
  })
}

export async function restoreSecret(
  session: Session,
  input: SecretRequest,
): Promise<SecretNameResult> {
  const secretName = parseSecretRequest('restoreSecret', input, session.scope)
  return changeSecret(session, secretName, ({ state }) => ({
    next: planRestore(state, session.now()),
    result: { secretName },
    events: [{ type: 'secret.restored', secretName }],
    mutations: moveDueEntry(session, state, null),
  }))
}

/** The deletion entry moves with the date, in the commit that changes it. */
function moveDueEntry(session: Session, state: SecretState, time: number | null): Mutation[] {
  const { secretId, secretName, plannedDeleteTime } = state
  const mutations: Mutation[] = []
  if (plannedDeleteTime !== null && plannedDeleteTime !== time) {
    mutations.push({ key: dueKey(plannedDeleteTime, secretId), value: null })
  }
  if (time !== null) {
    const entry = sealDue(session.keys.records, time, secretId, secretName)
    mutations.push({ key: dueKey(time, secretId), value: entry })
  }
  return mutations
}
