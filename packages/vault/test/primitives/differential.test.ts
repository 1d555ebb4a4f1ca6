/** Goal F22: the implementations give the same bytes and accept and reject the same boxes. */
import { createHash } from 'node:crypto'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { describe, expect, it } from 'vitest'
import { implementations, seededBytes, suites, toHex, type SeededBytes } from './implementations.js'

const CASES = 2400
const SIZE_MAX = 70_000
const EDGES = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 2047, 2048, 2049, SIZE_MAX] as const
const KEY_SIZES = [0, 1, 31, 32, 33, 63, 64, 65, 131] as const

/** SHA-256 over all outputs of all cases. It may change with the cases only. */
const ALL_OUTPUTS = 'e0d860c3949de64dccb5dd44d9f689fbc34833659b5962343ce2bd76f291f592'

/** Mostly small, as secrets are, up to {@link SIZE_MAX}; each edge several times. */
function sizeOf(index: number, random: SeededBytes): number {
  const edge = EDGES[index % (8 * EDGES.length)]
  if (edge !== undefined) return edge
  return Math.floor(SIZE_MAX ** (random.below(1_000_000) / 1_000_000)) - 1
}

/** The accumulated outputs, and the number of boxes that did not open to what was sealed. */
function runCases(primitives: Primitives): {
  readonly outputs: string
  readonly unopened: number
} {
  const random = seededBytes(20_240_229)
  const outputs = createHash('sha256')
  let unopened = 0
  for (let index = 0; index < CASES; index++) {
    const data = random.bytes(sizeOf(index, random))
    const macKey = random.bytes(KEY_SIZES[index % KEY_SIZES.length] ?? 0)
    const cut = random.below(data.length + 1)
    outputs.update(primitives.sha256(data))
    outputs.update(primitives.hmacSha256(macKey, data.subarray(0, cut), data.subarray(cut)))
    const given = [random.bytes(32), random.bytes(12), random.bytes(random.below(200))] as const
    for (const suite of suites) {
      const box = primitives.aeadSeal(suite, ...given, data)
      outputs.update(box)
      const opened = primitives.aeadOpen(suite, ...given, box)
      if (opened === null || Buffer.compare(opened, data) !== 0) unopened += 1
    }
  }
  return { outputs: outputs.digest('hex'), unopened }
}

describe(`${CASES} random cases`, () => {
  it.each(implementations)('%s gives the known outputs', (_name, primitives) => {
    expect(runCases(primitives)).toEqual({ outputs: ALL_OUTPUTS, unopened: 0 })
  })
})

interface Sealed {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  readonly aad: Uint8Array
  readonly box: Uint8Array
}

const BODY_BYTES = 20

function sealSmall(suite: SuiteId): Sealed {
  const random = seededBytes(suite)
  const [key, nonce, aad] = [random.bytes(32), random.bytes(12), random.bytes(9)]
  const box = noblePrimitives.aeadSeal(suite, key, nonce, aad, random.bytes(BODY_BYTES))
  return { key, nonce, aad, box }
}

/** The input with each single bit of one of its fields turned over. */
function* bitFlips(sealed: Sealed): Generator<Sealed> {
  for (const field of ['key', 'nonce', 'aad', 'box'] as const) {
    for (let bit = 0; bit < 8 * sealed[field].length; bit++) {
      const flipped = new Uint8Array(sealed[field])
      flipped.set([(flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))], bit >> 3)
      yield { ...sealed, [field]: flipped }
    }
  }
}

describe.each(implementations)('%s', (_name, primitives) => {
  const opens = (suite: SuiteId, { key, nonce, aad, box }: Sealed): boolean =>
    primitives.aeadOpen(suite, key, nonce, aad, box) !== null

  it.each(suites)('suite %i opens what noble sealed', (suite) => {
    expect(opens(suite, sealSmall(suite))).toBe(true)
  })

  it.each(suites)('suite %i rejects each flipped bit of any input', (suite) => {
    const flips = [...bitFlips(sealSmall(suite))]
    expect(flips).toHaveLength(8 * (32 + 12 + 9 + BODY_BYTES + 16))
    expect(flips.filter((flipped) => opens(suite, flipped))).toEqual([])
  })

  it.each(suites)('suite %i rejects every shortened and lengthened tag', (suite) => {
    const sealed = sealSmall(suite)
    const lengths = Array.from({ length: 16 }, (_, length) => length)
    const shortened = lengths.map((length) => sealed.box.subarray(0, BODY_BYTES + length))
    const lengthened = [0, 1, 16].map((extra) =>
      Uint8Array.of(...sealed.box, ...sealed.box.subarray(0, extra + 1)),
    )
    const opened = [...shortened, ...lengthened].filter((box) => opens(suite, { ...sealed, box }))
    expect(opened).toEqual([])
  })

  it.each(suites)('suite %i rejects what is shorter than a tag', (suite) => {
    const sealed = sealSmall(suite)
    const { key, nonce, aad } = sealed
    const emptyBox = primitives.aeadSeal(suite, key, nonce, aad, new Uint8Array(0))
    expect(opens(suite, { ...sealed, box: emptyBox })).toBe(true)
    for (let length = 0; length < 16; length++) {
      expect(opens(suite, { ...sealed, box: emptyBox.subarray(0, length) })).toBe(false)
      expect(opens(suite, { ...sealed, box: emptyBox.subarray(16 - length) })).toBe(false)
      expect(opens(suite, { ...sealed, box: new Uint8Array(length) })).toBe(false)
    }
  })

  it('a box of one suite does not open under the other', () => {
    expect(opens(2, sealSmall(1))).toBe(false)
    expect(opens(1, sealSmall(2))).toBe(false)
  })

  it('hashes do not depend on how the message is cut', () => {
    const random = seededBytes(3)
    const key = random.bytes(32)
    for (const size of [0, 1, 100, 2048, 2049, 5000]) {
      const data = random.bytes(size)
      const whole = toHex(primitives.hmacSha256(key, data))
      const middle = size >> 1
      const parts = [data.subarray(0, 0), data.subarray(0, middle), data.subarray(middle)]
      expect(toHex(primitives.hmacSha256(key, ...parts))).toBe(whole)
    }
    expect(primitives.hmacSha256(key)).toEqual(primitives.hmacSha256(key, new Uint8Array(0)))
  })
})
