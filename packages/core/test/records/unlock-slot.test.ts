import { describe, expect, it } from 'vitest'
import {
  authenticateSlot,
  openSlot,
  parseSlot,
  sealSlot,
  slotAccepts,
} from '@stagevault/core/records/unlock-slot'
import { slotKey } from '@stagevault/core/records/layout'
import { appendChecksum } from '@stagevault/core/records/record-frame'
import { expectFailure } from '../support/failures.js'
import { TEST_KEYS, TEST_PRIMITIVES, someBytes } from '../support/record-keys.js'

const KEY = someBytes(32, 20)
const ROOT = someBytes(32, 21)
const slotId = someBytes(16, 22)
const NEW_SLOT = {
  slotId,
  suite: 1,
  createTime: 5,
  salt: someBytes(32, 23),
  description: 'mine',
} as const

function slotRecord(logN?: number): Uint8Array {
  const kdf =
    logN === undefined
      ? ({ kind: 'raw-key' } as const)
      : ({ kind: 'passphrase', logN, salt: someBytes(16, 24) } as const)
  return sealSlot(TEST_KEYS, { ...NEW_SLOT, kdf }, KEY, ROOT)
}

/** The record with one byte set, under a checksum that fits: anyone can make one. */
function withByte(record: Uint8Array, at: number, byte: number): Uint8Array {
  const body = record.slice(0, -8)
  body[at] = byte
  return appendChecksum(TEST_PRIMITIVES, body)
}

const parse = (record: Uint8Array, id: Uint8Array = slotId): ReturnType<typeof parseSlot> =>
  parseSlot(TEST_PRIMITIVES, slotKey(id), record)

// Magic 4, format 1, suite 2, id 16, time 8: then the kind, the cost, r and p.
const [SUITE, KIND, LOG_N, R, P] = [6, 31, 32, 33, 34]

describe('parseSlot', () => {
  it.each([15, 16, 20])('takes a cost of 2^%i', (logN) => {
    expect(parse(slotRecord(logN)).kdf).toMatchObject({ kind: 'passphrase', logN })
  })

  it('refuses a cost that is out of bounds before anything is spent on it', () => {
    const record = slotRecord(15)
    expect([record[KIND], record[LOG_N], record[R], record[P]]).toEqual([2, 15, 8, 1])
    const edits = [
      [LOG_N, 0],
      [LOG_N, 14],
      [LOG_N, 21],
      [LOG_N, 63],
      [LOG_N, 255],
      [R, 0],
      [R, 7],
      [R, 9],
      [R, 255],
      [P, 0],
      [P, 2],
      [P, 255],
    ] as const
    for (const [at, byte] of edits) {
      expectFailure(() => parse(withByte(record, at, byte)), 'UNSUPPORTED_FORMAT')
    }
  })

  it('refuses kinds and suites that there are not, and the slot of another place', () => {
    for (const byte of [0, 4, 255]) {
      expectFailure(() => parse(withByte(slotRecord(), KIND, byte)), 'UNSUPPORTED_FORMAT')
      expectFailure(() => parse(withByte(slotRecord(), SUITE, byte)), 'UNSUPPORTED_FORMAT')
    }
    expectFailure(() => parse(slotRecord(), someBytes(16, 25)), 'MALFORMED_RECORD')
    expect(parse(slotRecord()).kdf).toEqual({ kind: 'raw-key' })
  })
})

describe('a slot', () => {
  it('accepts its key alone, and gives the root key', () => {
    const slot = parse(slotRecord())
    expect(slotAccepts(TEST_PRIMITIVES, slot, KEY)).toBe(true)
    expect(openSlot(TEST_PRIMITIVES, TEST_KEYS.vaultId, slot, KEY)).toEqual(ROOT)
    expect(slotAccepts(TEST_PRIMITIVES, slot, someBytes(32, 26))).toBe(false)
  })

  it('of another vault is damage, not a wrong key', () => {
    const slot = parse(slotRecord())
    expectFailure(
      () => openSlot(TEST_PRIMITIVES, someBytes(16, 27), slot, KEY),
      'DECRYPTION_FAILED',
    )
  })

  it('whose kind, suite or cost was edited opens with no key', () => {
    const changed = [withByte(slotRecord(15), LOG_N, 16), withByte(slotRecord(), SUITE, 2)]
    for (const record of changed) {
      const slot = parse(record)
      expectFailure(
        () => openSlot(TEST_PRIMITIVES, TEST_KEYS.vaultId, slot, KEY),
        'DECRYPTION_FAILED',
      )
    }
  })

  it('says what else it holds only under the MAC of its vault and place', () => {
    const record = slotRecord()
    expect(parse(record)).toMatchObject({ createTime: 5, description: 'mine' })
    authenticateSlot(TEST_KEYS, slotKey(slotId), record)
    // The last byte of the time, and the first of the description, before MAC and checksum.
    for (const at of [30, record.length - 8 - 32 - 4]) {
      const edited = withByte(record, at, 0x6e)
      expect(parse(edited)).not.toEqual(parse(record))
      expectFailure(() => {
        authenticateSlot(TEST_KEYS, slotKey(slotId), edited)
      }, 'DECRYPTION_FAILED')
    }
    expectFailure(() => {
      authenticateSlot(TEST_KEYS, slotKey(someBytes(16, 25)), record)
    }, 'DECRYPTION_FAILED')
  })
})
