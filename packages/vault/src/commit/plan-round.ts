/** Chooses the changes of a round and plans each on the state that the earlier plans produce. */

import { isRefusal } from '@stagevault/core/errors'
import type { Session } from '../session/session.js'
import type { Change, Plan } from './change.js'
import { requireRewritable, writesNothing } from './change.js'
import type { LoadedState } from './load-state.js'
import type { Member, PendingChanges } from './pending-changes.js'
import { commitTimedOut, createBlockedNames, isTimedOut } from './pending-changes.js'
import { Round } from './round.js'

/** A change that is part of a round, and its plan. */
export interface Planned {
  readonly member: Member
  readonly plan: Plan<unknown>
}

/** Plans the members of a round, and settles those that write nothing or are refused. */
export class RoundPlanner {
  readonly #session: Session
  readonly #pending: PendingChanges
  readonly #onPrepared: () => void

  /** @param onPrepared - called when the preparation of a change has ended */
  constructor(session: Session, pending: PendingChanges, onPrepared: () => void) {
    this.#session = session
    this.#pending = pending
    this.#onPrepared = onPrepared
  }

  /** Plans one change after another, until one does not fit. */
  planAll(round: Round, loaded: LoadedState): Planned[] {
    const planned: Planned[] = []
    const blocked = createBlockedNames()
    for (const member of loaded.members) {
      // The change may have been removed while the state was read.
      if (!this.#pending.has(member)) continue
      const { change } = member
      if (blocked.isBlocked(change)) {
        const ahead = blocked.preparing(change)
        if (ahead > 0 && change.prepare !== undefined) this.#prepare(member, round, ahead)
        blocked.block(change, member.isPreparing)
        continue
      }
      member.deadline ??= performance.now() + 1_000 * this.#session.commitTimeoutSeconds
      if (change.secretNames.some((name) => round.hasTwin(name))) {
        member.isFresh = true
        blocked.block(change, false)
        continue
      }
      const plan = this.#planOne(round, loaded, member)
      if (plan === 'waits') blocked.block(change, member.isPreparing)
      else if (plan !== 'ended') {
        if (!round.add(change, plan)) break
        planned.push({ member, plan })
      }
    }
    return planned
  }

  /**
   * The plan of a change; `'ended'` if it was settled without a plan; `'waits'` if it waits for its
   * preparation or for a round that is planned on a fresh read.
   */
  #planOne(round: Round, loaded: LoadedState, member: Member): Plan<unknown> | 'ended' | 'waits' {
    const { change } = member
    let plan: Plan<unknown> | 'prepare' | null = null
    let refusal: unknown = null
    try {
      plan = change.plan(round)
      if (plan !== 'prepare') requireRewritable(plan, round.root)
    } catch (error) {
      // A refusal follows from the state and may differ on another one. Other errors are final.
      if (!isRefusal(error))
        return this.#end(() => {
          this.#pending.fail(member, error)
        })
      refusal = error
    }
    if (plan === 'prepare') {
      if (isTimedOut(member))
        return this.#end(() => {
          this.#pending.fail(member, commitTimedOut())
        })
      this.#prepare(member, round, 0)
      return 'waits'
    }
    if (refusal === null && plan !== null && !writesNothing(plan)) return plan
    if (!round.isEmpty && loaded.isFresh && !touches(round, change)) {
      // A refusal based on the stored state alone is final, whether or not the round is applied.
      const alone = new Round(loaded.committed, this.#session.lowerLimits)
      if (this.#planOne(alone, loaded, member) === 'ended') return 'ended'
    }
    if (!round.isEmpty || !loaded.isFresh) {
      member.isFresh = true
      return 'waits'
    }
    const result = plan?.result
    return this.#end(() => {
      if (refusal === null) this.#pending.settle(member, result)
      else this.#pending.fail(member, refusal)
    })
  }

  #end(settle: () => void): 'ended' {
    settle()
    return 'ended'
  }

  /** Starts the preparation of a change, which is planned again afterwards. */
  #prepare(member: Member, round: Round, ahead: number): void {
    const preparing = member.change.prepare?.(round, ahead)
    if (preparing === undefined) throw new TypeError('a change cannot prepare what it asks for')
    member.isPreparing = true
    preparing
      .catch((error: unknown) => {
        this.#pending.fail(member, error)
      })
      .finally(() => {
        member.isPreparing = false
        this.#onPrepared()
      })
  }
}

/** Whether a change names a secret or record that a plan of the round depends on. */
function touches(
  { guardedNames, guardedKeys }: Round,
  { secretNames, keys = [] }: Change<unknown>,
): boolean {
  return (
    secretNames.some((name) => guardedNames.has(name)) || keys.some((key) => guardedKeys.has(key))
  )
}
