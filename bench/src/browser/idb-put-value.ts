/** Storing a new version in IndexedDB, durable and relaxed: the vault and the bare database. */
import { createIdbStorage, type IdbDurability } from '@stagevault/storage-idb'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import { createReplay } from '../replay.js'
import type { Scale } from '../suite.js'
import { createCommitSubject, createPutVault, NAME } from '../vault-subjects/put-subject.js'
import { createPlainIdb, type PlainIdb } from './plain-idb.js'

function plainPut(plain: PlainIdb, bytes: number): Subject {
  const plaintext = payloadBytes(bytes, NAME)
  return {
    kind: 'async',
    name: 'await idb put, same plaintext',
    aim: 1.3,
    run: () => plain.put(NAME, plaintext),
    verify: async () => {
      await plain.put(NAME, plaintext)
      check(isSameBytes(await plain.read(NAME), plaintext), 'another value')
    },
  }
}

async function compare(
  bytes: number,
  durability: IdbDurability,
  settlingPuts: number,
): Promise<Comparison> {
  const nameOf = (what: string): string => `put-${what}-${durability}-${bytes}`
  const ours = await createPutVault(
    await createIdbStorage({ name: nameOf('vault'), durability }),
    bytes,
    settlingPuts,
  )
  const commits = await createIdbStorage({ name: nameOf('commits'), durability })
  const batches = await createPlainIdb(nameOf('batches'), durability)
  const replay = createReplay(batches, ours.commit.mutations)
  const isDurable = durability === 'strict'
  return {
    title: `put ${sizeName(bytes)}, IndexedDB, ${isDurable ? 'durable' : 'relaxed'}`,
    isOneByOne: isDurable,
    subjects: [
      ours.subject,
      plainPut(await createPlainIdb(nameOf('plain'), durability), bytes),
      {
        kind: 'async',
        name: `idb transaction, same ${replay.bytes} stored bytes`,
        run: replay.run,
        verify: replay.verify,
      },
      await createCommitSubject(commits, replay),
    ],
  }
}

export async function prepareIdbPutValue({
  payloadBytes: sizes,
  settlingPuts,
}: Scale): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const durability of ['strict', 'relaxed'] as const) {
    for (const bytes of sizes) comparisons.push(await compare(bytes, durability, settlingPuts))
  }
  return comparisons
}
