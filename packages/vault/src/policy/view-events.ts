/** Events for a view: those of secrets that its principal may describe (POL-6). */

import type { VaultEvent, VaultListener } from '../api/events.js'
import { readHead } from '../records/read-head.js'
import type { Session } from '../session/session.js'
import { authorizedRead } from './authorized-read.js'

/**
 * Subscribes a listener that is told in the order of the events. An event that cannot be decided,
 * because the store fails or the policies are damaged, is not told.
 */
export function subscribeAs(session: Session, listener: VaultListener): () => void {
  if (typeof listener !== 'function') throw new TypeError('a listener must be a function')
  let isEnded = false
  let last: Promise<void> = Promise.resolve()
  const unsubscribe = session.events.subscribe((event) => {
    last = last.then(async () => {
      if (!isEnded && (await isVisible(session, event))) deliver(listener, event)
    })
  })
  return () => {
    isEnded = true
    unsubscribe()
  }
}

async function isVisible(session: Session, { secretName }: VaultEvent): Promise<boolean> {
  try {
    const need = { action: 'kms:DescribeSecret', secretName } as const
    await authorizedRead(session, need, null, (gated) => readHead(gated, secretName, null))
    return true
  } catch {
    return false
  }
}

/** A listener's error is reported as uncaught, as for the listeners of the vault. */
function deliver(listener: VaultListener, event: VaultEvent): void {
  try {
    listener(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
