import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteReader, ByteWriter } from '@stagevault/core/bytes'
import {
  createByteReader,
  createByteWriter,
  equalBytes,
  fromHex,
  isBytes,
  toHex,
  wipe,
} from '@stagevault/core/bytes'
import { anyWellFormedText } from './support/arbitrary-text.js'
import { expectFailure, failureCode } from './support/failures.js'

/** A field as a writer and a reader see it. */
type Field =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'u64'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'shortText' | 'longText'; readonly value: string }

const number = (kind: 'u8' | 'u16' | 'u32' | 'u64', max: number): fc.Arbitrary<Field> =>
  fc
    .oneof(fc.constantFrom(0, 1, max), fc.integer({ min: 0, max }))
    .map((value) => ({ kind, value }))

/** What short texts are made of: printable ASCII, as in every name, id and label. */
const printable = fc
  .array(fc.integer({ min: 0x21, max: 0x7e }), { maxLength: 255 })
  .map((codes) => String.fromCharCode(...codes))

const fields: fc.Arbitrary<Field> = fc.oneof(
  number('u8', 0xff),
  number('u16', 0xffff),
  number('u32', 0xffff_ffff),
  number('u64', Number.MAX_SAFE_INTEGER),
  fc.uint8Array({ maxLength: 600 }).map((value) => ({ kind: 'bytes', value }) as const),
  printable.map((value) => ({ kind: 'shortText', value }) as const),
  anyWellFormedText(400).map((value) => ({ kind: 'longText', value }) as const),
)

function write(writer: ByteWriter, field: Field): void {
  switch (field.kind) {
    case 'bytes':
      writer.bytes(field.value)
      break
    case 'shortText':
    case 'longText':
      writer[field.kind](field.value)
      break
    default:
      writer[field.kind](field.value)
  }
}

function read(reader: ByteReader, { kind, value }: Field): unknown {
  switch (kind) {
    case 'bytes':
      return reader.bytes(value.length)
    case 'shortText':
      return reader.shortText(255)
    case 'longText':
      return reader.longText(4_000)
    default:
      return reader[kind]()
  }
}

function encode(list: readonly Field[], sizeHint?: number): Uint8Array {
  const writer = createByteWriter(sizeHint)
  for (const field of list) write(writer, field)
  return writer.take()
}

describe('writer and reader', () => {
  it('reads back what was written, for any initial size of the writer', () => {
    fc.assert(
      fc.property(fc.array(fields), fc.nat({ max: 64 }), (list, sizeHint) => {
        const reader = createByteReader('a test', encode(list, sizeHint))
        for (const field of list) expect(read(reader, field)).toEqual(field.value)
        reader.end()
      }),
    )
  })

  it('every shorter prefix is cut short, every longer one has trailing bytes', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 4 }), (list) => {
        const whole = encode(list)
        const readAll = (bytes: Uint8Array): void => {
          const reader = createByteReader('a test', bytes)
          for (const field of list) read(reader, field)
          reader.end()
        }
        for (let length = 0; length < whole.length; length++) {
          expectFailure(() => {
            readAll(whole.subarray(0, length))
          }, 'MALFORMED_RECORD')
        }
        const longer = new Uint8Array(whole.length + 1)
        longer.set(whole)
        expectFailure(() => {
          readAll(longer)
        }, 'MALFORMED_RECORD')
      }),
      { numRuns: 40 },
    )
  })

  it('numbers are big-endian and of fixed width', () => {
    const writer = createByteWriter(0)
    writer.u8(0x01)
    writer.u16(0x0203)
    writer.u32(0x04050607)
    writer.u64(0x08090a0b0c0d0e)
    writer.shortText('ab')
    writer.longText('é')
    expect(toHex(writer.take())).toBe(
      '01' + '0203' + '04050607' + '0008090a0b0c0d0e' + '026162' + '00000002c3a9',
    )
  })

  it('long text comes back, plain or not', () => {
    const plain = 'a'.repeat(2_000)
    for (const text of [plain, `${plain}é`, `€${plain}`, '\u{1f511}'.repeat(1_000)]) {
      const record = encode([{ kind: 'longText', value: text }])
      expect(Buffer.from(record.subarray(4)).equals(Buffer.from(text))).toBe(true)
      expect(createByteReader('a test', record).longText(8_000)).toBe(text)
    }
  })

  it.each([2, 4])('what was taken stays as it is, from a writer for %i bytes', (sizeHint) => {
    const writer = createByteWriter(sizeHint)
    writer.u16(0x0102)
    const first = writer.take()
    writer.u16(0x0304)
    expect([first, writer.take()]).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3, 4)])
    expect(first.buffer.byteLength).toBe(2)
  })

  it('shows what was written without a copy', () => {
    const writer = createByteWriter(8)
    writer.ascii('ab')
    const window = writer.written()
    expect(window).toEqual(Uint8Array.of(97, 98))
    expect(writer.written().buffer).toBe(window.buffer)
    expect(writer.take().buffer).not.toBe(window.buffer)
  })
})

