/** Binds the operations on secrets and values, which are plain functions, to a session. */

import { parseIterateSecrets, parseListVersions } from '@stagevault/core/request/list-requests'
import type { SecretOperations } from './api/secret-operations.js'
import type { ValueOperations } from './api/value-operations.js'
import { createSecret } from './operations/create-secret.js'
import { deleteSecret, restoreSecret } from './operations/deletion.js'
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
import { describeSecret, tagResource, untagResource, updateSecret } from './operations/metadata.js'
import { getRandomPassword, putSecretValue } from './operations/put-secret-value.js'
import { renameSecret } from './operations/rename-secret.js'
import type { VaultHandle } from './operations/vault-handle.js'
import {
  destroyVersion,
  disableVersion,
  enableVersion,
  updateSecretVersionStage,
} from './operations/version-stages.js'
import type * as RareOperations from './rare-operations.js'
import type { Lifecycle } from './session/lifecycle.js'

/** @param loadRare - loads the code that few programs use, if it is not loaded yet */
export function bindOperations(
  session: VaultHandle,
  lifecycle: Lifecycle,
  loadRare: () => Promise<typeof RareOperations>,
): ValueOperations & SecretOperations {
  function bind<Request, Result>(
    operation: (session: VaultHandle, request: Request) => Promise<Result>,
  ): (request: Request) => Promise<Result> {
    return (request) => lifecycle.run(() => operation(session, request))
  }

  return {
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
    renameSecret: bind((own, request) => renameSecret(own, request, loadRare)),
    getRandomPassword: bind(getRandomPassword),
  }
}
