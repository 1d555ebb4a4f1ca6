/** Bounded reading and writing of the byte format: big-endian, fixed-width lengths. */

import { VaultError } from './errors.js'
import { decodeText, encodeText } from './text.js'

/** This getter returns the true type of a typed array; properties of the value cannot change it. */
const typedArrayName = /* @__PURE__ */ Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)
const U32 = 0x1_0000_0000

/** Whether `value` is a `Uint8Array`, of this realm or another; a Node `Buffer` is one. */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName?.get?.call(value) === 'Uint8Array'
}

/** Whether two arrays hold the same bytes. The time depends only on their lengths. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Whether all bytes are zero. Not in constant time: never use it for secrets. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/** Overwrites key material. Copies made by the engine cannot be reached; see the threat model. */
export function wipe(...buffers: readonly Uint8Array[]): void {
  for (const buffer of buffers) buffer.fill(0)
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += HEX[byte] ?? ''
  return hex
}

/** The bytes of lower-case hexadecimal, or `null` if `hex` is anything else. */
export function fromHex(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return null
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  }
  return bytes
}

/** Appends fields to a growing buffer. */
export interface ByteWriter {
  u8(value: number): void
  u16(value: number): void
  u32(value: number): void
  /** A non-negative safe integer in eight bytes. */
  u64(value: number): void
  bytes(value: Uint8Array): void
  /** ASCII without its length. */
  ascii(value: string): void
  /** ASCII with a one-byte length: names, ids and labels. */
  shortText(value: string): void
  /** UTF-8 with a four-byte length. */
  longText(value: string): void
  /** The number of bytes written so far. */
  readonly length: number
  /** A view of the bytes written from `start` on. Later writes do not change it. */
  written(start?: number): Uint8Array
  /** The bytes written so far, in a buffer that holds nothing else and is not written to again. */
  take(): Uint8Array
}

/** A writer that copies nothing if exactly `sizeHint` bytes are written. */
export function createByteWriter(sizeHint = 256): ByteWriter {
  return new GrowingBuffer(sizeHint)
}

/** Up to this many bytes, a loop is faster than `set`. */
export const LOOP_BYTES_MAX = 32

class GrowingBuffer implements ByteWriter {
  #buffer: Uint8Array
  #length = 0

  constructor(size: number) {
    this.#buffer = new Uint8Array(size)
  }

  /** Reserves `count` more bytes. Call it before reading `#buffer`, which it may replace. */
  #reserve(count: number): number {
    const start = this.#length
    const end = start + count
    if (end > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(end, this.#buffer.length * 2))
      grown.set(this.written())
      this.#buffer = grown
    }
    this.#length = end
    return start
  }

  u8(value: number): void {
    const start = this.#reserve(1)
    this.#buffer[start] = value
  }

  u16(value: number): void {
    const start = this.#reserve(2)
    this.#buffer[start] = value >>> 8
    this.#buffer[start + 1] = value
  }

  u32(value: number): void {
    const start = this.#reserve(4)
    const buffer = this.#buffer
    buffer[start] = value >>> 24
    buffer[start + 1] = value >>> 16
    buffer[start + 2] = value >>> 8
    buffer[start + 3] = value
  }

  u64(value: number): void {
    this.u32(Math.floor(value / U32))
    this.u32(value % U32)
  }

  bytes(value: Uint8Array): void {
    const start = this.#reserve(value.length)
    const buffer = this.#buffer
    if (value.length > LOOP_BYTES_MAX) {
      buffer.set(value, start)
      return
    }
    for (let i = 0; i < value.length; i++) buffer[start + i] = value[i] ?? 0
  }

  ascii(value: string): void {
    const start = this.#reserve(value.length)
    const buffer = this.#buffer
    for (let i = 0; i < value.length; i++) buffer[start + i] = value.charCodeAt(i)
  }

  shortText(value: string): void {
    this.u8(value.length)
    this.ascii(value)
  }

