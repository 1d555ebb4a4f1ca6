/** Goal F6 for keys: a party that controls the store can keep a record at another place. */

import { describe, expect, it } from 'vitest'
import { createDamageBench } from '../support/damage-bench.js'
import type { DamageTally } from '../support/damage-tally.js'
import { createDamageTally } from '../support/damage-tally.js'
import { bitsAt } from '../support/sampled-damage.js'

/** The key with one bit of one character flipped, for bits that leave a printable one. */
function neighbours(key: string): string[] {
  const found: string[] = []
  for (let i = 0; i < key.length; i++) {
    for (const bit of bitsAt(i)) {
      const char = key.charCodeAt(i) ^ (1 << bit)
      if (bit === 7 || char < 0x21 || char > 0x7e) continue
      found.push(key.slice(0, i) + String.fromCharCode(char) + key.slice(i + 1))
    }
  }
  return found
}

/** The key cut short, drawn out, and moved to both ends of the store. */
function distantKeys(key: string): string[] {
  const parts = key.split('!')
  return [
    key.slice(0, -1),
    `${key}!`,
    `${key}0`,
    `!${key}`,
    `~${key}`,
    parts[0] ?? '',
    '!',
    '~',
    parts.slice(1).join('!'),
    key.toUpperCase(),
    `${key}!head`,
    `${key}!name`,
  ].filter((other) => other !== key && other !== '')
}

async function move(tally: DamageTally, key: string, to: string, value: Uint8Array): Promise<void> {
  const moved = [
    { key, value: null },
    { key: to, value },
  ]
  await tally.inflict(`${key} moved to ${to}`, moved)
}

describe('a record at another key', () => {
  it('is never taken for what should be there', async () => {
    const bench = await createDamageBench()
    const tally = createDamageTally(bench)
    for (const [key, value] of bench.records) {
      for (const to of [...neighbours(key), ...distantKeys(key)]) {
        await move(tally, key, to, value)
      }
    }
    expect(await tally.finish()).toEqual([])
    console.info(`${String(tally.count())} records moved`)
  }, 600_000)

  it('is reported by verify where it is one too many', async () => {
    const bench = await createDamageBench({ isThorough: true })
    const tally = createDamageTally(bench)
    for (const [key, value] of bench.records) {
      for (const to of distantKeys(key)) {
        await tally.inflict(`${key} copied to ${to}`, [{ key: to, value }])
      }
    }
    expect(await tally.finish()).toEqual([])
  })
})
