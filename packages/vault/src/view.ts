/** A vault as a principal may use it (POL-1). */

import type { NamedPrincipal } from '@stagevault/core/request/principal-requests'
import { parseContext } from '@stagevault/core/request/principal-requests'
import { VaultError } from '@stagevault/core/errors'
import type { ListSecretsRequest } from './api/requests.js'
import type { ListSecretsResult } from './api/results.js'
import type { Principal } from './api/principal.js'
import type { VaultView } from './api/vault-view.js'
import { bindAccess } from './bind-access.js'
import { bindOperations } from './bind-operations.js'
import { listSecrets } from './operations/listing.js'
import type { VaultHandle } from './operations/vault-handle.js'
import type { Caller } from './session/session.js'
import { openListToken, sealListToken } from './policy/list-token.js'
import { provideDecisions } from './policy/load-decisions.js'
import { subscribeAs } from './policy/view-events.js'
import type * as RareOperations from './rare-operations.js'
import type { Lifecycle } from './session/lifecycle.js'

/** The vault that a view is of. */
export interface ViewedVault {
  readonly session: VaultHandle
  readonly lifecycle: Lifecycle
  readonly loadRare: () => Promise<typeof RareOperations>
}

export function viewOf(viewed: ViewedVault, caller: Caller): VaultView {
  const { lifecycle, loadRare } = viewed
  provideDecisions(loadRare)
  const session: VaultHandle = { ...viewed.session, caller }
  const unsubscribers = new Set<() => void>()
  let isClosed = false

  function requireOpen(): void {
    lifecycle.requireOpen()
    if (isClosed) throw new VaultError('VAULT_CLOSED', 'the view is closed')
  }

  const own: Lifecycle = {
    ...lifecycle,
    requireOpen,
    run: async (operation) => {
      requireOpen()
      return lifecycle.run(operation)
    },
  }
  const { getSecretPolicy, setSecretPolicy } = bindAccess(session, own, loadRare)
  return {
    ...bindOperations(session, own, loadRare),
    principal: principalOf(caller.principal),
    listSecrets: (request) => own.run(() => listForView(session, caller, request)),
    getSecretPolicy,
    setSecretPolicy,
    withContext: (context) => {
      requireOpen()
      return viewOf(viewed, { ...caller, context: parseContext(context, caller.context) })
    },
    subscribe: (listener) => {
      requireOpen()
      const unsubscribe = subscribeAs(session, listener)
      unsubscribers.add(unsubscribe)
      return () => {
        unsubscribers.delete(unsubscribe)
        unsubscribe()
      }
    },
    close: () => {
      isClosed = true
      for (const unsubscribe of unsubscribers) unsubscribe()
      unsubscribers.clear()
      return Promise.resolve()
    },
  }
}

function principalOf({ kind, name, sessionName, accountId }: NamedPrincipal): Principal {
  return Object.freeze({ kind, name, accountId, ...(sessionName === null ? {} : { sessionName }) })
}

/** The token names the last secret that was looked at, which may be one that is not shown. */
async function listForView(
  session: VaultHandle,
  caller: Caller,
  request: ListSecretsRequest = {},
): Promise<ListSecretsResult> {
  const { nextToken } = request
  const opened =
    nextToken === undefined ? {} : { nextToken: openListToken(session, caller, nextToken) }
  const { nextToken: plain, ...result } = await listSecrets(session, { ...request, ...opened })
  return plain === undefined
    ? result
    : { ...result, nextToken: sealListToken(session, caller, plain) }
}
