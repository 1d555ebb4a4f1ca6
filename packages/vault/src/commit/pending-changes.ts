/** The changes that wait for their commit, in order of arrival. */

import { VaultError } from '@stagevault/core/errors'
import { PENDING_CHANGES_MAX, ROUND_CHANGES_MAX } from '@stagevault/core/limits'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { Change } from './change.js'

/** A pending change, and the functions that settle its caller's promise. */
export interface Member {
  readonly change: Change<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  /** Whether its secrets must be read before it is planned again, even if they are cached. */
  isFresh: boolean
  /** Whether its preparation is under way. */
  isPreparing: boolean
  /** Whether it is part of a commit that was passed to the storage. */
  isIssued: boolean
  /** Milliseconds of the monotonic clock; set when the change is first planned. */
  deadline: number | null
}

export interface PendingChanges {
  readonly size: number
  /** Whether a member is still pending. */
  has(member: Member): boolean
  /**
   * Queues a change. The returned promise settles when the change does.
   *
   * @throws {@link VaultError} `QUOTA_EXCEEDED` if 10,000 changes are pending
   */
  add<T>(change: Change<T>): Promise<T>
  /**
   * The first changes that can be planned. No change overtakes an earlier change of the same
   * secret.
   */
  ready(): Member[]
  /** Resolves a member's promise and removes the member. */
  settle(member: Member, result: unknown): void
  fail(member: Member, error: unknown): void
  /** Rejects every member that is not part of a commit under way. */
  failAll(error: unknown): void
}

/** @param onAbort - called when a signal has removed a change */
export function createPendingChanges(onAbort: () => void): PendingChanges {
  const waiting = new Set<Member>()

  function add<T>(change: Change<T>): Promise<T> {
    change.signal?.throwIfAborted()
    if (waiting.size >= PENDING_CHANGES_MAX) {
      const most = String(PENDING_CHANGES_MAX)
      throw new VaultError('QUOTA_EXCEEDED', `${most} changes are pending already; try again later`)
    }
    return new Promise((resolve, reject) => {
      const stop = onceAborted(change.signal ?? null, (reason) => {
        if (member.isIssued) return
        fail(member, reason)
        onAbort()
      })
      const member: Member = {
        change,
        resolve: (result) => {
          stop()
          resolve(result as T)
        },
        reject: (error) => {
          stop()
          reject(error)
        },
        isFresh: false,
        isPreparing: false,
        isIssued: false,
        deadline: null,
      }
      waiting.add(member)
    })
  }

  function fail(member: Member, error: unknown): void {
    if (waiting.delete(member)) member.reject(error as Error)
  }

  return {
    get size() {
      return waiting.size
    },
    has: (member) => waiting.has(member),
    add,
    ready: () => {
      const ready: Member[] = []
      const blocked = createBlockedNames()
      for (const member of waiting) {
        if (ready.length === ROUND_CHANGES_MAX) break
        const { change, isPreparing } = member
        if (isPreparing || blocked.isBlocked(change)) blocked.block(change, isPreparing)
        else ready.push(member)
      }
      return ready
    },
    settle: (member, result) => {
      if (waiting.delete(member)) member.resolve(result)
    },
    fail,
    failAll: (error) => {
      for (const member of waiting) if (!member.isIssued) fail(member, error)
    },
  }
}

/** Whether a member's time is over. */
export function isTimedOut({ deadline }: Member): boolean {
  return deadline !== null && performance.now() >= deadline
}

export function commitTimedOut(): VaultError {
  return new VaultError('CONFLICT', 'other writers kept committing first; try again later')
}

/** The secrets and records that earlier pending changes name. A later change of them must wait. */
export interface BlockedNames {
  isBlocked(change: Change<unknown>): boolean
  /** How many earlier changes of the same secrets are being prepared. */
  preparing(change: Change<unknown>): number
  block(change: Change<unknown>, isPreparing: boolean): void
}

export function createBlockedNames(): BlockedNames {
  const names = new Map<string, number>()
  const keys = new Set<string>()
  const preparing = (name: string): number => names.get(name) ?? 0
  return {
    isBlocked: ({ secretNames, keys: ownKeys = [] }) =>
      (names.size > 0 && secretNames.some((name) => names.has(name))) ||
      (keys.size > 0 && ownKeys.some((key) => keys.has(key))),
    preparing: ({ secretNames }) => Math.max(0, ...secretNames.map(preparing)),
    block: ({ secretNames, keys: ownKeys = [] }, isPreparing) => {
      for (const name of secretNames) names.set(name, preparing(name) + Number(isPreparing))
      for (const key of ownKeys) keys.add(key)
    },
  }
}

/** Calls `run` with the signal's reason when it is aborted. @returns a function that stops that */
function onceAborted(signal: AbortSignalLike | null, run: (reason: unknown) => void): () => void {
  if (signal === null) return doNothing
  const listener = (): void => {
    run(signal.reason)
  }
  signal.addEventListener('abort', listener)
  return () => {
    signal.removeEventListener('abort', listener)
  }
}

function doNothing(): void {
  // Without a signal there is no listener to remove.
}
