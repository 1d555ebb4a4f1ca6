import { formatArn } from '@stagevault/core/arn'
import { equalBytes } from '@stagevault/core/bytes'
import { VaultError, isVaultError } from '@stagevault/core/errors'
import { planRename, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { requireRewritableHead } from '@stagevault/core/records/head-record'
import { isRemoved, policyPinOf } from '@stagevault/core/records/secret-policy'
import { parseRenameSecret } from '@stagevault/core/request/metadata-requests'
import type { RenameSecretRequest } from '../api/requests.js'
import type { RenameSecretResult } from '../api/results.js'
import type { Change, Plan, View } from '../commit/change.js'
import { requireActiveSecret, unchanged } from '../commit/change.js'
import { authorizedChange } from '../policy/authorized-change.js'
import type * as SecretPolicies from '../policy/secret-policy.js'
import type { Session } from '../session/session.js'
import type { VaultHandle } from './vault-handle.js'

/** The policy of the secret under its new name. */
interface CheckedPolicy {
  /** Tag of the policy that was read. */
  readonly tag: Uint8Array
  /** Why it cannot be the policy of the new name, or `null`. */
  readonly refusal: VaultError | null
}

/** Loads what reads policies, which only a secret with a policy needs. */
type LoadPolicies = () => Promise<Pick<typeof SecretPolicies, 'readPolicyFor' | 'readSecretPolicy'>>

interface Rename {
  readonly secretName: string
  readonly newSecretName: string
  readonly now: number
  /** The policy that was read last, or `null`. */
  policy: CheckedPolicy | null
}

export async function renameSecret(
  session: VaultHandle,
  input: RenameSecretRequest,
  loadPolicies: LoadPolicies,
): Promise<RenameSecretResult> {
  const { secretName, newSecretName, signal } = parseRenameSecret(input, session.scope)
  const result = { secretName: newSecretName, arn: formatArn(session.scope, newSecretName) }
  const rename: Rename = { secretName, newSecretName, now: session.now(), policy: null }
  const change: Change<RenameSecretResult> = {
    secretNames: [secretName, newSecretName],
    signal,
    plan: (view) => plan(view, rename, result),
    prepare: async () => {
      rename.policy = await checkPolicy(session, rename, loadPolicies)
    },
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
  { secretName, newSecretName, now, policy }: Rename,
  result: RenameSecretResult,
): Plan<RenameSecretResult> | 'prepare' {
  const state = requireActiveSecret(view, secretName)
  // Repeating a finished rename succeeds, if the secret may be renamed.
  if (secretName === newSecretName) return unchanged(result)
  const other = view.secret(newSecretName)
  if (other !== null) {
    requireNotScheduled(other)
    throw new VaultError('SECRET_EXISTS', `secret ${newSecretName} already exists`)
  }
  if (!isPolicyChecked(state, policy)) return 'prepare'
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

/** Whether the policy that the state pins was read. Throws if it cannot be that of the new name. */
function isPolicyChecked(state: SecretState, checked: CheckedPolicy | null): boolean {
  const pin = policyPinOf(state)
  if (pin === null || isRemoved(pin)) return true
  if (checked === null || !equalBytes(checked.tag, pin.tag)) return false
  if (checked.refusal !== null) throw checked.refusal
  return true
}

/**
 * Reads the stored policy of the secret. It may not be the one that the change is planned on, which
 * an earlier change may have set that is not committed; then it is read again.
 */
async function checkPolicy(
  session: Session,
  { secretName, newSecretName }: Rename,
  loadPolicies: LoadPolicies,
): Promise<CheckedPolicy | null> {
  const { readPolicyFor, readSecretPolicy } = await loadPolicies()
  const found = await readSecretPolicy(session, secretName, null)
  const document = found?.document ?? null
  const pin = found?.pin ?? null
  if (document === null || pin === null) return null
  try {
    readPolicyFor(session.scope, newSecretName, document)
    return { tag: pin.tag, refusal: null }
  } catch (error) {
    if (!isVaultError(error, 'INVALID_PARAMETER')) throw error
    return { tag: pin.tag, refusal: error }
  }
}
