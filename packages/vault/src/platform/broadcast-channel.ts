/** Carries events between the handles of one vault in all tabs and workers of an origin. */

import type { OpenChannel } from './platform.js'

/** The part of it that is used, without a browser's types. */
interface Broadcast {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/**
 * Opened when there is something to say or to hear. In a page messages leave a moment later, in a
 * hidden one up to a second: sending one takes as long as reading a record, which whoever made the
 * change need not wait for. A worker may end itself as soon as it hears of its change.
 */
export const openBroadcastChannel: OpenChannel = (name) => {
  let channel: Broadcast | null = null
  let unsent: unknown[] = []

  function opened(): Broadcast | null {
    channel ??= tryOpen(`stagevault ${name}`)
    return channel
  }

  function send(): void {
    const messages = unsent
    unsent = []
    for (const message of messages) opened()?.postMessage(message)
  }

  function deafen(): void {
    channel?.close()
    channel = null
  }

  return {
    // Other tabs do not say whether they listen.
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
    deafen,
    close: () => {
      try {
        send()
      } finally {
        deafen()
      }
    },
  }
}

/** A page of an opaque origin, as a sandboxed frame is, has none; its vault works without. */
function tryOpen(name: string): Broadcast | null {
  const { BroadcastChannel } = globalThis as unknown as {
    readonly BroadcastChannel?: new (name: string) => Broadcast
  }
  try {
    return BroadcastChannel === undefined ? null : new BroadcastChannel(name)
  } catch {
    return null
  }
}
