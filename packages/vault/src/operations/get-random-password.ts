import { drawPassword } from '@stagevault/core/model/random-password'
import { parseRandomPassword } from '@stagevault/core/request/metadata-requests'
import type { GetRandomPasswordRequest } from '../api/requests.js'
import type { RandomPasswordResult } from '../api/results.js'
import { requireAllowedNow } from '../policy/list-rows.js'
import type { Session } from '../session/session.js'

export async function getRandomPassword(
  session: Session,
  input: GetRandomPasswordRequest = {},
): Promise<RandomPasswordResult> {
  const request = parseRandomPassword(input)
  if (session.caller !== null) {
    await requireAllowedNow(session, session.caller, 'kms:GetRandomPassword')
  }
  return { randomPassword: drawPassword(request, session.random) }
}
