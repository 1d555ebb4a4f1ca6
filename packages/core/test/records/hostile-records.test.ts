/**
 * Records that no vault wrote: an integrity error in bounded time and memory for any bytes, and
 * one encoding for everything that can be read.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendChecksum } from '@stagevault/core/records/record-frame'
import { INTEGRITY_CODES, failureCode } from '../support/failures.js'
import { TEST_KEYS, withMac } from '../support/record-keys.js'
import type { Codec } from './codec.js'
import { CODECS } from './sample-records.js'

const MAC_BYTES = 32
const CHECKSUM_BYTES = 8

/** The part of a record that its MAC or checksum covers. */
function bodyOf(record: Uint8Array, end: Codec<unknown>['end']): Uint8Array {
  const macBytes = end.includes('mac') ? MAC_BYTES : 0
  const checksumBytes = end.includes('checksum') ? CHECKSUM_BYTES : 0
  return record.subarray(0, record.length - macBytes - checksumBytes)
}

/** The body as a record: under a MAC and a checksum that fit. */
function finish(body: Uint8Array, end: Codec<unknown>['end'], place: string): Uint8Array {
  const sealed = end.includes('mac') ? withMac(place, body) : new Uint8Array(body)
  return end.includes('checksum') ? appendChecksum(TEST_KEYS.primitives, sealed) : sealed
}

interface Mutation {
  readonly kind: 'set' | 'insert' | 'remove' | 'repeat' | 'fill'
  readonly at: number
  readonly count: number
  readonly byte: number
}

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Mutation['kind']>('set', 'insert', 'remove', 'repeat', 'fill'),
    at: fc.nat(),
    count: fc.integer({ min: 1, max: 9 }),
    byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
  }),
  { minLength: 1, maxLength: 3 },
)

function mutate(body: Uint8Array, list: readonly Mutation[]): Uint8Array {
  const bytes = [...body]
  for (const { kind, at, count, byte } of list) {
    // Behind the header: what breaks magic and version is refused at once.
    const place = 5 + (at % Math.max(1, bytes.length - 4))
    if (kind === 'set') bytes[Math.min(place, bytes.length - 1)] = byte
    else if (kind === 'insert') bytes.splice(place, 0, ...Array.from({ length: count }, () => byte))
    else if (kind === 'remove') bytes.splice(place, count)
    else if (kind === 'repeat') bytes.splice(place, 0, ...bytes.slice(place, place + count))
    else bytes.fill(byte, place, place + count)
  }
  return Uint8Array.from(bytes)
}

describe.each(CODECS)('$name', ({ facts, seal, open, place, end }) => {
  const isRefusal = (code: string | null): boolean => INTEGRITY_CODES.includes(code ?? 'none')
  const [sample] = fc.sample(facts, { numRuns: 1, seed: 7 })

  it('random bytes are refused', () => {
    const header = seal(sample).subarray(0, 5)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, hasHeader) => {
        const record = hasHeader ? Uint8Array.from([...header, ...tail]) : tail
        expect(isRefusal(failureCode(() => open(record, sample)))).toBe(true)
        const finished = finish(record, end, place(sample))
        const code = failureCode(() => open(finished, sample))
        expect(code === null || isRefusal(code)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('every changed byte is found', () => {
    const record = seal(sample)
    for (let i = 0; i < record.length; i++) {
      const changed = new Uint8Array(record)
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8))
      const code = failureCode(() => open(changed, sample))
      expect([i, isRefusal(code)]).toEqual([i, true])
    }
  })

  it('under a MAC that fits it is refused, or says what one record alone can say', () => {
    fc.assert(
      fc.property(facts, mutations, (given, list) => {
        const body = mutate(bodyOf(seal(given), end), list)
        const record = finish(body, end, place(given))
        let opened: unknown
        const code = failureCode(() => {
          opened = open(record, given)
        })
        if (code !== null) expect(INTEGRITY_CODES).toContain(code)
        else expect(seal(opened)).toEqual(record)
      }),
      { numRuns: 200 },
    )
  })

  it('counts and lengths that promise too much cost nothing', () => {
    const body = bodyOf(seal(sample), end)
    const before = process.memoryUsage().arrayBuffers
    const step = Math.max(1, Math.floor(body.length / 150))
    for (let at = 5; at < body.length; at += step) {
      for (const width of [1, 2, 4, 8]) {
        const changed = new Uint8Array(body)
        changed.fill(0xff, at, at + width)
        const code = failureCode(() => open(finish(changed, end, place(sample)), sample))
        expect(code === null || isRefusal(code)).toBe(true)
      }
    }
    // A length that was believed would have asked for gigabytes.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * 1024 * 1024)
  })
})

it('a checksum alone vouches for nothing: anyone can make one', () => {
  const [descriptor] = CODECS.filter(({ name }) => name === 'descriptor')
  if (descriptor === undefined) throw new Error('there is no descriptor')
  const [facts] = fc.sample(descriptor.facts, { numRuns: 1, seed: 4 })
  const record = descriptor.seal(facts)
  const body = record.slice(0, -CHECKSUM_BYTES)
  body[8] = (body[8] ?? 0) ^ 1
  const forged = appendChecksum(TEST_KEYS.primitives, body)
  expect(failureCode(() => descriptor.open(forged, facts))).toBe('DECRYPTION_FAILED')
})
