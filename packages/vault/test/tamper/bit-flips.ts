/**
 * Goal F6: bits of every stored value, one at a time. A run flips one bit of every byte; a campaign
 * flips all of them.
 */

import { expect, it } from 'vitest'
import type { CreateVaultOptions } from 'stagevault'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { kindOf } from '../support/sample-vault.js'
import { bitsAt } from '../support/sampled-damage.js'

/** What became of all flips in the records of one kind. */
interface KindCounts {
  /** After these, some read or opening was refused. */
  refused: number
  /** After these, everything could be read, and everything was right. */
  harmless: number
}

/**
 * The kinds whose records reads do not rest on while the others are whole: a name record is looked
 * at where its head is missing, a deletion entry when it is due.
 */
const HARMLESS_KINDS: readonly string[] = ['due', 'name']

export function testBitFlips(cipher: NonNullable<CreateVaultOptions['cipher']>): void {
  it(`no flipped bit gives a wrong answer, and verify reports each one (${cipher})`, async () => {
    const bench = await createDamageBench({ cipher })
    const tally = createDamageTally(bench)
    const kinds = new Map<string, KindCounts>()
    for (const [key, value] of bench.records) {
      const counts = kinds.get(kindOf(key)) ?? { refused: 0, harmless: 0 }
      kinds.set(kindOf(key), counts)
      for (const place of value.keys()) {
        for (const bit of bitsAt(place)) {
          const changes = [{ key, value: flipped(value, place, bit) }]
          const { refused } = await tally.inflict(`bit ${bit} of byte ${place} of ${key}`, changes)
          counts[refused > 0 ? 'refused' : 'harmless'] += 1
        }
      }
    }
    expect(await tally.finish()).toEqual([])
    expectEveryKind(kinds)
    const [flips, answers] = [tally.count(), bench.answerCount()]
    console.info(`${cipher}: ${String(flips)} bits flipped, ${String(answers)} answers judged`)
  }, 900_000)
}

function flipped(value: Uint8Array, place: number, bit: number): Uint8Array {
  const damaged = new Uint8Array(value)
  damaged[place] = (value[place] ?? 0) ^ (1 << bit)
  return damaged
}

/** Whether a record is needed does not depend on the bit: all flips of a kind end alike. */
function expectEveryKind(kinds: ReadonlyMap<string, KindCounts>): void {
  expect([...kinds.keys()].sort()).toEqual([
    'descriptor',
    'due',
    'head',
    'keyring',
    'name',
    'root',
    'slot',
    'version',
  ])
  for (const [kind, { refused, harmless }] of kinds) {
    if (kind === 'version' || kind === 'slot') continue
    const isHarmless = HARMLESS_KINDS.includes(kind)
    expect([kind, isHarmless ? refused : harmless]).toEqual([kind, 0])
  }
  // One of the two opens the vault; the other is missed by `verify` alone.
  const slot = kinds.get('slot')
  expect(slot?.refused).toBeGreaterThan(bitsAt(0).length * 170)
  expect(slot?.harmless).toBeGreaterThan(bitsAt(0).length * 170)
  // Four of six: one is disabled, and one belongs to a secret in its recovery window.
  const version = kinds.get('version')
  expect(version?.refused).toBeGreaterThan(1.5 * (version?.harmless ?? 0))
}
