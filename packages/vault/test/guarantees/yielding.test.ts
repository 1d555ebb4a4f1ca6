/** What looks at many records lets other work of the thread go on, also over a store in memory. */

import { beforeAll, describe, expect, it } from 'vitest'
import type { Filter, Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { beginRecord } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const SECRETS = 10_000
/**
 * Milliseconds of computing between two turns of other work, four times what is promised. It is
 * the computing of this process that counts: how busy the machine is makes no difference.
 */
const HELD_MS_MAX = 200

/** The longest computing, in milliseconds, between two turns of a loop that runs beside `work`. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const computed = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  }
  let last = computed()
  let longest = 0
  let isRunning = true
  function turn(): void {
    const now = computed()
    longest = Math.max(longest, now - last)
    last = now
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  turn()
  isRunning = false
  return longest
}

const NOTHING: Filter[] = [{ key: 'Description', values: ['in no secret'] }]
const data = createMemoryData()
let vault: Vault

beforeAll(async () => {
  vault = await createVault({ storage: createMemoryStorage({ data }), unlock })
  for (let start = 0; start < SECRETS; start += 5_000) {
    await Promise.all(Array.from({ length: 5_000 }, (_, i) =>
      vault.createSecret({ secretName: `s${start + i}`, secretData: 'x' })))
  }
}, 120_000)

describe('with 10,000 secrets in memory, other work gets its turn during', () => {
  it('verify', async () => {
    const held = await longestHold(async () => {
      expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: SECRETS })
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)

  it('listSecrets with a filter that matches nothing', async () => {
    const opened = await openVault({ storage: createMemoryStorage({ data }), unlock })
    const held = await longestHold(async () => {
      const { secrets } = await opened.listSecrets({ filters: NOTHING })
      expect(secrets).toEqual([])
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)

  it('rebuildRoot', async () => {
    const storage = createMemoryStorage({ data })
    const unproved = await openVault({ storage, unlock, readOnly: true, unproved: true })
    const held = await longestHold(async () => {
      expect(await unproved.rebuildRoot()).toMatchObject({ secretCount: SECRETS })
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)
})

/** Entries of the right kind under a MAC of nothing, as long as such entries may be. */
async function plantEntries(storage: StorageAdapter, count: number): Promise<void> {
  const writer = beginRecord('due')
  writer.bytes(new Uint8Array(60_000))
  const value = writer.take()
  for (let start = 0; start < count; start += 8) {
    const mutations = Array.from({ length: 8 }, (_, i) => ({
      key: `due!000000000000!${(start + i).toString(16).padStart(32, '0')}`, value,
    }))
    await storage.commit({ guards: [], mutations })
  }
}

describe('during a sweep', () => {
  it('over entries that someone planted', async () => {
    const storage = createMemoryStorage()
    const swept = await createVault({ storage, unlock })
    await plantEntries(storage, 4_000)
    const held = await longestHold(() => swept.listSecrets())
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)
})
