/** Which rows of a list a view shows (POL-5). */

import { formatArn } from '@stagevault/core/arn'
import type { Action } from '@stagevault/core/access/actions'
import type { PolicySet } from '@stagevault/core/access/decide'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { readHead } from '../records/read-head.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { AccessNeed } from './authorize.js'
import { accessDenied, decideNeed, policiesFor, requireAllowed } from './authorize.js'
import type { Caller } from '../session/session.js'
import { loadPrincipal, loadSecretPolicy } from './load-policies.js'

const ACTION = 'kms:ListSecrets'

/** Decides row by row what a caller sees of a list. */
export interface RowFilter {
  isShown(state: SecretState): Promise<boolean>
}

/**
 * The filter of a caller's list.
 *
 * Rejects with {@link VaultError} `ACCESS_DENIED` if no policy of the caller can allow a row, and
 * as {@link loadPrincipal}.
 */
export async function openRowFilter(
  session: Session,
  caller: Caller,
  signal: AbortSignalLike | null,
): Promise<RowFilter> {
  const { root, policies } = await policiesNow(session, caller, signal)
  if (policies.isDisabled || !mayAllow(policies)) {
    throw accessDenied({ action: ACTION, secretName: null })
  }
  // The resource that stands for all secrets: the part before the name.
  const resource = formatArn(session.scope, '').slice(0, -1)
  const container: AccessNeed = { action: ACTION, secretName: null, state: null, resource }
  const isAllAllowed = decideNeed(session, caller, policies, container).decision === 'Allow'
  return {
    isShown: async (stored) => {
      const need = await rowNeed(session, caller, root, stored, signal)
      if (need === null) return false
      const own = policiesFor(session, caller, root, need)
      if (own === null) return false
      const { decision } = decideNeed(session, caller, own, need)
      return decision === 'Allow' || (decision === 'ImplicitDeny' && isAllAllowed)
    },
  }
}

/** The policies of the caller as they are stored now, with the root that pins them. */
async function policiesNow(
  session: Session,
  caller: Caller,
  signal: AbortSignalLike | null,
): Promise<{ readonly root: VaultRoot; readonly policies: PolicySet }> {
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const root = rootIn(session, await readSnapshot(session, [ROOT_KEY], signal)).state
    const need: AccessNeed = { action: ACTION, secretName: null, state: null }
    const policies = policiesFor(session, caller, root, need)
    if (policies !== null) return { root, policies }
    await loadPrincipal(session, caller, signal)
  }
  throw new VaultError('CONFLICT', 'access records change faster than they can be read')
}

/**
 * Decides about an action on nothing in particular, on the policies as they are stored now.
 *
 * Rejects with {@link VaultError} `ACCESS_DENIED`, and as {@link loadPrincipal}.
 */
export async function requireAllowedNow(
  session: Session,
  caller: Caller,
  action: Action,
): Promise<void> {
  const { policies } = await policiesNow(session, caller, null)
  requireAllowed(session, caller, policies, { action, secretName: null, state: null })
}

/** Whether some statement allows the list of some row. */
function mayAllow({ policies }: PolicySet): boolean {
  return policies.some(({ policy }) =>
    (policy.byAction.get(ACTION) ?? []).some(({ effect }) => effect === 'Allow'),
  )
}

/**
 * The need for a row, with its policy in the cache. A policy that is not the one of the row any
 * more is read with the head that pins it now, which then decides.
 */
async function rowNeed(
  session: Session,
  caller: Caller,
  root: VaultRoot,
  stored: SecretState,
  signal: AbortSignalLike | null,
): Promise<AccessNeed | null> {
  const { secretName } = stored
  const need: AccessNeed = { action: ACTION, secretName, state: stored }
  if (policiesFor(session, caller, root, need) !== null) return need
  await loadSecretPolicy(session, secretName, signal)
  const head = await readHead(session, secretName, signal)
  return head === null ? null : { ...need, state: head.state }
}
