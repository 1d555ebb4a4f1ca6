/** Goal F8: genuine records at the place of others, of this vault and of others. */

import { describe, expect, it } from 'vitest'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { expectFailure } from '../support/failures.js'
import { answerOf, judge } from '../support/read-probes.js'
import {
  CIPHERS,
  SAMPLE_NAMES,
  createSampleVault,
  dataOf,
  kindOf,
  openSample,
  recordsOf,
} from '../support/sample-vault.js'
import { openVault, rawKey } from 'stagevault'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { TEST_KEY } from '../support/test-vault.js'

describe.each(CIPHERS)('records of one vault (%s)', (cipher) => {
  it('are refused at the place of any other, for all kinds', async () => {
    const bench = await createDamageBench({ cipher })
    const tally = createDamageTally(bench)
    for (const [from, value] of bench.records) {
      for (const [to, other] of bench.records) {
        if (from === to) continue
        await tally.inflict(`${from} over ${to}`, [{ key: to, value }])
        if (from > to) continue
        const swap = [
          { key: to, value },
          { key: from, value: other },
        ]
        await tally.inflict(`${from} and ${to} swapped`, swap)
      }
    }
    expect(await tally.finish()).toEqual([])
    const count = bench.records.size
    expect(tally.count()).toBe(1.5 * count * (count - 1))
  }, 300_000)
})

/** Vaults with the same raw key and the same secrets: only ids and derived keys differ. */
describe.each([
  ['the same cipher', CIPHERS[0]],
  ['the other cipher', CIPHERS[1]],
])('records of another vault with the same raw key and %s', (_name, cipher) => {
  const others = async (): Promise<Map<string, Uint8Array>> =>
    recordsOf((await createSampleVault({ cipher, seed: 'another' })).data)

  it('are refused at the place of each of their kind', async () => {
    const bench = await createDamageBench({ isThorough: true })
    const tally = createDamageTally(bench)
    for (const [from, value] of await others()) {
      for (const to of bench.records.keys()) {
        if (kindOf(from) !== kindOf(to)) continue
        await tally.inflict(`${from} of the other vault at ${to}`, [{ key: to, value }])
      }
    }
    expect(await tally.finish()).toEqual([])
    // Heads, names, versions, slots; one deletion entry, and the three of the vault itself.
    expect(tally.count()).toBe(16 + 16 + 36 + 4 + 1 + 3)
  })

  it('are reported where they come on top, and keep nothing from opening', async () => {
    const bench = await createDamageBench({ isThorough: true })
    const tally = createDamageTally(bench)
    for (const [key, value] of await others()) {
      if (bench.records.has(key)) continue
      const { isOpened } = await tally.inflict(`${key} of the other vault`, [{ key, value }])
      expect(isOpened).toBe(true)
    }
    expect(await tally.finish()).toEqual([])
    expect(tally.count()).toBe(9)
  })

  it('do not open this vault: neither its slot nor its slot and descriptor do', async () => {
    const bench = await createDamageBench({ isThorough: true })
    const foreign = await others()
    const slots = [...bench.records.keys(), ...foreign.keys()].filter((k) => kindOf(k) === 'slot')
    const exchange = (keys: readonly string[]): Promise<{ readonly isOpened: boolean }> =>
      bench.inflict(
        `${keys.join()} exchanged`,
        keys.map((key) => ({ key, value: foreign.get(key) ?? null })),
      )
    expect(await exchange(slots)).toMatchObject({ isOpened: false, wrong: [] })
    const withDescriptor = [...slots, 'vault!descriptor']
    expect(await exchange(withDescriptor)).toMatchObject({ isOpened: false, wrong: [] })
  })

  it('open as the other vault when all that opens it was exchanged, and read nothing', async () => {
    const { data } = await createSampleVault()
    const records = recordsOf(data)
    const foreign = await others()
    const exchange = (kinds: readonly string[]): MemoryData =>
      dataOf(
        new Map([
          ...[...records].filter(([key]) => !kinds.includes(kindOf(key))),
          ...[...foreign].filter(([key]) => kinds.includes(kindOf(key))),
        ]),
      )
    const opening = ['slot', 'descriptor', 'keyring']
    await expectFailure(() => openSample(exchange(opening)), 'DECRYPTION_FAILED')
    const mixed = exchange([...opening, 'root'])
    const vault = await openSample(mixed)
    for (const secretName of SAMPLE_NAMES) {
      const answer = await answerOf(() => vault.getSecretValue({ secretName }))
      expect(judge('a value', answer)).toBe('refused')
    }
    expect((await vault.verify()).isClean).toBe(false)
    const options = { storage: createMemoryStorage({ data: mixed }), unlock: rawKey(TEST_KEY) }
    const { vaultId } = (await createSampleVault()).vault
    await expectFailure(() => openVault({ ...options, vaultId }), 'RECORD_MISMATCH')
  })
})
