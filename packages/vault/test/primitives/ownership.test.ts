/** What goes in stays as it is; what comes out belongs to the caller, with all its memory. */
import { describe, expect, it } from 'vitest'
import { implementations, seededBytes, suites, toHex } from './implementations.js'

const SIZES = [0, 1, 16, 100, 3000, 70_000]

describe.each(implementations)('%s', (_name, primitives) => {
  it.each(SIZES)('hashes of %i bytes', (size) => {
    const random = seededBytes(size)
    const key = random.bytes(32)
    const data = random.bytes(size)
    const before = [toHex(key), toHex(data)]
    for (const hash of [
      () => primitives.sha256(data),
      () => primitives.hmacSha256(key, data),
      () => primitives.hmacSha256(key, data.subarray(0, 1), data.subarray(1)),
    ]) {
      const output = hash()
      const expected = toHex(output)
      expectOwned(output)
      output.fill(0)
      expect(toHex(hash())).toBe(expected)
    }
    expect([toHex(key), toHex(data)]).toEqual(before)
  })

  it.each(SIZES)('boxes of %i bytes', (size) => {
    for (const suite of suites) {
      const random = seededBytes(size)
      const [key, nonce, aad] = [random.bytes(32), random.bytes(12), random.bytes(96)]
      const plaintext = random.bytes(size)
      const before = [key, nonce, aad, plaintext].map(toHex)

      const sealed = primitives.aeadSeal(suite, key, nonce, aad, plaintext)
      const box = new Uint8Array(sealed)
      expectOwned(sealed)
      sealed.fill(0)
      expect(toHex(primitives.aeadSeal(suite, key, nonce, aad, plaintext))).toBe(toHex(box))

      const opened = primitives.aeadOpen(suite, key, nonce, aad, box)
      expectOwned(opened)
      opened?.fill(0)
      const again = primitives.aeadOpen(suite, key, nonce, aad, box)
      expect(again === null ? null : toHex(again)).toBe(toHex(plaintext))

      const bad = new Uint8Array(box)
      bad.set([(bad.at(-1) ?? 0) ^ 1], bad.length - 1)
      const badBefore = toHex(bad)
      expect(primitives.aeadOpen(suite, key, nonce, aad, bad)).toBeNull()
      expect(toHex(bad)).toBe(badBefore)
      expect([key, nonce, aad, plaintext].map(toHex)).toEqual(before)
    }
  })

  it('a failed call leaves nothing behind for the next one', () => {
    const random = seededBytes(7)
    const key = random.bytes(32)
    const data = random.bytes(64)
    const expected = toHex(primitives.hmacSha256(key, data))
    const unreadable = {
      length: 1,
      get 0(): number {
        throw new Error('unreadable')
      },
    } as unknown as Uint8Array
    expect(() => primitives.hmacSha256(key, data, unreadable)).toThrow()
    expect(toHex(primitives.hmacSha256(key, data))).toBe(expected)
  })

  it('an unknown suite fails instead of becoming another one', () => {
    const random = seededBytes(8)
    const given = [random.bytes(32), random.bytes(12), random.bytes(3), random.bytes(40)] as const
    expect(() => primitives.aeadSeal(3 as 1, ...given)).toThrow()
    expect(() => primitives.aeadOpen(3 as 1, ...given)).toThrow()
  })
})

/** A plain array, not a `Buffer`, that is no window on shared memory. */
function expectOwned(output: Uint8Array | null): void {
  expect(Object.getPrototypeOf(output)).toBe(Uint8Array.prototype)
  expect(output?.buffer.byteLength).toBe(output?.byteLength)
}
