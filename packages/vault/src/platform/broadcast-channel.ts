/** Carries events between the handles of one vault in all tabs and workers of an origin. */

import type { OpenChannel } from './platform.js'

/** The part of it that is used, without a browser's types. */
interface Broadcast {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Opened when there is something to say or to hear. */
export const openBroadcastChannel: OpenChannel = (name) => {
  let channel: Broadcast | null = null

  function opened(): Broadcast | null {
    channel ??= tryOpen(`stagevault ${name}`)
    return channel
  }

  return {
    post: (message) => {
      opened()?.postMessage(message)
    },
    listen: (receive) => {
      const own = opened()
      if (own === null) return
      own.onmessage = ({ data }): void => {
        receive(data)
      }
    },
    close: () => {
      channel?.close()
      channel = null
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
