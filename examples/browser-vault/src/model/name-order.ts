/** The order of names and tags: as a person sorts them, and the same on every call. */

const COLLATOR = new Intl.Collator(undefined, { numeric: true, ignorePunctuation: false })

/** Capital letters stand among the small ones, and `item9` before `item10`. */
export function compareNames(a: string, b: string): number {
  // Names that only code points tell apart, as `1` and `01`, still need one order.
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
