/** The secrets of a grown vault: which there are and what they hold, known from their index. */
import { payloadText } from './payloads.js'

export const VALUE_BYTES = 100

/** Ascending with the index, so that pages can be foretold. */
export function nameAt(index: number): string {
  return `team-${String(index >>> 6).padStart(5, '0')}/service-${String(index).padStart(7, '0')}`
}

export function valueAt(index: number): string {
  return payloadText(VALUE_BYTES, nameAt(index))
}
