/** Which changes of the queue a round takes: each is planned on what those before it leave. */

import { isRefusal } from '@stagevault/core/errors'
import type { Session } from '../session/session.js'
import type { Change, Plan } from './change.js'
import { requireRewritable, writesNothing } from './change.js'
import type { LoadedState } from './load-state.js'
import type { Member, PendingChanges } from './pending-changes.js'
import { createBlockedNames, isOver, tooSlow } from './pending-changes.js'
import { Round } from './round.js'

/** A change that is part of a round, and what it comes to. */
export interface Planned {
  readonly member: Member
  readonly plan: Plan<unknown>
}

/** Plans the members of a round, and ends those that come to nothing. */
export class RoundPlanner {
  readonly #session: Session
  readonly #pending: PendingChanges
  readonly #onPrepared: () => void

  /** @param onPrepared - called when a change has done what it has to before it is planned */
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
      // It may have been taken out while the state was read.
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
   * The plan of a change; `ended` where it came to its end without one; `waits` for what it
   * prepares, or for a state that is stored and current.
   */
  #planOne(round: Round, loaded: LoadedState, member: Member): Plan<unknown> | 'ended' | 'waits' {
    const { change } = member
    let plan: Plan<unknown> | 'prepare' | null = null
    let refusal: unknown = null
    try {
      plan = change.plan(round)
      if (plan !== 'prepare') requireRewritable(plan, round.root)
    } catch (error) {
      // Only what follows from the state may be decided otherwise on another one.
      if (!isRefusal(error))
        return this.#end(() => {
          this.#pending.fail(member, error)
        })
      refusal = error
    }
    if (plan === 'prepare') {
      if (isOver(member))
        return this.#end(() => {
          this.#pending.fail(member, tooSlow())
        })
      this.#prepare(member, round, 0)
      return 'waits'
    }
    if (refusal === null && plan !== null && !writesNothing(plan)) return plan
    if (!round.isEmpty && loaded.isFresh && !touches(round, change)) {
      // What is decided by what is stored need not wait for others, which may go on losing.
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

  /** Lets a change do what takes time; it is planned again afterwards. */
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

/** Whether a change names what a plan of the round was made on. */
function touches(
  { guardedNames, guardedKeys }: Round,
  { secretNames, keys = [] }: Change<unknown>,
): boolean {
  return (
    secretNames.some((name) => guardedNames.has(name)) || keys.some((key) => guardedKeys.has(key))
  )
}
