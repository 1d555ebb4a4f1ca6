/**
 * The committer of an open vault. After creation, it is the only caller of `storage.commit`. It
 * takes the pending changes, plans as many as fit in one commit, and commits them together with one
 * new root. Only one commit is under way at a time. A change that arrives while no other is pending
 * is committed without delay.
 */

import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { createBreather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Change } from './change.js'
import { createContention } from './turns-and-pauses.js'
import type { LoadedState } from './load-state.js'
import { loadState, readersOf } from './load-state.js'
import type { RefusedRound } from './occupied-places.js'
import { findBlocked, placeOccupied } from './occupied-places.js'
import type { Member } from './pending-changes.js'
import { commitTimedOut, createPendingChanges, isTimedOut } from './pending-changes.js'
import type { Planned } from './plan-round.js'
import { RoundPlanner } from './plan-round.js'
import { Round } from './round.js'
import type { SealedRound } from './seal-round.js'
import { sealRound } from './seal-round.js'

export interface Committer {
  /**
   * Submits a change. The promise settles when the change is committed, refused or failed; a read
   * that starts after that sees the change.
   *
   * Rejects with the error that `plan` throws; `CONFLICT` if other writers kept committing first
   * for `commitTimeoutSeconds`; `QUOTA_EXCEEDED` if 10,000 changes are pending; `VAULT_CLOSED`; a
   * code of the integrity group; the signal's reason; or a `StorageError`.
   */
  submit<T>(change: Change<T>): Promise<T>
  /** Stops pausing between attempts, because the vault is being closed. */
  hasten(): void
  /**
   * Rejects every pending change that is not part of a commit under way, and every later one.
   *
   * @returns a promise that resolves when no commit is under way
   */
  abandon(): Promise<void>
}

export function createCommitter(session: Session): Committer {
  return new VaultCommitter(session)
}

