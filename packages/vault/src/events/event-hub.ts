/** Delivers events to listeners, after the changes were committed. */

import type { EventChannel } from '../platform/platform.js'
import type { VaultEvent, VaultListener } from '../api/events.js'
import { readEvents } from '../api/events.js'

export interface EventHub {
  subscribe(listener: VaultListener): () => void
  /** Delivers the events of a commit of this handle to its own listeners and to other handles. */
  emit(events: readonly VaultEvent[]): void
  /** Stops receiving and delivering events. */
  close(): void
}

/** @param channel - connects the other handles of the same vault */
export function createEventHub(channel: EventChannel): EventHub {
  const listeners = new Set<VaultListener>()

  /** @param events - frozen, because listeners share them */
  function tell(events: readonly VaultEvent[]): void {
    for (const event of events) {
      for (const listener of [...listeners]) {
        // An earlier listener may have ended the subscription of this one.
        if (listeners.has(listener)) deliver(listener, event)
      }
    }
  }

  function listen(): void {
    channel.listen((message) => {
      tell(readEvents(message).map((event) => frozenCopy({ ...event, isRemote: true })))
    })
  }

  return {
    subscribe: (listener) => {
      if (typeof listener !== 'function') throw new TypeError('a listener must be a function')
      if (listeners.size === 0) listen()
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own: VaultListener = (event) => {
        listener(event)
      }
      listeners.add(own)
      return () => {
        if (listeners.delete(own) && listeners.size === 0) channel.unlisten()
      }
    },
    emit: (events) => {
      if (events.length === 0 || (listeners.size === 0 && !channel.isHeard())) return
      const own = events.map(frozenCopy)
      tell(own)
      channel.post(own)
    },
    close: () => {
      channel.close()
      listeners.clear()
    },
  }
}

/** A frozen copy that shares nothing with the operation's result, which the caller may change. */
function frozenCopy(event: VaultEvent): VaultEvent {
  const { versionStages } = event
  if (versionStages === undefined) return Object.freeze({ ...event })
  return Object.freeze({ ...event, versionStages: Object.freeze([...versionStages]) })
}

/**
 * A listener's error must not fail a committed change: it is reported as uncaught, as for DOM
 * events.
 */
function deliver(listener: VaultListener, event: VaultEvent): void {
  try {
    listener(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
