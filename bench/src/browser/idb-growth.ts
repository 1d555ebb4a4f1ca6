/** Whether opening and listing get dearer in IndexedDB as the number of secrets grows. */
import { copyStorage } from '@stagevault/storage'
import { createIdbStorage } from '@stagevault/storage-idb'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { generateKey, rawKey } from 'stagevault'
import type { Comparison } from '../comparison.js'
import type { Scale } from '../suite.js'
import { compareSizes, listSubject, reopenSubject } from '../vault-subjects/grown-subjects.js'
import {
  fillVault,
  LIST_PAGE,
  openGrownVault,
  type GrownVault,
} from '../vault-subjects/grown-vault.js'

const AIM = { aim: 1.1 }

/** Filled in memory and copied, which takes a small part of the transactions. */
async function grow(count: number): Promise<GrownVault> {
  const unlock = rawKey(generateKey())
  const filled = createMemoryStorage()
  await fillVault(filled, unlock, count)
  const storage = await createIdbStorage({ name: `growth-${count}`, durability: 'relaxed' })
  await copyStorage(filled, storage)
  return openGrownVault(storage, unlock, count)
}

export async function prepareIdbGrowth({ idbGrowth }: Scale): Promise<Comparison[]> {
  const sizes: GrownVault[] = []
  for (const count of idbGrowth) sizes.push(await grow(count))
  return [
    compareSizes(
      `list the first ${LIST_PAGE}, IndexedDB`,
      sizes,
      (each) => listSubject(each, 'first'),
      AIM,
    ),
    compareSizes(
      `list the last ${LIST_PAGE}, IndexedDB`,
      sizes,
      (each) => listSubject(each, 'last'),
      AIM,
    ),
    compareSizes('open a vault with a raw key, IndexedDB', sizes, reopenSubject, AIM),
  ]
}
