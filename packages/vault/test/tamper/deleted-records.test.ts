/** Goal F11: what should be there and is not. */

import { describe, expect, it } from 'vitest'
import { createVault, rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createDamageBench } from '../support/damage-bench.js'
import { createDamageTally } from '../support/damage-tally.js'
import { expectFailure } from '../support/failures.js'
import { answerOf, judge } from '../support/read-probes.js'
import {
  CIPHERS,
  createSampleVault,
  dataOf,
  openSample,
  recordsOf,
} from '../support/sample-vault.js'
import { TEST_KEY } from '../support/test-vault.js'

describe.each(CIPHERS)('a record that was deleted (%s)', (cipher) => {
  it('leaves every answer right or refused, never "not found", and verify names it', async () => {
    const bench = await createDamageBench({ cipher, isThorough: true })
    const tally = createDamageTally(bench)
    for (const key of bench.records.keys()) {
      await tally.inflict(`${key} deleted`, [{ key, value: null }])
    }
    expect(await tally.finish()).toEqual([])
    expect(tally.count()).toBe(bench.records.size)
  })

  it('leaves every answer right or refused, also with any other', async () => {
    const bench = await createDamageBench({ cipher })
    const tally = createDamageTally(bench)
    const keys = [...bench.records.keys()]
    for (const [i, first] of keys.entries()) {
      for (const second of keys.slice(i + 1)) {
        // Head and name together leave no trace that a read would meet: see below.
        if (first.replace(/!head$/, '!name') === second) continue
        const changes = [first, second].map((key) => ({ key, value: null }))
        await tally.inflict(`${first} and ${second} deleted`, changes)
      }
    }
    expect(await tally.finish()).toEqual([])
  })
})

describe('what is left of a vault', () => {
  it('is never opened as no vault at all, nor as one with another key', async () => {
    const { data } = await createSampleVault()
    for (const [key, value] of recordsOf(data)) {
      const rest = dataOf(new Map([[key, value]]))
      const answer = await answerOf(() => openSample(rest))
      expect([key, judge('opened', answer)]).toEqual([key, 'refused'])
    }
    await expectFailure(() => openSample(dataOf(new Map())), 'VAULT_MISSING')
  })

  it('is never taken over by a new one', async () => {
    const { data } = await createSampleVault()
    for (const [key, value] of recordsOf(data)) {
      const without = recordsOf(data)
      without.delete(key)
      for (const records of [without, new Map([[key, value]])]) {
        const rest = dataOf(records)
        const storage = createMemoryStorage({ data: rest })
        const create = (): Promise<unknown> => createVault({ storage, unlock: rawKey(TEST_KEY) })
        const hasDescriptor = records.has('vault!descriptor')
        await expectFailure(create, hasDescriptor ? 'VAULT_EXISTS' : 'RECORD_MISSING')
        expect(recordsOf(rest)).toEqual(records)
      }
    }
  })
})

describe('a secret that was removed with every trace', () => {
  it.each(['db', 'db/app', '__proto__', 'gone'])('is missed by the root: %s', async (name) => {
    const { data, vault, open } = await createSampleVault()
    const before = [...recordsOf(data).keys()]
    await vault.deleteSecret({ secretName: name, forceDeleteWithoutRecovery: true })
    const gone = before.filter((key) => !recordsOf(data).has(key))
    const sample = await createSampleVault()
    expect(gone.length).toBeGreaterThanOrEqual(3)
    sample.data.apply(gone.map((key) => ({ key, value: null })))

    // The limit: no record is left that would tell a read.
    await expectFailure(() => sample.vault.describeSecret({ secretName: name }), 'SECRET_NOT_FOUND')
    const verified = await (await sample.open()).verify()
    expect(verified.problems.map(({ code, storageKey }) => [code, storageKey])).toEqual([
      ['RECORD_MISMATCH', 'vault!root'],
    ])
    expect((await (await open()).verify()).isClean).toBe(true)
  })
})
