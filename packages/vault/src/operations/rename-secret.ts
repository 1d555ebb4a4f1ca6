import { formatArn } from '@stagevault/core/arn'
import { VaultError } from '@stagevault/core/errors'
import { planRename, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import { sealName } from '@stagevault/core/records/index-records'
import { headKey, nameKey } from '@stagevault/core/records/layout'
import { parseRenameSecret } from '@stagevault/core/request/metadata-requests'
import type { RenameSecretRequest } from '../api/requests.js'
import type { RenameSecretResult } from '../api/results.js'
import { sealNextHead } from '../heads/change-secret.js'
import { purgeIfDue } from '../heads/purge.js'
import { requireHead } from '../heads/find-head.js'
import type { HeadSnapshot } from '../heads/head-snapshot.js'
import { headKeys, headOf, secretNotFound } from '../heads/read-head.js'
import type { Session } from '../session/session.js'
import type { Decision } from '../session/transact.js'
import { transact } from '../session/transact.js'

export async function renameSecret(
  session: Session,
  input: RenameSecretRequest,
): Promise<RenameSecretResult> {
  const { secretName, newSecretName } = parseRenameSecret(input, session.scope)
  if (secretName === newSecretName) return keepName(session, secretName)
  return session.queue([secretName, newSecretName], async () => {
    await purgeIfDue(session, secretName)
    await purgeIfDue(session, newSecretName)
    return transact(
      session,
      () => readBoth(session, secretName, newSecretName),
      (both) => decide(session, newSecretName, both),
    )
  })
}

/** A name that is there already is a success, of a secret that may be renamed. */
async function keepName(session: Session, secretName: string): Promise<RenameSecretResult> {
  const { state } = await requireHead(session, secretName)
  requireNotScheduled(state)
  return { secretName, arn: formatArn(session.scope, secretName) }
}

/** The deletions that were due have compared the root already. */
const ROOT_COMPARED = 0

interface BothHeads {
  readonly from: HeadSnapshot
  readonly to: HeadSnapshot | null
}

async function readBoth(session: Session, from: string, to: string): Promise<BothHeads> {
  const asked = session.memory.now()
  const keys = [...headKeys(from), ...headKeys(to)]
  const [head = null, name = null, toHead = null, toName = null] = await session.storage.read(keys)
  const found = headOf(session, from, asked, head, name, ROOT_COMPARED)
  if (found === null) throw secretNotFound(from)
  const target = headOf(session, to, asked, toHead, toName, ROOT_COMPARED)
  return { from: found, to: target }
}

function decide(
  session: Session,
  newSecretName: string,
  { from, to }: BothHeads,
): Decision<RenameSecretResult> {
  requireNotScheduled(from.state)
  if (to !== null) {
    requireNotScheduled(to.state)
    throw new VaultError('SECRET_EXISTS', `there is a secret ${newSecretName}`)
  }
  const { secretName: formerSecretName, secretId } = from.state
  const head = sealNextHead(session, from, planRename(from.state, newSecretName, session.now()))
  const name = sealName(session.keys.records, newSecretName, secretId)
  return {
    commit: {
      guards: [
        { key: headKey(formerSecretName), value: from.bytes },
        { key: headKey(newSecretName), value: null },
        { key: nameKey(newSecretName), value: null },
      ],
      mutations: [
        { key: headKey(formerSecretName), value: null },
        { key: nameKey(formerSecretName), value: null },
        { key: headKey(newSecretName), value: head.bytes },
        { key: nameKey(newSecretName), value: name },
      ],
    },
    result: { secretName: newSecretName, arn: formatArn(session.scope, newSecretName) },
    events: [{ type: 'secret.renamed', secretName: newSecretName, formerSecretName }],
    head,
  }
}
