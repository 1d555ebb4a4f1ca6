/** Changing one secret: its head, and the records that change along with it. */

import { isDeletionDue } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { withChanges } from '@stagevault/core/model/secret-state'
import { requireRewritableHead, sealHead } from '@stagevault/core/records/head-record'
import { headKey } from '@stagevault/core/records/layout'
import type { Commit, Mutation } from '@stagevault/storage'
import type { VaultEvent } from '../events/vault-event.js'
import { requireHead } from './find-head.js'
import type { HeadSnapshot } from './head-snapshot.js'
import { headSnapshot } from './head-snapshot.js'
import type { Session } from '../session/session.js'
import { transact } from '../session/transact.js'

/** What a change of one secret comes to. */
export interface HeadChange<T> {
  /** The new state, or `null` where nothing changes. */
  readonly next: SecretState | null
  readonly result: T
  readonly events: readonly VaultEvent[]
  /** Records written or deleted along with the head. */
  readonly mutations?: readonly Mutation[]
}

/** Changes one secret, in its turn. @throws {@link VaultError} `SECRET_NOT_FOUND` */
export function changeSecret<T>(
  session: Session,
  secretName: string,
  decide: (head: HeadSnapshot) => HeadChange<T> | Promise<HeadChange<T>>,
): Promise<T> {
  return session.queue([secretName], () =>
    transact(
      session,
      () => requireHead(session, secretName),
      async (before) => {
        const { next, result, events, mutations = [] } = await decide(before)
        if (next === null) return { commit: null, result, events }
        const key = headKey(secretName)
        const head = sealNextHead(session, before, next)
        const commit: Commit = {
          guards: [{ key, value: before.bytes }],
          mutations: [{ key, value: head.bytes }, ...mutations],
        }
        return { commit, result, events, head }
      },
      guessHead(session, secretName),
    ),
  )
}

/** What is due for deletion is as good as gone: only what is stored can say more. */
function guessHead(session: Session, secretName: string): HeadSnapshot | null {
  const head = session.heads.guess(secretName)
  return head === null || isDeletionDue(head.state, session.now()) ? null : head
}

/**
 * The head that follows `before`: one generation on, with the hash of what it replaces.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT` for a head with a section that is not known.
 */
export function sealNextHead(
  session: Session,
  before: HeadSnapshot,
  next: SecretState,
): HeadSnapshot {
  requireRewritableHead(before.state)
  const state = withChanges(next, {
    generation: before.state.generation + 1,
    previousHeadHash: before.hash(),
  })
  return headSnapshot(session.primitives, sealHead(session.keys.records, state), state)
}
