/** The tombstones of a secret: the evicted versions, to which VER-3 and VER-4 still apply. */

import { createByteWriter } from '../bytes.js'
import { VALUE_DIGEST_BYTES } from './value.js'

/** The id of an evicted version, and the digest of its value, or zero bytes if it was destroyed. */
export interface Tombstone {
  readonly versionId: string
  /** 16 bytes. */
  readonly valueDigest: Uint8Array
}

/**
 * Tombstones, oldest first, packed as in the head. Every put searches them for its version id and
 * writes them again. Measured: 32 objects made a durable put about 50 µs slower.
 */
export class Tombstones implements Iterable<Tombstone> {
  static readonly none: Tombstones = new Tombstones(new Uint8Array(0), 0)

  /** For each tombstone, its length-prefixed id and its digest. */
  readonly rows: Uint8Array
  readonly length: number

  /** @param rows - as they are stored; checked by the caller, and not changed afterwards */
  constructor(rows: Uint8Array, length: number) {
    this.rows = rows
    this.length = length
  }

  static of(tombstones: readonly Tombstone[]): Tombstones {
    return Tombstones.none.with(tombstones)
  }

  /** The digest of the evicted version with this id, or `null`. */
  digestOf(versionId: string): Uint8Array | null {
    for (let row = 0; row < this.rows.length; row = this.#next(row)) {
      if (this.#isAt(row, versionId)) return this.#digestAt(row)
    }
    return null
  }

  /** These tombstones followed by younger ones. */
  with(added: readonly Tombstone[]): Tombstones {
    const writer = createByteWriter(this.rows.length + added.length * (VALUE_DIGEST_BYTES + 8))
    writer.bytes(this.rows)
    for (const { versionId, valueDigest } of added) {
      writer.shortText(versionId)
      writer.bytes(valueDigest)
    }
    return new Tombstones(writer.written(), this.length + added.length)
  }

  /** These without the `count` oldest. */
  without(count: number): Tombstones {
    let row = 0
    for (let i = 0; i < count && row < this.rows.length; i++) row = this.#next(row)
    return new Tombstones(this.rows.subarray(row), Math.max(0, this.length - count))
  }

  /** Whether every id occurs once. */
  isDistinct(): boolean {
    const { rows } = this
    for (let row = 0; row < rows.length; row = this.#next(row)) {
      for (let other = this.#next(row); other < rows.length; other = this.#next(other)) {
        if (this.#isSameId(row, other)) return false
      }
    }
    return true
  }

  *[Symbol.iterator](): Generator<Tombstone> {
    for (let row = 0; row < this.rows.length; row = this.#next(row)) {
      yield { versionId: this.#idAt(row), valueDigest: this.#digestAt(row) }
    }
  }

  #idLength(row: number): number {
    return this.rows[row] ?? 0
  }

  #next(row: number): number {
    return row + 1 + this.#idLength(row) + VALUE_DIGEST_BYTES
  }

  #idAt(row: number): string {
    return String.fromCharCode(...this.rows.subarray(row + 1, row + 1 + this.#idLength(row)))
  }

  #digestAt(row: number): Uint8Array {
    const start = row + 1 + this.#idLength(row)
    return this.rows.subarray(start, start + VALUE_DIGEST_BYTES)
  }

  /** Compares from the end, where automatic ids differ first. */
  #isAt(row: number, versionId: string): boolean {
    const length = this.#idLength(row)
    if (length !== versionId.length) return false
    for (let i = length - 1; i >= 0; i--) {
      if (this.rows[row + 1 + i] !== versionId.charCodeAt(i)) return false
    }
    return true
  }

  #isSameId(row: number, other: number): boolean {
    const length = this.#idLength(row)
    if (length !== this.#idLength(other)) return false
    for (let i = length; i > 0; i--) if (this.rows[row + i] !== this.rows[other + i]) return false
    return true
  }
}
