/** What is asked of the process of a peer, and what it answers. */

/** A store of new entries, each with a value of so many bytes. */
export interface FillOrder {
  readonly does: 'fill'
  readonly entries: number
  readonly bytes: number
}

/** Operations on entries by chance: one, and more until there were `runs` or the time is over. */
export interface TimeOrder {
  readonly does: 'open' | 'get' | 'put'
  readonly runs: number
  /** In milliseconds. */
  readonly within: number
}

/** One put, read back; or all values, and how many there are. */
export interface CheckOrder {
  readonly does: 'verify' | 'readBack'
}

export interface CloseOrder {
  readonly does: 'close'
}

export type PeerOrder = FillOrder | TimeOrder | CheckOrder | CloseOrder

/** Nanoseconds of each operation, or a number of values; an error by its message. */
export type PeerAnswer =
  | { readonly kind: 'done'; readonly numbers: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string }
