/** Bounded reading and writing of the byte format: big-endian, fixed-width lengths. */

import { VaultError } from './errors.js'
import { decodeText, encodeText } from './text.js'

/** Its getter tells which typed array a value is, whatever properties the value was given. */
const typedArrayName = /* @__PURE__ */ Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)
const U32 = 0x1_0000_0000

/** Whether `value` is a `Uint8Array`, of this realm or another; a Node `Buffer` is one. */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName?.get?.call(value) === 'Uint8Array'
}

/** Equality in time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Overwrites key material. Copies that the engine made cannot be reached; see the threat model. */
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

/** The bytes of lower-case hexadecimal, or `null` when `hex` is anything else. */
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
  /** ASCII with a one-byte length: names, ids and labels. */
  shortText(value: string): void
  /** UTF-8 with a four-byte length. */
  longText(value: string): void
  /** What was written so far, in a buffer of its own. */
  take(): Uint8Array
}

export function createByteWriter(sizeHint = 256): ByteWriter {
  let buffer = new Uint8Array(sizeHint)
  let view = new DataView(buffer.buffer)
  let length = 0

  // Called before `view` and `buffer` are named in a statement: growing replaces both.
  function reserve(count: number): number {
    const start = length
    length += count
    if (length > buffer.length) {
      const grown = new Uint8Array(Math.max(length, buffer.length * 2))
      grown.set(buffer.subarray(0, start))
      buffer = grown
      view = new DataView(buffer.buffer)
    }
    return start
  }

  const writer: ByteWriter = {
    u8: (value) => {
      const start = reserve(1)
      view.setUint8(start, value)
    },
    u16: (value) => {
      const start = reserve(2)
      view.setUint16(start, value)
    },
    u32: (value) => {
      const start = reserve(4)
      view.setUint32(start, value)
    },
    u64: (value) => {
      const start = reserve(8)
      view.setUint32(start, Math.floor(value / U32))
      view.setUint32(start + 4, value % U32)
    },
    bytes: (value) => {
      const start = reserve(value.length)
      buffer.set(value, start)
    },
    shortText: (value) => {
      writer.u8(value.length)
      const start = reserve(value.length)
      for (let i = 0; i < value.length; i++) buffer[start + i] = value.charCodeAt(i)
    },
    longText: (value) => {
      const encoded = encodeText('text', value)
      writer.u32(encoded.length)
      writer.bytes(encoded)
    },
    take: () => buffer.slice(0, length),
  }
  return writer
}

/** Takes fields off a buffer; every failure is `MALFORMED_RECORD`. */
export interface ByteReader {
  u8(): number
  u16(): number
  u32(): number
  u64(): number
  /** A copy of the next `count` bytes. */
  bytes(count: number): Uint8Array
  /** A count or length that may not exceed `max`: checked before anything is allocated. */
  bounded(value: number, max: number): number
  shortText(charsMax: number): string
  longText(bytesMax: number): string
  /** Fails unless every byte was read: trailing bytes would be a second encoding. */
  end(): void
}

export function createByteReader(what: string, source: Uint8Array): ByteReader {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  let position = 0

  function malformed(why: string): VaultError {
    return new VaultError('MALFORMED_RECORD', `${what}: ${why}`)
  }
  function advance(count: number): number {
    const start = position
    if (count > source.length - start) throw malformed('cut short')
    position += count
    return start
  }

  const reader: ByteReader = {
    u8: () => view.getUint8(advance(1)),
    u16: () => view.getUint16(advance(2)),
    u32: () => view.getUint32(advance(4)),
    u64: () => {
      const start = advance(8)
      const value = view.getUint32(start) * U32 + view.getUint32(start + 4)
      if (!Number.isSafeInteger(value)) throw malformed('a number beyond 2^53')
      return value
    },
    bytes: (count) => {
      const start = advance(count)
      // Not `slice`: on a Node Buffer that is a view, and a view would keep the whole record alive.
      return new Uint8Array(source.subarray(start, start + count))
    },
    bounded: (value, max) => {
      if (value > max) throw malformed('a length beyond its limit')
      return value
    },
    shortText: (charsMax) => {
      const start = advance(reader.bounded(reader.u8(), charsMax))
      let text = ''
      for (let i = start; i < position; i++) {
        const code = source[i] ?? 0
        if (code < 0x21 || code > 0x7e) throw malformed('text beyond printable ASCII')
        text += String.fromCharCode(code)
      }
      return text
    },
    longText: (bytesMax) => decodeText(reader.bytes(reader.bounded(reader.u32(), bytesMax))),
    end: () => {
      if (position !== source.length) throw malformed('trailing bytes')
    },
  }
  return reader
}
