/** Reading a value that is there, from IndexedDB: the vault next to the bare database. */
import { createIdbStorage } from '@stagevault/storage-idb'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { cycle, isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import type { Scale } from '../suite.js'
import { createGetSubject, nameOf, SECRETS } from '../vault-subjects/get-subject.js'
import { vaultOver } from '../vaults.js'
import { createPlainIdb } from './plain-idb.js'

async function createPlainSubject(bytes: number): Promise<Subject> {
  const plain = await createPlainIdb(`get-plain-${bytes}`, 'relaxed')
  for (let i = 0; i < SECRETS; i++) await plain.put(nameOf(i), payloadBytes(bytes, nameOf(i)))
  const next = cycle(SECRETS)
  return {
    kind: 'async',
    name: 'await idb get, same plaintext',
    aim: 1.3,
    run: () => plain.read(nameOf(next())),
    verify: async () => {
      for (let i = 0; i < SECRETS; i++) {
        const found = await plain.read(nameOf(i))
        check(isSameBytes(found, payloadBytes(bytes, nameOf(i))), 'another value')
      }
    },
  }
}

export async function prepareIdbGetValue({ payloadBytes: sizes }: Scale): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const bytes of sizes) {
    // Writes do not matter here, so they need not wait for the disk.
    const storage = await createIdbStorage({ name: `get-vault-${bytes}`, durability: 'relaxed' })
    const { vault } = await vaultOver(storage)
    comparisons.push({
      title: `get ${sizeName(bytes)}, IndexedDB`,
      subjects: [await createGetSubject(vault, bytes), await createPlainSubject(bytes)],
    })
  }
  return comparisons
}
