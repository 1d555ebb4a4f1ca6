import { formatArn } from '@stagevault/core/arn'
import { VaultError } from '@stagevault/core/errors'
import { planRename, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import { requireRewritableHead } from '@stagevault/core/records/head-record'
import { parseRenameSecret } from '@stagevault/core/request/metadata-requests'
import type { RenameSecretRequest } from '../api/requests.js'
import type { RenameSecretResult } from '../api/results.js'
import type { Change, Plan, View } from '../commit/change.js'
import { requireActiveSecret, unchanged } from '../commit/change.js'
import { authorizedChange } from '../policy/authorized-change.js'
import type { VaultHandle } from './vault-handle.js'

export async function renameSecret(
  session: VaultHandle,
  input: RenameSecretRequest,
): Promise<RenameSecretResult> {
  const { secretName, newSecretName, signal } = parseRenameSecret(input, session.scope)
  const result = { secretName: newSecretName, arn: formatArn(session.scope, newSecretName) }
  const now = session.now()
  const change: Change<RenameSecretResult> = {
    secretNames: [secretName, newSecretName],
    signal,
    plan: (view) => plan(view, secretName, newSecretName, result, now),
  }
  const action = 'kms:RenameSecret'
  return session.committer.submit(
    authorizedChange(session, change, (view) =>
      // The secret, with its policy and tags, under both names.
      [secretName, newSecretName].map((name) => ({
        action,
        secretName: name,
        state: view.secret(secretName),
      })),
    ),
  )
}

function plan(
  view: View,
  secretName: string,
  newSecretName: string,
  result: RenameSecretResult,
  now: number,
): Plan<RenameSecretResult> {
  const state = requireActiveSecret(view, secretName)
  // Repeating a finished rename succeeds, if the secret may be renamed.
  if (secretName === newSecretName) return unchanged(result)
  const other = view.secret(newSecretName)
  if (other !== null) {
    requireNotScheduled(other)
    throw new VaultError('SECRET_EXISTS', `secret ${newSecretName} already exists`)
  }
  // Checked here, because the committer would report the error under the new name.
  requireRewritableHead(state)
  return {
    secrets: [
      { secretName, state: null },
      { secretName: newSecretName, state: planRename(state, newSecretName, now) },
    ],
    versions: [],
    records: [],
    rootChange: null,
    result,
    events: [{ type: 'secret.renamed', secretName: newSecretName, formerSecretName: secretName }],
  }
}
