import { drawPassword } from '@stagevault/core/model/random-password'
import { parseRandomPassword } from '@stagevault/core/request/metadata-requests'
import type { GetRandomPasswordRequest } from '../api/requests.js'
import type { RandomPasswordResult } from '../api/results.js'
import { loadDecisions } from '../policy/load-decisions.js'
import type { Session } from '../session/session.js'

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
