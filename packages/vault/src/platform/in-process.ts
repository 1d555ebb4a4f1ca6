/** Connects the handles of one vault within this process: their events, and turns to commit. */

import type { OpenChannel, Turns } from './platform.js'

type Receive = (message: unknown) => void

/**
 * Only listening handles are registered, so this does not keep alive a vault that was never closed.
 */
export const openProcessChannel: OpenChannel = (name) => {
  let own: Receive | null = null

  function unlisten(): void {
    const others = listenersOf(name).filter((listener) => listener !== own)
    if (others.length === 0) channels().delete(name)
    else channels().set(name, others)
    own = null
  }

  return {
    isHeard: () => listenersOf(name).some((listener) => listener !== own),
    post: (message) => {
      for (const listener of listenersOf(name)) {
        if (listener === own) continue
        // Delivered later, as between tabs, so that a listener cannot disturb the writer.
        queueMicrotask(() => {
          if (listenersOf(name).includes(listener)) listener(message)
        })
      }
    },
    listen: (receive) => {
      own = receive
      channels().set(name, [...listenersOf(name), receive])
    },
    unlisten,
    close: unlisten,
  }
}

function listenersOf(name: string): readonly Receive[] {
  return channels().get(name) ?? []
}

/** One map per process, even if two copies of this package are loaded. */
function channels(): Map<string, readonly Receive[]> {
  const symbol = Symbol.for('stagevault/event-channels')
  const found: unknown = Reflect.get(globalThis, symbol)
  if (found instanceof Map) return found as Map<string, readonly Receive[]>
  const created = new Map<string, readonly Receive[]>()
  Reflect.set(globalThis, symbol, created)
  return created
}

/** A handle's place in the queue for turns. The first place has the turn. */
interface Place {
  /** Called when the handle's turn begins. */
  readonly begin: () => void
  /** Milliseconds of the monotonic clock; `null` while it waits. */
  begunAt: number | null
}

/**
 * The longest turn, in milliseconds; after that the next handle goes on, because the commit may
 * hang.
 */
const TURN_HELD_MS_MAX = 5_000

export function openProcessTurns(name: string): Turns {
  return {
    isWanted: () => queues().has(name),
    take: (signal) => takeTurn(name, signal),
  }
}

function takeTurn(name: string, signal: AbortSignal): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const place: Place = {
      begin: () => {
        signal.removeEventListener('abort', giveUp)
        resolve(() => {
          leave(name, place)
        })
      },
      begunAt: null,
    }
    const giveUp = (): void => {
      leave(name, place)
      endLongTurn(name)
      resolve(null)
    }
    signal.addEventListener('abort', giveUp)
    endLongTurn(name)
    const queue = queues().get(name) ?? []
    queues().set(name, queue)
    queue.push(place)
    if (queue.length === 1) begin(place)
  })
}

function begin(place: Place): void {
  place.begunAt = performance.now()
  place.begin()
}

/** Does nothing if the turn has already ended. */
function leave(name: string, place: Place): void {
  const queue = queues().get(name) ?? []
  const index = queue.indexOf(place)
  if (index === -1) return
  queue.splice(index, 1)
  const [first] = queue
  if (first === undefined) queues().delete(name)
  else if (index === 0) begin(first)
}

function endLongTurn(name: string): void {
  const holder = queues().get(name)?.[0]
  const begunAt = holder?.begunAt ?? null
  if (holder === undefined || begunAt === null) return
  if (performance.now() - begunAt > TURN_HELD_MS_MAX) leave(name, holder)
}

/** One map per process, even if two copies of this package are loaded. */
function queues(): Map<string, Place[]> {
  const symbol = Symbol.for('stagevault/turns')
  const found: unknown = Reflect.get(globalThis, symbol)
  if (found instanceof Map) return found as Map<string, Place[]>
  const created = new Map<string, Place[]>()
  Reflect.set(globalThis, symbol, created)
  return created
}
