/** What the page remembers besides the vault, in the clear: nothing of which is secret. */
import { IDLE_MINUTES, IDLE_MINUTES_DEFAULT } from '../model/idle-lock.js'

const IDLE_KEY = 'idle-minutes'

export function readIdleMinutes(): number {
  const minutes = Number(localStorage.getItem(IDLE_KEY))
  return IDLE_MINUTES.includes(minutes) ? minutes : IDLE_MINUTES_DEFAULT
}

export function writeIdleMinutes(minutes: number): void {
  localStorage.setItem(IDLE_KEY, String(minutes))
}
