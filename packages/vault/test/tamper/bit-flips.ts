/** Goal F6: every single bit of every stored value, one at a time. */

import { expect, it } from 'vitest'
import type { CreateVaultOptions } from 'stagevault'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { kindOf } from '../support/sample-vault.js'

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
      for (let bit = 0; bit < 8 * value.length; bit++) {
        const changes = [{ key, value: flipped(value, bit) }]
        const { refused } = await tally.inflict(`bit ${String(bit)} of ${key}`, changes)
        counts[refused > 0 ? 'refused' : 'harmless'] += 1
      }
    }
    expect(await tally.finish()).toEqual([])
    expectEveryKind(kinds)
    const [flips, answers] = [tally.count(), bench.answerCount()]
    console.info(`${cipher}: ${String(flips)} bits flipped, ${String(answers)} answers judged`)
  }, 900_000)
}

function flipped(value: Uint8Array, bit: number): Uint8Array {
  const damaged = new Uint8Array(value)
  damaged[bit >>> 3] = (value[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
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
  expect(slot?.refused).toBeGreaterThan(8 * 170)
  expect(slot?.harmless).toBeGreaterThan(8 * 170)
  // Four of six: one is disabled, and one belongs to a secret in its recovery window.
  const version = kinds.get('version')
  expect(version?.refused).toBeGreaterThan(1.5 * (version?.harmless ?? 0))
}
