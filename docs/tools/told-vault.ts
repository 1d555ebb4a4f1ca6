/** A story's vault in memory, with what it takes to look into it and to forge records for it. */

import { fromHex } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { expandKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { EVERY_KEY } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Story } from './example-story.js'
import { rootKeyOf, tellStory } from './example-story.js'
import type { StoredRecords } from './vault-content.js'

export interface ToldVault {
  readonly story: Story
  readonly keys: RecordKeys
  /** In order of key. */
  readonly records: StoredRecords
}

async function recordsOf(storage: StorageAdapter): Promise<StoredRecords> {
  const records = new Map<string, Uint8Array>()
  for await (const { key, value } of scanAll(storage, EVERY_KEY)) records.set(key, value)
  return records
}

export async function toldVault(suite: SuiteId): Promise<ToldVault> {
  const storage = createMemoryStorage()
  const story = await tellStory(storage, suite)
  const vaultId = fromHex(story.vaultId) ?? new Uint8Array(0)
  const rootKey = await rootKeyOf(storage, vaultId)
  const macKey = expandKey(noblePrimitives, rootKey, subkeyContext(vaultId, 'record mac'))
  const keys = { primitives: noblePrimitives, vaultId, macKey }
  return { story, keys, records: await recordsOf(storage) }
}
