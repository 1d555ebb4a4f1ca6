import { planRestore, planSchedule } from '@stagevault/core/model/secret-lifecycle'
import { parseDeleteSecret, parseSecretRequest } from '@stagevault/core/request/metadata-requests'
import type { DeleteSecretRequest, SecretRequest } from '../api/requests.js'
import type { DeleteSecretResult, SecretNameResult } from '../api/results.js'
import { changed, requireSecret } from '../commit/change.js'
import { deletion } from './sweep-deletions.js'
import type { VaultHandle } from '../session/handle.js'

export async function deleteSecret(
  session: VaultHandle,
  input: DeleteSecretRequest,
): Promise<DeleteSecretResult> {
  const { secretName, windowDays } = parseDeleteSecret(input, session.scope)
  const now = session.now()
  return session.committer.submit<DeleteSecretResult>({
    secretNames: [secretName],
    plan: (view) => {
      const state = requireSecret(view, secretName)
      if (windowDays === null) return deletion(state, { secretName })
      const next = planSchedule(state, windowDays, now)
      const plannedDeleteTime = new Date(next.plannedDeleteTime ?? 0)
      const events = [{ type: 'secret.deletion.scheduled', secretName }] as const
      return changed(next, { secretName, plannedDeleteTime }, events)
    },
  })
}

export async function restoreSecret(
  session: VaultHandle,
  input: SecretRequest,
): Promise<SecretNameResult> {
  const secretName = parseSecretRequest('restoreSecret', input, session.scope)
  const now = session.now()
  return session.committer.submit<SecretNameResult>({
    secretNames: [secretName],
    plan: (view) => {
      const next = planRestore(requireSecret(view, secretName), now)
      return changed(next, { secretName }, [{ type: 'secret.restored', secretName }])
    },
  })
}
