/** What handles of one vault share in this process: their events, and turns to commit. */

import type { OpenChannel } from './platform.js'

type Receive = (message: unknown) => void

/** Only handles that listen are kept: a vault that is dropped unclosed is not held by this. */
export const openProcessChannel: OpenChannel = (name) => {
  let own: Receive | null = null

  function deafen(): void {
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
        // Later, as between tabs: a listener there cannot get in the way of the writer here.
        queueMicrotask(() => {
          if (listenersOf(name).includes(listener)) listener(message)
        })
      }
    },
    listen: (receive) => {
      own = receive
      channels().set(name, [...listenersOf(name), receive])
    },
    deafen,
    close: deafen,
  }
}

function listenersOf(name: string): readonly Receive[] {
  return channels().get(name) ?? []
}

/** One for the process, also where two copies of this package are loaded. */
function channels(): Map<string, readonly Receive[]> {
  const symbol = Symbol.for('stagevault/event-channels')
  const found: unknown = Reflect.get(globalThis, symbol)
  if (found instanceof Map) return found as Map<string, readonly Receive[]>
  const created = new Map<string, readonly Receive[]>()
  Reflect.set(globalThis, symbol, created)
  return created
}

/** Waits for the turns that were asked for before. @returns what ends this one */
export function takeProcessTurn(name: string): Promise<() => void> {
  const turns = registry()
  const before = turns.get(name) ?? Promise.resolve()
  let end: () => void = () => undefined
  const own = new Promise<void>((resolve) => {
    end = resolve
  })
  const last = before.then(() => own)
  turns.set(name, last)
  void last.then(() => {
    if (turns.get(name) === last) turns.delete(name)
  })
  return before.then(() => end)
}

/** One for the process, also where two copies of this package are loaded. */
function registry(): Map<string, Promise<void>> {
  const symbol = Symbol.for('stagevault/turns')
  const found: unknown = Reflect.get(globalThis, symbol)
  if (found instanceof Map) return found as Map<string, Promise<void>>
  const created = new Map<string, Promise<void>>()
  Reflect.set(globalThis, symbol, created)
  return created
}