  longText(value: string): void {
    // Most descriptions are empty and need no encoding.
    if (value === '') {
      this.u32(0)
      return
    }
    const encoded = encodeText('text', value)
    this.u32(encoded.length)
    this.bytes(encoded)
  }

  get length(): number {
    return this.#length
  }

  written(start = 0): Uint8Array {
    return this.#buffer.subarray(start, this.#length)
  }

  take(): Uint8Array {
    const isFull = this.#length === this.#buffer.length
    // Not `slice`, which zeroes the memory first.
    return isFull ? this.#buffer : new Uint8Array(this.written())
  }
}

/** Reads fields from a buffer; every failure is `MALFORMED_RECORD`. */
export interface ByteReader {
  u8(): number
  u16(): number
  u32(): number
  u64(): number
  /** A copy of the next `count` bytes. */
  bytes(count: number): Uint8Array
  /** A view of the next `count` bytes, which keeps the whole source in memory. */
  window(count: number): Uint8Array
  /**
   * Returns `value` if it is at most `max`. Used for counts and lengths before anything is
   * allocated.
   */
  bounded(value: number, max: number): number
  shortText(charsMax: number): string
  /** Checks a short text and skips it. */
  skipShortText(charsMax: number): void
  longText(bytesMax: number): string
  /** A view of the bytes that `read` consumes. */
  span(read: () => void): Uint8Array
  /** Fails unless every byte was read: trailing bytes would be a second encoding. */
  end(): void
}

/** @param what - the name of the bytes in messages */
export function createByteReader(what: string, source: Uint8Array): ByteReader {
  return new BoundedReader(what, source)
}

class BoundedReader implements ByteReader {
  readonly #what: string
  readonly #source: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(what: string, source: Uint8Array) {
    this.#what = what
    const { buffer, byteOffset, byteLength } = source
    // A plain array over the same memory: the `slice` of a Node Buffer would not copy.
    this.#source = new Uint8Array(buffer, byteOffset, byteLength)
    this.#view = new DataView(buffer, byteOffset, byteLength)
  }

  #malformed(why: string): VaultError {
    return new VaultError('MALFORMED_RECORD', `${this.#what}: ${why}`)
  }

  #advance(count: number): number {
    const start = this.#position
    if (count > this.#source.length - start) throw this.#malformed('cut short')
    this.#position = start + count
    return start
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  u64(): number {
    const start = this.#advance(8)
    const value = this.#view.getUint32(start) * U32 + this.#view.getUint32(start + 4)
    if (!Number.isSafeInteger(value)) throw this.#malformed('a number above 2^53')
    return value
  }

  bytes(count: number): Uint8Array {
    const start = this.#advance(count)
    return this.#source.slice(start, start + count)
  }

  window(count: number): Uint8Array {
    const start = this.#advance(count)
    return this.#source.subarray(start, start + count)
  }

  bounded(value: number, max: number): number {
    if (value > max) throw this.#malformed('a length above its limit')
    return value
  }

  shortText(charsMax: number): string {
    const start = this.#position + 1
    this.skipShortText(charsMax)
    let text = ''
    for (let i = start; i < this.#position; i++) text += String.fromCharCode(this.#source[i] ?? 0)
    return text
  }

  skipShortText(charsMax: number): void {
    const start = this.#advance(this.bounded(this.u8(), charsMax))
    for (let i = start; i < this.#position; i++) {
      const code = this.#source[i] ?? 0
      if (code < 0x21 || code > 0x7e) throw this.#malformed('text that is not printable ASCII')
    }
  }

  span(read: () => void): Uint8Array {
    const start = this.#position
    read()
    return this.#source.subarray(start, this.#position)
  }

  longText(bytesMax: number): string {
    return decodeText(this.bytes(this.bounded(this.u32(), bytesMax)))
  }

  end(): void {
    if (this.#position !== this.#source.length) throw this.#malformed('trailing bytes')
  }
}
