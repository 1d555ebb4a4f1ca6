/** What an open vault keeps in memory is bounded by bytes, however large the records are. */

import { describe, expect, it } from 'vitest'
import type { Filter, Vault } from 'stagevault'
import { openVault, rawKey } from 'stagevault'
import { HEADS_BYTES_MIN, SECTIONS_BYTES_MAX } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { openHead, sealHead } from '@stagevault/core/records/head-record'
import { headKey, nameKey } from '@stagevault/core/records/layout'
import { sealName } from '@stagevault/core/records/name-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX, STORAGE_VALUE_BYTES_MAX } from '@stagevault/storage'
import { createHeadCache } from '../../dist/caches/head-cache.js'
import { createRollbackGuard } from '../../dist/caches/rollback-guard.js'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { recordKeysOf } from '../support/forged-records.js'
import { overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

/** What one read of records can bring into memory at most, 16 MiB: a scan takes no more. */
const PAGE_BYTES_MAX = STORAGE_READ_KEYS_MAX * STORAGE_VALUE_BYTES_MAX

interface Forge {
  readonly keys: RecordKeys
  readonly storage: StorageAdapter
  /** The head of a secret of that name, with a section of so many bytes. */
  readonly head: (i: number, bytes: number) => ForgedHead
}

interface ForgedHead {
  readonly state: SecretState
  readonly record: Uint8Array
}

const nameOf = (i: number): string => `n${String(i).padStart(5, '0')}`

async function openForge(): Promise<Forge> {
  const { storage, key } = await vaultWithSecret()
  const keys = { ...(await recordKeysOf(storage, key)), primitives: nodePrimitives }
  const model = openHead(keys, 'S', await recordAt(storage, headKey('S')))
  return {
    keys,
    storage,
    head: (i, bytes) => {
      const secretId = new Uint8Array(16)
      new DataView(secretId.buffer).setUint32(0, i + 1)
      const sections = [{ number: 40, isSkippable: true, bytes: new Uint8Array(bytes) }]
      const state = { ...model, secretName: nameOf(i), secretId, sections }
      return { state, record: sealHead(keys, state) }
    },
  }
}

describe('remembered heads', () => {
  it.each([
    ['the largest', SECTIONS_BYTES_MAX, 600],
    ['middling', 4_096, 6_000],
  ])('of %s size weigh twice the bound at most', async (_, bytes, count) => {
    const { keys, head } = await openForge()
    const guard = createRollbackGuard()
    const cache = createHeadCache(keys, guard)
    let written = 0
    for (let i = 0; i < count; i++) {
      const { record } = head(i, bytes)
      cache.open(nameOf(i), record, guard.time(), 1)
      written += record.length
    }
    let kept = 0
    for (let i = count - 1; i >= 0; i--) kept += cache.getCached(nameOf(i))?.bytes.length ?? 0
    expect(written).toBeGreaterThan(2 * HEADS_BYTES_MIN)
    expect(kept).toBeLessThanOrEqual(2 * HEADS_BYTES_MIN)
    // Not far less either: the half that was used last is there.
    expect(kept).toBeGreaterThan(HEADS_BYTES_MIN / 2)
    expect(cache.getCached(nameOf(count - 1))).not.toBeNull()
  })

  it('that are small are thousands', async () => {
    const { keys, head } = await openForge()
    const guard = createRollbackGuard()
    const cache = createHeadCache(keys, guard)
    for (let i = 0; i < 3_000; i++) cache.open(nameOf(i), head(i, 0).record, guard.time(), 1)
    for (let i = 0; i < 3_000; i++) expect(cache.getCached(nameOf(i))).not.toBeNull()
  })
})

interface LargeVault {
  readonly vault: Vault
  /** Bytes of the largest page of a scan since the last call. */
  readonly largestPage: () => number
}

/** A vault of more secrets than a page may have, each with the largest of heads. */
async function openLarge(): Promise<LargeVault> {
  const { keys, storage, head } = await openForge()
  for (let i = 0; i < 400; i++) {
    const { state, record } = head(i, SECTIONS_BYTES_MAX)
    await overwrite(storage, headKey(nameOf(i)), record)
    await overwrite(storage, nameKey(nameOf(i)), sealName(keys, nameOf(i), state.secretId))
  }
  let largest = 0
  const measured: StorageAdapter = {
    ...storage,
    scan: async (range) => {
      const entries = await storage.scan(range)
      let bytes = 0
      for (const { value } of entries) bytes += value.length
      largest = Math.max(largest, bytes)
      return entries
    },
  }
  const settings = { storage: measured, unlock: rawKey(TEST_KEY), readOnly: true, unproved: true }
  return {
    vault: await openVault(settings),
    largestPage: () => {
      const bytes = largest
      largest = 0
      return bytes
    },
  }
}

describe('a page of a scan', () => {
  const filters: Filter[] = [{ key: 'Description', values: ['in no secret'] }]

  it.each<readonly [string, (vault: Vault) => Promise<unknown>]>([
    ['a list', (vault) => vault.listSecrets({ pageSize: 100 })],
    ['a list with a filter', (vault) => vault.listSecrets({ filters })],
    ['verify', (vault) => vault.verify()],
    ['rebuildRoot', (vault) => vault.rebuildRoot()],
  ])('of %s brings 16 MiB into memory at most', async (_, scan) => {
    const { vault, largestPage } = await openLarge()
    await scan(vault)
    const bytes = largestPage()
    expect(bytes).toBeGreaterThan(SECTIONS_BYTES_MAX)
    expect(bytes).toBeLessThanOrEqual(PAGE_BYTES_MAX)
  })
})
