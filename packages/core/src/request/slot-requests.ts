/** Requests about unlock slots, but for the unlocks in them: those are the vault's. */

import { fromHex } from '../bytes.js'
import { SLOT_DESCRIPTION_CHARS_MAX } from '../limits.js'
import type { Fields } from './request-fields.js'
import { invalid, optionalBoundedText, text } from './request-fields.js'

/** Bytes of a slot's id. */
const SLOT_ID_BYTES = 16

/** The id of a slot: 32 hexadecimal digits, as lists of slots give it. */
export function slotIdOf(fields: Fields): Uint8Array {
  const slotId = fromHex(text(fields, 'slotId'))
  if (slotId?.length === SLOT_ID_BYTES) return slotId
  throw invalid('slotId must be 32 hexadecimal digits in lower case')
}

/** What people tell slots apart by, or `null` where nothing is given. */
export function slotDescriptionOf(fields: Fields): string | null {
  return optionalBoundedText(fields, 'description', SLOT_DESCRIPTION_CHARS_MAX)
}
