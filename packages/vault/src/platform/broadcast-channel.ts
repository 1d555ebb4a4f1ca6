/** Carries events between the handles of one vault in all tabs and workers of an origin. */

import type { OpenChannel } from './platform.js'

/** The used part of BroadcastChannel, without a browser's types. */
interface Broadcast {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/**
 * Opens a channel on the first post or listen. In a page, messages are sent a moment later, in a
 * hidden page up to a second later. Sending a message takes as long as reading a record, and the
 * caller of the change need not wait for it. A worker sends in a microtask, because it may
 * terminate as soon as its change is committed.
 */
export const openBroadcastChannel: OpenChannel = (name) => {
  let channel: Broadcast | null = null
  let unsent: unknown[] = []

  function opened(): Broadcast | null {
    channel ??= createBroadcast(`stagevault ${name}`)
    return channel
  }

  function send(): void {
    const messages = unsent
    unsent = []
    for (const message of messages) opened()?.postMessage(message)
  }

  function unlisten(): void {
    channel?.close()
    channel = null
  }

  return {
    // Other tabs do not report whether they listen.
    isHeard: () => true,
    post: (message) => {
      if (unsent.push(message) > 1) return
      if ('document' in globalThis) setTimeout(send, 0)
      else queueMicrotask(send)
    },
    listen: (receive) => {
      const own = opened()
      if (own === null) return
      own.onmessage = ({ data }): void => {
        receive(data)
      }
    },
    unlisten,
    close: () => {
      try {
        send()
      } finally {
        unlisten()
      }
    },
  }
}

/**
 * A page of an opaque origin, such as a sandboxed frame, has no channel; its vault works without.
 */
function createBroadcast(name: string): Broadcast | null {
  const { BroadcastChannel } = globalThis as unknown as {
    readonly BroadcastChannel?: new (name: string) => Broadcast
  }
  try {
    return BroadcastChannel === undefined ? null : new BroadcastChannel(name)
  } catch {
    return null
  }
}
