/** What the MAC of a record binds, apart from the other checks that would also find an exchange. */

import { describe, expect, it } from 'vitest'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { openDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openHead } from '@stagevault/core/records/head-record'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { openName } from '@stagevault/core/records/name-record'
import { beginRecord, openRecord, sealRecord } from '@stagevault/core/records/record-frame'
import { openRoot } from '@stagevault/core/records/vault-root'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { implementations, seededBytes } from '../primitives/implementations.js'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { createSampleVault, dataOf, kindOf, recordsOf } from '../support/sample-vault.js'
import { TEST_KEY } from '../support/test-vault.js'

describe.each(implementations)('the MAC of a record (%s)', (_name, primitives) => {
  const random = seededBytes(3)
  const keys: RecordKeys = { primitives, vaultId: random.bytes(16), macKey: random.bytes(32) }
  const writer = beginRecord('name')
  writer.bytes(random.bytes(16))
  const record = sealRecord(keys, 'secret!a!name', writer)

  it('fits at its place, in its vault, under its key', () => {
    expect(openRecord(keys, 'name', 'secret!a!name', record).bytes(16)).toHaveLength(16)
  })

  it('fits nowhere else', async () => {
    for (const place of ['secret!a!head', 'secret!b!name', 'secret!a!nam', 'secret!a!name!', '']) {
      await expectFailure(() => openRecord(keys, 'name', place, record), 'DECRYPTION_FAILED')
    }
    const others: RecordKeys[] = [
      { ...keys, vaultId: random.bytes(16) },
      { ...keys, macKey: random.bytes(32) },
    ]
    for (const other of others) {
      await expectFailure(
        () => openRecord(other, 'name', 'secret!a!name', record),
        'DECRYPTION_FAILED',
      )
    }
  })
})

describe('the records of a vault', () => {
  const readers: Readonly<Record<string, (keys: RecordKeys, value: Uint8Array) => unknown>> = {
    head: (keys, value) => openHead(keys, 'elsewhere', value),
    name: (keys, value) => openName(keys, 'elsewhere', value),
    due: (keys, value) => openDeletionEntry(keys, 'due!elsewhere', value),
    root: (keys, value) => openRoot({ ...keys, vaultId: new Uint8Array(16) }, value),
    keyring: (keys, value) => openKeyring({ ...keys, vaultId: new Uint8Array(16) }, value),
  }

  it('are not authentic elsewhere, or in another vault', async () => {
    const records = recordsOf((await createSampleVault()).data)
    const keys = await recordKeysOf(createMemoryStorage({ data: dataOf(records) }), TEST_KEY)
    const kinds = new Set<string>()
    for (const [key, value] of records) {
      const reader = readers[kindOf(key)]
      if (reader === undefined) continue
      kinds.add(kindOf(key))
      await expectFailure(() => reader(keys, value), 'DECRYPTION_FAILED')
    }
    expect([...kinds].sort()).toEqual(Object.keys(readers).sort())
  })
})