class VaultCommitter implements Committer {
  readonly #session: Session
  readonly #pending = createPendingChanges(() => {
    this.#wake()
  })
  readonly #contention
  readonly #planner
  readonly #breather = createBreather()
  #wake: () => void = () => undefined
  #isRunning = false
  #running: Promise<void> = Promise.resolve()
  #isAbandoned = false
  /** Whether the last seen root may still be the stored one. */
  #isRootKnown = true
  #refused: RefusedRound | null = null

  constructor(session: Session) {
    this.#session = session
    this.#contention = createContention(session.turns)
    this.#planner = new RoundPlanner(session, this.#pending, () => {
      this.#wake()
    })
  }

  async submit<T>(change: Change<T>): Promise<T> {
    if (this.#isAbandoned) throw vaultClosed()
    const outcome = this.#pending.add(change)
    if (!this.#isRunning) this.#running = this.#run()
    this.#wake()
    return outcome
  }

  hasten(): void {
    this.#contention.hasten()
  }

  async abandon(): Promise<void> {
    this.#isAbandoned = true
    this.#contention.hasten()
    this.#pending.failAll(vaultClosed())
    this.#wake()
    // If no change is left, the loop may still be waiting for a read that never settles.
    if (this.#pending.size > 0) await this.#running
  }

  /** Never rejects: errors are passed to the changes. */
  async #run(): Promise<void> {
    this.#isRunning = true
    // Changes submitted in the same turn of the event loop share the first round.
    await Promise.resolve()
    while (this.#pending.size > 0) {
      let ready = this.#pending.ready()
      // A change that has lost once is planned on a fresh read, so only those keep the contention
      // up.
      if (!ready.some(({ isFresh }) => isFresh)) this.#contention.calm()
      if (ready.length > 0 && this.#contention.isContended) {
        await this.#contention.wait(this.#firstDeadline(ready))
        if (this.#pending.size === 0) break
        ready = this.#pending.ready()
      }
      try {
        if (ready.length > 0) {
          await this.#play(ready)
        } else {
          // Preparing may take seconds, so the turn is given to other handles.
          this.#contention.settle()
          await this.#somethingNew()
        }
      } catch (error) {
        // An internal error: reject the callers instead of leaving them waiting.
        this.#pending.failAll(error)
      }
      // Breathe only while changes are pending, so that a single change is not delayed.
      if (this.#pending.size > 0) await this.#breather.breathe()
    }
    this.#contention.settle()
    this.#isRunning = false
  }

  /** When the first of these changes times out. Waiting for a turn counts as trying. */
  #firstDeadline(ready: readonly Member[]): number {
    let first = performance.now() + 1_000 * this.#session.commitTimeoutSeconds
    for (const member of ready) member.deadline ??= first
    for (const { deadline } of ready) if (deadline !== null) first = Math.min(first, deadline)
    return first
  }

  /** Resolves when a change is added, prepared or removed. */
  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  async #play(ready: readonly Member[]): Promise<void> {
    let loaded: LoadedState
    try {
      const loading = loadState(this.#session, ready, this.#isRootKnown)
      loaded = 'then' in loading ? await loading : loading
      this.#isRootKnown = true
      if (this.#refused !== null) {
        const refused = this.#refused
        this.#refused = null
        for (const member of await findBlocked(this.#session, refused, loaded.committed)) {
          this.#pending.fail(member, placeOccupied())
        }
      }
    } catch (error) {
      // Without the root no change can be decided.
      if (isIntegrityError(error)) this.#pending.failAll(error)
      else for (const member of readersOf(this.#session, ready)) this.#pending.fail(member, error)
      return
    }
    const round = new Round(loaded.committed, this.#session.lowerLimits)
    const planned = this.#planner.planAll(round, loaded)
    if (planned.length > 0) await this.#commit(round, planned, loaded.isFresh)
  }

  /** @param isFresh - whether the round was planned on a state that was read for it */
  async #commit(round: Round, planned: readonly Planned[], isFresh: boolean): Promise<void> {
    const { storage, keys, guard } = this.#session
    let isApplied: boolean
    let sealed: SealedRound
    const writtenAt = guard.time()
    const startedAt = performance.now()
    try {
      sealed = sealRound(keys.records, round)
      for (const { member } of planned) member.isIssued = true
      const committing = storage.commit(sealed.commit)
      // The adapter starts to write in the next microtask. The hashes are computed while it writes.
      await Promise.resolve()
      for (const head of sealed.heads) head.hash()
      isApplied = (await committing) === 'applied'
    } catch (error) {
      this.#forget(round)
      for (const { member } of planned) this.#pending.fail(member, error)
      return
    }
    if (isApplied) {
      this.#contention.applied(performance.now() - startedAt)
      this.#remember(sealed, writtenAt)
      this.#settleAll(planned)
    } else {
      this.#contention.conflict()
      if (isFresh) this.#refused = { planned, sealed }
      this.#putBack(planned)
    }
  }

  #settleAll(planned: readonly Planned[]): void {
    for (const { member, plan } of planned) {
      this.#session.events.emit(plan.events)
      this.#pending.settle(member, plan.result)
    }
  }

  #remember({ root, heads, gone, deleted }: SealedRound, writtenAt: number): void {
    const { guard, heads: cache, versions } = this.#session
    guard.observeRoot(root)
    for (const head of gone) cache.markDeleted(head)
    for (const head of heads) cache.put(head, writtenAt, root.state.epoch)
    for (const key of deleted) versions.delete(key)
  }

  /** After a failed commit the stored state is unknown. */
  #forget(round: Round): void {
    this.#isRootKnown = false
    for (const secretName of round.guardedNames) this.#session.heads.invalidate(secretName)
  }

  /** The changes keep their places in the queue and are planned again on the state stored then. */
  #putBack(planned: readonly Planned[]): void {
    for (const { member } of planned) {
      const { signal } = member.change
      member.isIssued = false
      member.isFresh = true
      if (this.#isAbandoned) this.#pending.fail(member, vaultClosed())
      else if (signal?.aborted === true) this.#pending.fail(member, signal.reason)
      else if (isTimedOut(member)) this.#pending.fail(member, commitTimedOut())
    }
  }
}

function vaultClosed(): VaultError {
  return new VaultError('VAULT_CLOSED', 'the vault is closed')
}
