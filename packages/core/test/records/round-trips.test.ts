import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RECORD_KINDS } from '@stagevault/core/records/record-frame'
import { INTEGRITY_CODES, failureCode } from '../support/failures.js'
import { CODECS } from './sample-records.js'

it('there is a codec for each kind of record', () => {
  const magics = CODECS.map(({ facts, seal }) => {
    const [given] = fc.sample(facts, { numRuns: 1, seed: 1 })
    return Buffer.from(seal(given).subarray(0, 4)).toString('latin1')
  })
  expect([...new Set(magics)].sort()).toEqual(
    Object.values(RECORD_KINDS)
      .map(({ magic }) => magic)
      .sort(),
  )
})

describe.each(CODECS)('$name', ({ name, facts, seal, open }) => {
  it('what is sealed is opened', () => {
    fc.assert(
      fc.property(facts, (given) => {
        expect(open(seal(given), given)).toEqual(given)
      }),
    )
  })

  it('the same facts are the same bytes, from windows and Buffers too', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const record = seal(given)
        expect(seal(given)).toEqual(record)
        const memory = new Uint8Array(record.length + 7)
        memory.set(record, 5)
        for (const view of [memory.subarray(5, 5 + record.length), Buffer.from(record)]) {
          expect(open(view, given)).toEqual(given)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('begins with its magic and the format version', () => {
    const [given] = fc.sample(facts, { numRuns: 1, seed: 1 })
    const magic = Buffer.from(seal(given).subarray(0, 4)).toString('latin1')
    expect(Object.values(RECORD_KINDS).map((kind) => kind.magic)).toContain(magic)
    expect(seal(given)[4]).toBe(1)
  })

  it('every shorter prefix and every longer record is refused', () => {
    fc.assert(
      fc.property(facts, fc.nat({ max: 255 }), (given, byte) => {
        const record = seal(given)
        const step = Math.max(1, Math.floor(record.length / 60))
        for (let length = 0; length < record.length; length += length < 80 ? 1 : step) {
          const code = failureCode(() => open(record.slice(0, length), given))
          expect([name, length, INTEGRITY_CODES.includes(code ?? '')]).toEqual([name, length, true])
        }
        const longer = new Uint8Array(record.length + 1).fill(byte)
        longer.set(record)
        expect(INTEGRITY_CODES).toContain(failureCode(() => open(longer, given)))
      }),
      { numRuns: 5 },
    )
  })

  it('a record of other facts is not taken for these, unless it says the same', () => {
    fc.assert(
      fc.property(facts, facts, (given, other) => {
        let opened: unknown
        const code = failureCode(() => {
          opened = open(seal(other), given)
        })
        if (code === null) expect(opened).toEqual(open(seal(other), other))
        else expect(INTEGRITY_CODES).toContain(code)
      }),
      { numRuns: 50 },
    )
  })

  it('a record of another kind is malformed', () => {
    const [given] = fc.sample(facts, { numRuns: 1, seed: 2 })
    for (const other of CODECS) {
      if (other.name === name) continue
      const [foreign] = fc.sample(other.facts, { numRuns: 1, seed: 3 })
      const record = other.seal(foreign)
      expect(['MALFORMED_RECORD', 'UNSUPPORTED_FORMAT', 'DECRYPTION_FAILED']).toContain(
        failureCode(() => open(record, given)),
      )
    }
  })
})
