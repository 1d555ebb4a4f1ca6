import { toHex } from '@stagevault/core/bytes'
import {
  NO_CONTEXT,
  parseContext,
  parsePrincipal,
} from '@stagevault/core/request/principal-requests'
import { VaultError } from '@stagevault/core/errors'
import type { Vault } from './api/vault.js'
import { bindAccess } from './bind-access.js'
import { bindOperations } from './bind-operations.js'
import { withAsyncDispose } from '@stagevault/storage'
import { loadPart } from './platform/platform.js'
import type { Lifecycle } from './session/lifecycle.js'
import { createLifecycle } from './session/lifecycle.js'
import {
  addUnlockSlot,
  listUnlockSlots,
  removeUnlockSlot,
  replaceUnlockSlot,
} from './operations/unlock-slots.js'
import { getVaultSettings, updateVaultSettings } from './operations/vault-settings.js'
import type * as RareOperations from './rare-operations.js'
import type { VaultHandle } from './operations/vault-handle.js'
import { releaseHandle } from './operations/vault-handle.js'
import { viewOf } from './view.js'

function loadRare(): Promise<typeof RareOperations> {
  return loadPart(() => import('./rare-operations.js'))
}

/** Binds the operations, which are plain functions, to a session. */
export function vaultOf(session: VaultHandle): Vault {
  const lifecycle = createLifecycle()

  function bind<Request, Result>(
    operation: (session: VaultHandle, request: Request) => Promise<Result>,
  ): (request: Request) => Promise<Result> {
    return (request) => lifecycle.run(() => operation(session, request))
  }

  return withAsyncDispose<Omit<Vault, typeof Symbol.asyncDispose>>({
    vaultId: toHex(session.vaultId),
    ...bindOperations(session, lifecycle, loadRare),
    ...bindAccess(session, lifecycle, loadRare),
    explainAccess: bind(async (own, request) => {
      const { explainAccess } = await loadRare()
      return explainAccess(own, request)
    }),
    as: (principal, context) => {
      lifecycle.requireOpen()
      if (session.isUnproved) throw viewOfUnproved()
      const known = context === undefined ? NO_CONTEXT : parseContext(context)
      const caller = {
        principal: parsePrincipal(principal, session.scope),
        context: known,
        loadDecisions: loadRare,
      }
      return viewOf({ session, lifecycle, loadRare }, caller)
    },
    listUnlockSlots: () => lifecycle.run(() => listUnlockSlots(session)),
    addUnlockSlot: bind(addUnlockSlot),
    replaceUnlockSlot: bind(replaceUnlockSlot),
    removeUnlockSlot: bind(removeUnlockSlot),
    getVaultSettings: () => lifecycle.run(() => getVaultSettings(session)),
    updateVaultSettings: bind(updateVaultSettings),
    rebuildRoot: (request) =>
      lifecycle.runToEnd(async () => {
        const { rebuildRoot } = await loadRare()
        return rebuildRoot(session, request)
      }),
    verify: bind(async (own, request) => {
      const { verify } = await loadRare()
      return verify(own, request)
    }),
    subscribe: (listener) => {
      lifecycle.requireOpen()
      return session.events.subscribe(listener)
    },
    close: () => closeVault(session, lifecycle),
  })
}

/** Without its root a vault cannot tell whether a policy is the current one. */
function viewOfUnproved(): VaultError {
  const message = 'a vault that is open without proof of its root has no views'
  return new VaultError('UNSUPPORTED_OPERATION', message)
}

function closeVault(session: VaultHandle, lifecycle: Lifecycle): Promise<void> {
  session.committer.hasten()
  return lifecycle.close({
    timeoutSeconds: session.closeTimeoutSeconds,
    abandon: () => session.committer.abandon(),
    release: () => releaseHandle(session),
  })
}
