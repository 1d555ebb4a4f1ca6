/** Changes through a view: each is decided on the state that its commit is guarded by (POL-3). */

import type { Change, View } from '../commit/change.js'
import type { Session } from '../session/session.js'
import type { AccessNeed } from './authorize.js'
import { loadDecisions, loadedDecisions } from './load-decisions.js'

/**
 * The change, preceded by the decision whether the caller may make it. The owner's change is
 * returned as it is. Policies that are not cached are read before the change is planned again. A
 * change of policies earlier in the same round makes it wait for the next one, so that a revoke
 * that was submitted first wins.
 */
export function authorizedChange<T>(
  session: Session,
  change: Change<T>,
  needsOf: (view: View) => readonly AccessNeed[],
): Change<T> {
  const { caller } = session
  if (caller === null) return change
  let isLoading = false
  return {
    ...change,
    plan: (view) => {
      const decisions = loadedDecisions()
      if (decisions === null) {
        isLoading = true
        return 'prepare'
      }
      const { policiesFor, requireAllowed } = decisions
      const needs = needsOf(view)
      for (const need of needs) {
        const policies = policiesFor(session, caller, view.root, need)
        if (policies === null) {
          isLoading = true
          return 'prepare'
        }
        requireAllowed(session, caller, policies, need)
      }
      isLoading = false
      return change.plan(view)
    },
    prepare: async (view, ahead) => {
      if (!isLoading) return change.prepare?.(view, ahead)
      const { loadPrincipal, loadSecretPolicy } = await loadDecisions()
      await loadPrincipal(session, caller, change.signal ?? null)
      for (const secretName of change.secretNames) {
        await loadSecretPolicy(session, secretName, change.signal ?? null)
      }
    },
  }
}
