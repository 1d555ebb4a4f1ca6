/** What the page remembers besides the vault, in the clear: nothing of which is secret. */
import { IDLE_MINUTES, IDLE_MINUTES_DEFAULT } from '../model/idle-lock.js'

const IDLE_KEY = 'idle-minutes'

export function readIdleMinutes(): number {
  const minutes = Number(withStorage((storage) => storage.getItem(IDLE_KEY)))
  return IDLE_MINUTES.includes(minutes) ? minutes : IDLE_MINUTES_DEFAULT
}

export function writeIdleMinutes(minutes: number): void {
  withStorage((storage) => {
    storage.setItem(IDLE_KEY, String(minutes))
  })
}

/** A browser may refuse it, or have no room: then nothing is remembered. */
function withStorage<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(localStorage)
  } catch {
    return null
  }
}
