import { toHex } from '@stagevault/core/bytes'
import { parseIterateSecrets, parseListVersions } from '@stagevault/core/request/list-requests'
import type { Vault } from './api/vault.js'
import { withAsyncDispose } from '@stagevault/storage'
import { loadPart } from './platform/platform.js'
import type { Lifecycle } from './session/lifecycle.js'
import { createLifecycle } from './session/lifecycle.js'
import { createSecret } from './operations/create-secret.js'
import { deleteSecret, restoreSecret } from './operations/deletion.js'
import {
  describeSecret,
  renameSecret,
  tagResource,
  untagResource,
  updateSecret,
} from './operations/metadata.js'
import {
  batchGetSecretValue,
  getSecretJson,
  getSecretValue,
} from './operations/get-secret-value.js'
import {
  iteratePages,
  listPage,
  listSecrets,
  listSecretVersionIds,
  listVersionPage,
} from './operations/listing.js'
import { getRandomPassword, putSecretValue } from './operations/put-secret-value.js'
import {
  addUnlockSlot,
  listUnlockSlots,
  removeUnlockSlot,
  replaceUnlockSlot,
} from './operations/unlock-slots.js'
import { getVaultSettings, updateVaultSettings } from './operations/vault-settings.js'
import {
  destroyVersion,
  disableVersion,
  enableVersion,
  updateSecretVersionStage,
} from './operations/version-stages.js'
import type * as Checks from './verify/verify.js'
import type { VaultHandle } from './operations/vault-handle.js'
import { releaseHandle } from './operations/vault-handle.js'

/** Rarely used, and as large as all operations on values together: loaded with the first call. */
function loadChecks(): Promise<typeof Checks> {
  return loadPart(() => import('./verify/verify.js'))
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
    createSecret: bind(createSecret),
    putSecretValue: bind(putSecretValue),
    getSecretValue: bind(getSecretValue),
    getSecretJson: (request) => lifecycle.run(() => getSecretJson(session, request)),
    batchGetSecretValue: bind(batchGetSecretValue),
    updateSecret: bind(updateSecret),
    updateSecretVersionStage: bind(updateSecretVersionStage),
    describeSecret: bind(describeSecret),
    listSecrets: bind(listSecrets),
    iterateSecrets: (request = {}) =>
      iteratePages(
        () => parseIterateSecrets(request),
        (page) => lifecycle.run(() => listPage(session, page)),
      ),
    listSecretVersionIds: bind(listSecretVersionIds),
    iterateSecretVersionIds: (request) =>
      iteratePages(
        () => parseListVersions(request, session.scope),
        (page) => lifecycle.run(() => listVersionPage(session, page)),
      ),
    deleteSecret: bind(deleteSecret),
    restoreSecret: bind(restoreSecret),
    tagResource: bind(tagResource),
    untagResource: bind(untagResource),
    disableVersion: bind(disableVersion),
    enableVersion: bind(enableVersion),
    destroyVersion: bind(destroyVersion),
    renameSecret: bind(renameSecret),
    getRandomPassword: bind(getRandomPassword),
    listUnlockSlots: () => lifecycle.run(() => listUnlockSlots(session)),
    addUnlockSlot: bind(addUnlockSlot),
    replaceUnlockSlot: bind(replaceUnlockSlot),
    removeUnlockSlot: bind(removeUnlockSlot),
    getVaultSettings: () => lifecycle.run(() => getVaultSettings(session)),
    updateVaultSettings: bind(updateVaultSettings),
    rebuildRoot: (request) =>
      lifecycle.runToEnd(async () => {
        const { rebuildRoot } = await loadChecks()
        return rebuildRoot(session, request)
      }),
    verify: bind(async (own, request) => {
      const { verify } = await loadChecks()
      return verify(own, request)
    }),
    subscribe: (listener) => {
      lifecycle.requireOpen()
      return session.events.subscribe(listener)
    },
    close: () => closeVault(session, lifecycle),
  })
}

function closeVault(session: VaultHandle, lifecycle: Lifecycle): Promise<void> {
  session.committer.hasten()
  return lifecycle.close({
    timeoutSeconds: session.closeTimeoutSeconds,
    abandon: () => session.committer.abandon(),
    release: () => releaseHandle(session),
  })
}
