import { drawPassword } from '@stagevault/core/model/random-password'
import { parseRandomPassword } from '@stagevault/core/request/metadata-requests'
import type { GetRandomPasswordRequest } from '../api/requests.js'
import type { RandomPasswordResult } from '../api/results.js'
import type { Session } from '../session/session.js'

export function getRandomPassword(
  session: Session,
  input: GetRandomPasswordRequest = {},
): Promise<RandomPasswordResult> {
  const request = parseRandomPassword(input)
  return Promise.resolve({ randomPassword: drawPassword(request, session.random) })
}
