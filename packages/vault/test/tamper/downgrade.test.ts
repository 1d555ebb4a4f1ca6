/**
 * Goals F14 and F15: headers edited to every other legal value, with checksums that fit, and slots
 * that would exhaust the process. The checksums of slots and of the descriptor have no key; a party
 * that controls the store can make them fit.
 */

import { describe, expect, it } from 'vitest'
import type { Unlock } from 'stagevault'
import { passphrase, rawKey } from 'stagevault'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { appendChecksum } from '@stagevault/core/records/record-frame'
import { seededBytes } from '../primitives/implementations.js'
import { countingUnlock } from '../support/counting-unlock.js'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { expectFailure } from '../support/failures.js'
import { answerOf } from '../support/read-probes.js'
import {
  CIPHERS,
  createSampleVault,
  dataOf,
  kindOf,
  openSample,
  recordsOf,
} from '../support/sample-vault.js'
import { TEST_KEY } from '../support/test-vault.js'

const CHECKSUM_BYTES = 8
/** Behind the magic in every record. */
const FORMAT_VERSION_AT = 4

/** Places of one-byte values, counted as docs/format/records.md lists the fields. */
const SLOT = { suite: 6, kind: 5 + 2 + 16 + 8, logN: 32, r: 33, p: 34 } as const
const DESCRIPTOR = { floor: 5, suite: 7 } as const

/** Behind the version's id, content type and time. */
function paddingOf(record: Uint8Array): number {
  return 5 + 2 + 1 + (record[7] ?? 0) + 1 + 8
}

/** The record with one byte set, and a checksum that fits where its kind has one. */
function edited(key: string, record: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = new Uint8Array(record)
  copy[at] = byte
  const hasChecksum = ['slot', 'descriptor'].includes(kindOf(key))
  return hasChecksum ? appendChecksum(nodePrimitives, copy.slice(0, -CHECKSUM_BYTES)) : copy
}

function otherBytes(byte: number | undefined): number[] {
  return Array.from({ length: 256 }, (_, i) => i).filter((other) => other !== byte)
}

/** Every value that is or may become legal, and the ends of the range. */
function likelyBytes(byte: number | undefined): number[] {
  return otherBytes(byte).filter((other) => other < 8 || other === 127 || other > 253)
}

describe.each(CIPHERS)('a header that was edited (%s)', (cipher) => {
  it('is refused with every other format version', async () => {
    const bench = await createDamageBench({ cipher })
    const tally = createDamageTally(bench)
    for (const [key, record] of bench.records) {
      for (const version of likelyBytes(1)) {
        const value = edited(key, record, FORMAT_VERSION_AT, version)
        await tally.inflict(`${key} of format ${String(version)}`, [{ key, value }])
      }
    }
    expect(await tally.finish()).toEqual([])
    expect(tally.count()).toBe(10 * bench.records.size)
  })

  it('is refused with every other floor, suite and padding', async () => {
    const bench = await createDamageBench({ cipher, isThorough: true })
    const tally = createDamageTally(bench)
    for (const [key, record] of bench.records) {
      for (const [field, at] of Object.entries(placesIn(key, record))) {
        expect([field, record[at]]).toEqual([field, usual(field, cipher)])
        for (const byte of likelyBytes(record[at])) {
          const value = edited(key, record, at, byte)
          await tally.inflict(`${key} with ${field} ${String(byte)}`, [{ key, value }])
        }
      }
    }
    expect(await tally.finish()).toEqual([])
  })

  it('opens nothing with the other suite in the slot', async () => {
    const { data } = await createSampleVault({ cipher })
    const [key, record] = slotOf(recordsOf(data))
    expect(record[SLOT.suite]).toBe(usual('suite', cipher))
    for (const byte of otherBytes(record[SLOT.suite])) {
      data.apply([{ key, value: edited(key, record, SLOT.suite, byte) }])
      const isLegal = byte === 1 || byte === 2
      await expectFailure(
        () => openSample(data),
        isLegal ? 'DECRYPTION_FAILED' : 'UNSUPPORTED_FORMAT',
      )
    }
  })
})

