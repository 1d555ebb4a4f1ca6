/** What the samples of all kinds of record have in common. */

import fc from 'fast-check'

export interface Codec<Facts> {
  /** Of the kind; one kind may have several codecs. */
  readonly name: string
  readonly facts: fc.Arbitrary<Facts>
  readonly place: (facts: Facts) => string
  readonly seal: (facts: Facts) => Uint8Array
  /** The facts in a record that is kept at the place of these facts. */
  readonly open: (record: Uint8Array, facts: Facts) => unknown
  /** How its end tells of changes. */
  readonly end: 'mac' | 'mac and checksum' | 'hash in the head'
}

export const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })

export const plain = <T extends object>(model: {
  [K in keyof T]: fc.Arbitrary<T[K]>
}): fc.Arbitrary<T> => fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>
