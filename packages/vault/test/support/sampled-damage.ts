/**
 * How much of an exhaustive damage is done: all of it where STAGEVAULT_DAMAGE is `all`, as in the
 * campaign, and else a sample that falls on every part of every record.
 */

export const isWholeDamage: boolean = process.env['STAGEVAULT_DAMAGE'] === 'all'

/** Bits of the byte at `place` that are flipped: one of them in a sample, another in each byte. */
export function bitsAt(place: number): readonly number[] {
  return isWholeDamage ? [0, 1, 2, 3, 4, 5, 6, 7] : [(5 * place + (place >>> 3)) % 8]
}

/** Bytes at either end of a record where every length is tried. */
const EDGE_BYTES = 12
/** Between them only every ninth length is tried. */
const STRIDE = 9

/** The lengths that a record of so many bytes is cut to. */
export function lengthsBelow(bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, length) => length).filter(
    (length) =>
      isWholeDamage || length < EDGE_BYTES || length >= bytes - EDGE_BYTES || length % STRIDE === 0,
  )
}