function placesIn(key: string, record: Uint8Array): Readonly<Record<string, number>> {
  if (kindOf(key) === 'descriptor') return DESCRIPTOR
  return kindOf(key) === 'version' ? { suite: 6, padding: paddingOf(record) } : {}
}

function usual(field: string, cipher: string): number {
  if (field === 'suite') return cipher === CIPHERS[0] ? 1 : 2
  return field === 'floor' ? 1 : 0
}

function slotOf(records: ReadonlyMap<string, Uint8Array>): readonly [string, Uint8Array] {
  const slot = [...records].find(([key]) => kindOf(key) === 'slot')
  if (slot === undefined) throw new Error('there is no slot')
  return slot
}

/** An attacker can make the checksums fit; what they cover has to hold without them. */
describe('a byte changed under a checksum that fits', () => {
  it('of the descriptor: is damage, never another vault or a wrong key', async () => {
    const bench = await createDamageBench()
    const tally = createDamageTally(bench)
    const key = 'vault!descriptor'
    const record = bench.records.get(key) ?? new Uint8Array()
    for (let at = 0; at < record.length - CHECKSUM_BYTES; at++) {
      const value = edited(key, record, at, (record[at] ?? 0) ^ 1)
      const { isOpened } = await tally.inflict(`byte ${String(at)}`, [{ key, value }])
      expect(isOpened).toBe(false)
    }
    expect(await tally.finish()).toEqual([])
  })

  it('of a slot: opens nothing; only its key check can make a right key look wrong', async () => {
    const { data } = await createSampleVault({ hasOneSlot: true })
    const [key, record] = slotOf(recordsOf(data))
    const answers = new Map<string, number>()
    for (let at = 0; at < record.length - CHECKSUM_BYTES; at++) {
      data.apply([{ key, value: edited(key, record, at, (record[at] ?? 0) ^ 1) }])
      const answer = await answerOf(() => openSample(data).then(() => null))
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
    expect(Object.fromEntries(answers)).toEqual({
      // Magic, id, the byte of the time that makes it go beyond 2^53, and the description's length.
      'integrity error MALFORMED_RECORD': 4 + 16 + 1 + 4,
      // Format version, suite, kind.
      'integrity error UNSUPPORTED_FORMAT': 1 + 2 + 1,
      // Salt and wrapped key; under the MAC, the rest of the time; the MAC.
      'integrity error DECRYPTION_FAILED': 32 + 48 + 7 + 32,
      // The key check.
      'error UNLOCK_FAILED': 16,
    })
  })
})

describe('the cost in a passphrase slot', () => {
  const PLACES = [
    ['logN', SLOT.logN],
    ['r', SLOT.r],
    ['p', SLOT.p],
  ] as const

  it('is refused out of its bounds before anything is derived, with every r and p', async () => {
    const unlock = countingUnlock(passphrase('correct horse', { scryptLogN: 15 }))
    const { data } = await createSampleVault({ unlock, hasOneSlot: true })
    const [key, record] = slotOf(recordsOf(data))
    expect(PLACES.map(([, at]) => record[at])).toEqual([15, 8, 1])
    unlock.take()
    for (const [field, at] of PLACES) {
      for (const byte of otherBytes(record[at])) {
        if (field === 'logN' && byte > 15 && byte <= 20) continue
        data.apply([{ key, value: edited(key, record, at, byte) }])
        await expectFailure(() => openSample(data, unlock), 'UNSUPPORTED_FORMAT')
      }
    }
    expect(unlock.take()).toEqual([])
  })

  it('is refused before anything is derived when the kind of slot is edited', async () => {
    const unlock = countingUnlock(passphrase('correct horse', { scryptLogN: 15 }))
    const { data } = await createSampleVault({ unlock, hasOneSlot: true })
    const [key, record] = slotOf(recordsOf(data))
    unlock.take()
    for (const byte of otherBytes(record[SLOT.kind])) {
      data.apply([{ key, value: edited(key, record, SLOT.kind, byte) }])
      const code = byte === 1 || byte === 3 ? 'MALFORMED_RECORD' : 'UNSUPPORTED_FORMAT'
      await expectFailure(() => openSample(data, unlock), code)
    }
    expect(unlock.take()).toEqual([])
  })

  it('opens nothing when it is edited within its bounds: it is part of the key', async () => {
    // The limit: another cost gives another key, so this looks like a wrong passphrase.
    const unlock = countingUnlock(passphrase('correct horse', { scryptLogN: 16 }))
    const { data } = await createSampleVault({ unlock, hasOneSlot: true })
    const [key, record] = slotOf(recordsOf(data))
    for (const logN of [15, 17]) {
      data.apply([{ key, value: edited(key, record, SLOT.logN, logN) }])
      await expectFailure(() => openSample(data, unlock), 'UNLOCK_FAILED')
    }
    data.apply([{ key, value: record }])
    await openSample(data, unlock)
  })

  it('is told to no unlock that asks for a key of its own', async () => {
    const derived: unknown[] = []
    const spy: Unlock = {
      kind: 'passphrase',
      newKdf: (random) => ({ kind: 'passphrase', logN: 15, salt: random(16) }),
      deriveKey: (kdf) => {
        derived.push(kdf)
        return rawKey(TEST_KEY).deriveKey({ kind: 'raw-key' })
      },
    }
    const { data } = await createSampleVault({ unlock: spy, hasOneSlot: true })
    expect(derived).toHaveLength(1)
    const [key, record] = slotOf(recordsOf(data))
    for (let logN = 21; logN < 256; logN++) {
      data.apply([{ key, value: edited(key, record, SLOT.logN, logN) }])
      await expectFailure(() => openSample(data, spy), 'UNSUPPORTED_FORMAT')
    }
    expect(derived).toHaveLength(1)
    data.apply([{ key, value: record }])
    await openSample(data, spy)
    expect(derived).toHaveLength(2)
  })
})

describe('slots that come on top', () => {
  /** Slots of the right form, with an id before or behind every other and nothing to unwrap. */
  function strangeSlot(record: Uint8Array, id: number): readonly [string, Uint8Array] {
    const copy = new Uint8Array(record.slice(0, -CHECKSUM_BYTES))
    copy.fill(id, 7, 23)
    copy.set(seededBytes(id + 1).bytes(16 + 32 + 48), 32)
    const key = `slot!${id.toString(16).padStart(2, '0').repeat(16)}`
    return [key, appendChecksum(nodePrimitives, copy)]
  }

  it('keep the right one from nothing, wherever they stand in the order', async () => {
    const { data } = await createSampleVault()
    const records = recordsOf(data)
    const [, record] = slotOf(records)
    const strange = [0, 1, 127, 254, 255].map((id) => strangeSlot(record, id))
    const vault = await openSample(dataOf(new Map([...records, ...strange])))
    expect((await vault.getSecretValue({ secretName: 'db' })).secretData).toBe('text')
  })

  it('are refused by their length before anything is opened', async () => {
    const { data } = await createSampleVault({ hasOneSlot: true })
    const [key, record] = slotOf(recordsOf(data))
    const body = record.slice(0, -CHECKSUM_BYTES)
    for (const change of [-48, -16, -1, 1, 16, 48, 1000, 100_000]) {
      const value = new Uint8Array(body.length + change)
      value.set(body.subarray(0, value.length))
      data.apply([{ key, value: appendChecksum(nodePrimitives, value) }])
      await expectFailure(() => openSample(data), 'MALFORMED_RECORD')
    }
  })
})
