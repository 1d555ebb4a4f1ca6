/** Reads through a view: each is decided on the snapshot that the result is read from (POL-3). */

import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import { rootIn } from '../records/snapshot.js'
import type { ReadGate, Session } from '../session/session.js'
import type { AccessNeed } from './authorize.js'
import type * as Decisions from './decisions.js'
import { loadDecisions, loadedDecisions } from './load-decisions.js'

/** Thrown inside of a read whose policies are not cached, and caught around it. */
const NOT_LOADED: Error = /* @__PURE__ */ new Error('policies are not cached')

/** What a read of one secret needs; the state of the secret is added when it is read. */
export type ReadNeed = Pick<AccessNeed, 'action' | 'operation'> & { readonly secretName: string }

/**
 * Runs a read of one secret, for a view with the decision on every head that the read comes to.
 *
 * Rejects as `read`, and with {@link VaultError} `ACCESS_DENIED`, also if there is no such secret.
 */
export async function authorizedRead<T>(
  session: Session,
  need: ReadNeed,
  signal: AbortSignalLike | null,
  read: (session: Session) => Promise<T>,
): Promise<T> {
  if (session.caller === null) return read(session)
  const decisions = loadedDecisions() ?? (await loadDecisions())
  const gated: Session = { ...session, gate: gateOf(session, need, decisions) }
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    try {
      return await read(gated)
    } catch (error) {
      if (error !== NOT_LOADED) throw error
    }
    await decisions.loadPrincipal(session, session.caller, signal)
    await decisions.loadSecretPolicy(session, need.secretName, signal)
  }
  throw new VaultError(
    'CONFLICT',
    `policies of ${need.secretName} change faster than they can be read`,
  )
}

function gateOf(
  session: Session,
  need: ReadNeed,
  { policiesFor, requireAllowed }: typeof Decisions,
): ReadGate {
  const { caller } = session
  return {
    // The root pins all policies: an earlier access root that was put back has another tag.
    keys: [ROOT_KEY],
    check: (snapshot, state) => {
      if (caller === null) return
      const whole = { ...need, state }
      const root = rootIn(session, snapshot).state
      const policies = policiesFor(session, caller, root, whole)
      if (policies === null) throw NOT_LOADED
      requireAllowed(session, caller, policies, whole)
    },
  }
}
