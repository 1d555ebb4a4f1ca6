/** Goal F7: records cut short, drawn out, emptied, or replaced by chance. */

import { describe, expect, it } from 'vitest'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { RECORD_KINDS, appendChecksum } from '@stagevault/core/records/record-frame'
import { ascii, seededBytes } from '../primitives/implementations.js'
import type { DamageBench } from '../support/damage-bench.js'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { kindOf } from '../support/sample-vault.js'
import { isWholeDamage, lengthsBelow } from '../support/sampled-damage.js'

const GARBAGE_PER_KIND = isWholeDamage ? 1_000 : 150

function extended(value: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(value.length + tail.length)
  whole.set(value)
  whole.set(tail, value.length)
  return whole
}

describe('a record of the wrong length', () => {
  it('is refused at lengths below its own, and at 1 to 16 bytes above', async () => {
    const bench = await createDamageBench({ cipher: 'aes-256-gcm' })
    const tally = createDamageTally(bench)
    const random = seededBytes(7)
    for (const [key, value] of bench.records) {
      for (const length of lengthsBelow(value.length)) {
        const change = { key, value: value.slice(0, length) }
        await tally.inflict(`${key} cut to ${String(length)}`, [change])
      }
      for (let more = 1; more <= 16; more++) {
        const change = { key, value: extended(value, random.bytes(more)) }
        await tally.inflict(`${key} with ${String(more)} more`, [change])
      }
      const zeros = { key, value: new Uint8Array(value.length) }
      await tally.inflict(`${key} zeroed`, [zeros])
    }
    expect(await tally.finish()).toEqual([])
    console.info(`${String(tally.count())} wrong lengths`)
  }, 600_000)
})

/**
 * Garbage at three depths: plain; behind the right magic and format version, so that the decoder
 * reads it; and with a checksum that fits too.
 */
function garbageFor(kind: string, length: number, round: number): Uint8Array {
  const random = seededBytes(round)
  const bytes = new Uint8Array(random.bytes(length))
  if (round % 3 === 0) return bytes
  const { magic } = RECORD_KINDS[kind as keyof typeof RECORD_KINDS]
  bytes.set(ascii(magic))
  if (length > 4) bytes[4] = 1
  return round % 3 === 1 ? bytes : appendChecksum(noblePrimitives, bytes)
}

function keysByKind(bench: DamageBench): Map<string, string[]> {
  const keys = new Map<string, string[]>()
  for (const key of bench.records.keys()) {
    keys.set(kindOf(key), [...(keys.get(kindOf(key)) ?? []), key])
  }
  return keys
}

it(`${String(GARBAGE_PER_KIND)} random records of each kind are refused`, async () => {
  const bench = await createDamageBench()
  const tally = createDamageTally(bench)
  for (const [kind, keys] of keysByKind(bench)) {
    for (let round = 1; round <= GARBAGE_PER_KIND; round++) {
      const key = keys[round % keys.length] ?? ''
      const usual = bench.records.get(key)?.length ?? 0
      const length = round % 2 === 0 ? usual : 5 + ((round * 7) % 600)
      const value = garbageFor(kind, length, round)
      await tally.inflict(`garbage ${String(round)} at ${key}`, [{ key, value }])
    }
  }
  expect(await tally.finish()).toEqual([])
  expect(tally.count()).toBe(8 * GARBAGE_PER_KIND)
}, 600_000)
