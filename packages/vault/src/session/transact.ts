/**
 * Read, decide, commit; again when someone else committed first. The only caller of
 * `storage.commit`, apart from the creation of a vault.
 */

import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { Commit, CommitOutcome } from '@stagevault/storage'
import type { VaultEvent } from '../events/vault-event.js'
import type { HeadSnapshot } from '../heads/head-snapshot.js'
import type { StoredRoot } from '../heads/read-root.js'
import type { StoredKeyring } from '../unlock/read-keyring.js'
import type { Session } from './session.js'

/** What an operation does with the state it found. */
export interface Decision<T> {
  /** What to write, or `null` where everything is as it should be. */
  readonly commit: Commit | null
  /** What the caller is told once it is written. */
  readonly result: T
  readonly events: readonly VaultEvent[]
  /** What the commit changes, to be remembered: a head that it writes, */
  readonly head?: HeadSnapshot
  /** a secret that it deletes, */
  readonly gone?: HeadSnapshot
  /** a vault root that it writes, */
  readonly root?: StoredRoot
  /** and a keyring. */
  readonly keyring?: StoredKeyring
}

type Changes = Pick<Decision<unknown>, 'head' | 'gone' | 'root' | 'keyring'>

/** What a decision does not name is not looked for in `Object.prototype`. */
const NO_CHANGES: { readonly [Name in keyof Changes]-?: Changes[Name] | undefined } = {
  head: undefined, gone: undefined, root: undefined, keyring: undefined,
}

/**
 * Decides on what `load` finds, as often as it takes. What `decide` awaits holds up nobody but this
 * change: no storage transaction is ever open while something foreign is awaited.
 *
 * Errors of the store pass through, `STORAGE_OUTCOME_UNKNOWN` among them: whether to repeat is for
 * the caller, whose version id makes a repeated put harmless.
 *
 * @param guess - what `load` would find if nobody else wrote, or `null`. A commit decided on it is
 *   as good as any, since its guards say whether it still holds, and saves a read; nothing else is:
 *   a refusal, or that nothing is to be written, is decided on what is stored now.
 * @throws {@link VaultError} `CONFLICT` when others won 100 times in a row.
 */
export async function transact<S, T>(
  session: Session,
  load: () => Promise<S>,
  decide: (state: S) => Decision<T> | Promise<Decision<T>>,
  guess: S | null = null,
): Promise<T> {
  let guessed = guess === null ? null : await commitOn(guess, decide)
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const decision = guessed ?? await decide(await load())
    guessed = null
    if (decision.commit !== null) {
      const asked = session.memory.now()
      const changes = { ...NO_CHANGES, ...decision }
      const outcome = await commitOrDoubt(session, decision.commit, changes.head)
      if (outcome === 'conflict') continue
      remember(session, changes, asked)
      forgetDeleted(session, decision.commit)
      session.events.emit(decision.events)
    }
    return decision.result
  }
  const attempts = String(COMMIT_ATTEMPTS_MAX)
  throw new VaultError('CONFLICT', `other writers were faster ${attempts} times; try again later`)
}

/** What a failed commit has left behind is for the next attempt to read. */
async function commitOrDoubt(
  session: Session,
  commit: Commit,
  head: HeadSnapshot | undefined,
): Promise<CommitOutcome> {
  try {
    const committing = session.storage.commit(commit)
    // It has to be known once the head is written; the store takes longer.
    head?.hash()
    return await committing
  } catch (error) {
    if (head !== undefined) session.heads.doubt(head.state.secretName)
    throw error
  }
}

async function commitOn<S, T>(
  guess: S,
  decide: (state: S) => Decision<T> | Promise<Decision<T>>,
): Promise<Decision<T> | null> {
  try {
    const decision = await decide(guess)
    return decision.commit === null ? null : decision
  } catch {
    return null
  }
}

function remember(session: Session, changes: typeof NO_CHANGES, asked: number): void {
  const { head, gone, root, keyring } = changes
  if (root !== undefined) session.memory.root.note(root.state.generation, root.bytes)
  if (keyring !== undefined) session.memory.keyring.note(keyring.state.generation, keyring.bytes)
  if (gone !== undefined) session.heads.bury(gone)
  if (head !== undefined) session.heads.keep(head, asked, root?.state.generation ?? 0)
}

function forgetDeleted(session: Session, { mutations }: Commit): void {
  for (const { key, value } of mutations) if (value === null) session.records.forget(key)
}