describe('reader', () => {
  const readerOf = (...bytes: number[]): ByteReader =>
    createByteReader('a test', Uint8Array.from(bytes))

  it('refuses numbers that JavaScript cannot hold', () => {
    expect(readerOf(0, 0x1f, 255, 255, 255, 255, 255, 255).u64()).toBe(Number.MAX_SAFE_INTEGER)
    expectFailure(() => readerOf(0, 0x20, 0, 0, 0, 0, 0, 0).u64(), 'MALFORMED_RECORD')
    expectFailure(() => readerOf(255, 255, 255, 255, 255, 255, 255, 255).u64(), 'MALFORMED_RECORD')
  })

  it('checks a length against its bound before it reads', () => {
    expect(readerOf().bounded(5, 5)).toBe(5)
    expectFailure(() => readerOf().bounded(6, 5), 'MALFORMED_RECORD')
    expectFailure(() => readerOf(3, 97, 97, 97).shortText(2), 'MALFORMED_RECORD')
    expectFailure(() => readerOf(255, 255, 255, 255).longText(1 << 20), 'MALFORMED_RECORD')
    expectFailure(() => readerOf(0, 15, 255, 255).longText(1 << 20), 'MALFORMED_RECORD')
  })

  it('refuses bytes that are not UTF-8', () => {
    const malformed = [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3]]
    for (const bytes of malformed) {
      const reader = readerOf(0, 0, 0, bytes.length, ...bytes)
      expectFailure(() => reader.longText(10), 'MALFORMED_RECORD')
    }
  })

  it('takes printable ASCII alone for short text', () => {
    expect(readerOf(2, 0x21, 0x7e).shortText(2)).toBe('!~')
    for (const byte of [0x00, 0x0a, 0x20, 0x7f, 0x80, 0xff]) {
      expectFailure(() => readerOf(2, 0x61, byte).shortText(2), 'MALFORMED_RECORD')
    }
  })

  it('names in a message what was read', () => {
    try {
      readerOf().u8()
    } catch (error) {
      expect((error as Error).message).toBe('a test: cut short')
    }
    expect.assertions(1)
  })

  it('gives bytes of their own, from windows and Buffers too', () => {
    const memory = Uint8Array.of(9, 9, 1, 2, 3, 9)
    for (const source of [memory.subarray(2, 5), Buffer.from(memory.buffer, 2, 3)]) {
      const taken = createByteReader('a test', source).bytes(3)
      expect(taken.buffer.byteLength).toBe(3)
      memory[2] = 7
      expect(taken).toEqual(Uint8Array.of(1, 2, 3))
      memory[2] = 1
    }
  })

  it('gives a window where that is asked for, and a plain one on a Buffer too', () => {
    const memory = Uint8Array.of(9, 9, 1, 2, 3, 9)
    for (const source of [memory.subarray(2, 5), Buffer.from(memory.buffer, 2, 3)]) {
      const reader = createByteReader('a test', source)
      const window = reader.window(2)
      expect(window).toEqual(Uint8Array.of(1, 2))
      expect(window.buffer).toBe(memory.buffer)
      expect(Object.getPrototypeOf(window)).toBe(Uint8Array.prototype)
      expectFailure(() => reader.window(2), 'MALFORMED_RECORD')
    }
  })

  it('survives any bytes: a value, or MALFORMED_RECORD', () => {
    const steps = fc.array(
      fc.constantFrom<Field['kind']>('u8', 'u16', 'u32', 'u64', 'shortText', 'longText'),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), steps, (bytes, kinds) => {
        const reader = createByteReader('a test', bytes)
        const code = failureCode(() => {
          for (const kind of kinds) {
            if (kind === 'shortText') reader.shortText(20)
            else if (kind === 'longText') reader.longText(20)
            else if (kind !== 'bytes') reader[kind]()
          }
          reader.end()
        })
        expect([null, 'MALFORMED_RECORD']).toContain(code)
      }),
    )
  })
})

describe('hexadecimal', () => {
  it('there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
    )
  })

  it('one spelling alone', () => {
    for (const text of ['0', 'AB', 'aB', '0x', ' 00', '00 ', '0\u0660', 'gg', '--', '00\n']) {
      expect(fromHex(text)).toBeNull()
    }
    expect(fromHex('')).toEqual(new Uint8Array(0))
  })
})

describe('equalBytes, wipe and isBytes', () => {
  it('equalBytes finds any difference', () => {
    const bits = fc.integer({ min: 1, max: 255 })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), bits, (bytes, at, change) => {
        const other = new Uint8Array(bytes)
        expect(equalBytes(bytes, other)).toBe(true)
        const place = at % bytes.length
        other[place] = (other[place] ?? 0) ^ change
        expect(equalBytes(bytes, other)).toBe(false)
        expect(equalBytes(bytes, bytes.subarray(1))).toBe(false)
      }),
    )
    expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true)
  })

  it('wipe overwrites all of them', () => {
    const buffers = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    wipe(...buffers)
    expect(buffers).toEqual([new Uint8Array(2), new Uint8Array(1)])
  })

  it('isBytes asks what a value is, not what it says', () => {
    const tag = (value: object): object =>
      Object.defineProperty(value, Symbol.toStringTag, { value: 'Uint8Array' })
    const foreign: unknown = runInNewContext('new Uint8Array(1)')
    const bytes = [new Uint8Array(1), Buffer.alloc(1), foreign]
    expect(bytes.map(isBytes)).toEqual([true, true, true])
    const others = [
      undefined,
      null,
      'bytes',
      1,
      [1],
      {},
      new Uint16Array(1),
      new Uint8ClampedArray(1),
      new ArrayBuffer(1),
      new DataView(new ArrayBuffer(1)),
      tag({}),
      tag(new Uint16Array(1)),
      tag(new DataView(new ArrayBuffer(1))),
      Object.create(Uint8Array.prototype),
    ]
    for (const other of others) expect(isBytes(other)).toBe(false)
  })
})
