/**
 * Goal F13. AES-GCM alone does not bind a box to one key: these tests show what the commitment of
 * the envelope is there for.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ascii, fromHex, implementations, seededBytes, toHex } from './implementations.js'
import { buildSalamander } from './salamander.js'

const vector = JSON.parse(
  readFileSync(new URL('../../../../docs/format/vectors/salamander.json', import.meta.url), 'utf8'),
) as Record<'key1' | 'key2' | 'nonce' | 'aad' | 'box' | 'plaintext1' | 'plaintext2', string> & {
  readonly suite: number
}

const key1 = fromHex(vector.key1)
const key2 = fromHex(vector.key2)
const nonce = fromHex(vector.nonce)
const aad = fromHex(vector.aad)
const box = fromHex(vector.box)

describe('the stored two-key box', () => {
  it('has two different keys, the zero nonce of the format, and a meaning under each key', () => {
    expect(vector.suite).toBe(2)
    expect(key1).not.toEqual(key2)
    expect(nonce).toEqual(new Uint8Array(12))
    expect(fromHex(vector.plaintext1).subarray(0, 16)).toEqual(ascii('rotate on Monday'))
    expect(fromHex(vector.plaintext2).subarray(16, 32)).toEqual(ascii('rotate on Friday'))
  })

  it('is what the construction gives', () => {
    const body = box.subarray(0, -16)
    expect(toHex(buildSalamander([key1, key2], nonce, aad, body))).toBe(vector.box)
  })

  it.each(implementations)(
    '%s opens it under both keys, and under no third',
    (_name, primitives) => {
      const open = (key: Uint8Array): string | null => {
        const plaintext = primitives.aeadOpen(2, key, nonce, aad, box)
        return plaintext === null ? null : toHex(plaintext)
      }
      expect(open(key1)).toBe(vector.plaintext1)
      expect(open(key2)).toBe(vector.plaintext2)
      expect(open(seededBytes(1).bytes(32))).toBeNull()
    },
  )
})

it.each(implementations)('%s opens a box built for any two keys', (_name, primitives) => {
  for (const [seed, blocks] of [
    [1, 1],
    [2, 2],
    [3, 9],
  ] as const) {
    const random = seededBytes(seed)
    const keys = [random.bytes(32), random.bytes(32)] as const
    const context = random.bytes(40)
    const built = buildSalamander(keys, nonce, context, random.bytes(16 * blocks))
    for (const key of keys) {
      expect(primitives.aeadOpen(2, key, nonce, context, built)).toHaveLength(16 * blocks)
    }
  }
})
