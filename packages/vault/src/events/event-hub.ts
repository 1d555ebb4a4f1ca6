/** Tells listeners of changes to the vault, after they were committed. */

import type { EventChannel } from '../platform/platform.js'
import type { VaultEvent, VaultListener } from '../api/events.js'
import { readEvents } from '../api/events.js'

export interface EventHub {
  subscribe(listener: VaultListener): () => void
  /** Tells of a commit of this handle, here and elsewhere. */
  emit(events: readonly VaultEvent[]): void
  /** Neither hears nor tells of anything any more. */
  close(): void
}

/** @param channel - to the other handles of the same vault */
export function createEventHub(channel: EventChannel): EventHub {
  const listeners = new Set<VaultListener>()

  /** @param events - frozen: listeners share them with each other */
  function tell(events: readonly VaultEvent[]): void {
    for (const event of events) {
      for (const listener of [...listeners]) {
        // One that was told before may have ended another's subscription.
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
        if (listeners.delete(own) && listeners.size === 0) channel.deafen()
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

/** Nothing of it is shared with the result of the operation, which its caller may change. */
function frozenCopy(event: VaultEvent): VaultEvent {
  if (!('versionStages' in event)) return Object.freeze({ ...event })
  return Object.freeze({ ...event, versionStages: Object.freeze([...event.versionStages]) })
}

/** What was committed stays so: a listener's error is reported as uncaught, as DOM events do. */
function deliver(listener: VaultListener, event: VaultEvent): void {
  try {
    listener(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
