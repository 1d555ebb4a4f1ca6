/** A vault in memory whose time and chance belong to the test. */

import type { CreateVaultOptions, OpenVaultOptions, Vault, VaultOptions } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { seededRandom } from './seeded-random.js'
import type { TestClock } from './test-clock.js'
import { createTestClock } from './test-clock.js'
import { dumpRecords } from './stored-records.js'

export type TestVaultOptions = Partial<
  Pick<CreateVaultOptions, 'limits' | 'cipher' | 'region' | 'accountId' | 'storage' | 'random'>
>

/** The options that only openVault has. */
export type OpenSettings = Pick<OpenVaultOptions, 'vaultId' | 'limits' | 'readOnly' | 'unproved'>

/** The options of openVault over a given storage. */
export type OpenOptions = VaultOptions & OpenSettings & { readonly storage: StorageAdapter }

export interface TestVault {
  readonly vault: Vault
  readonly clock: TestClock
  /** What the vault works on. */
  readonly storage: StorageAdapter
  /** The key that opens it. */
  readonly key: Uint8Array
  /** The vault opened once more, on the same store and with the same clock. */
  readonly open: (options?: Partial<OpenOptions>) => Promise<Vault>
  /** Everything the store holds. */
  readonly dump: () => Promise<ReadonlyMap<string, string>>
}

/** The key of all test vaults: 32 bytes with no meaning. */
export const TEST_KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 255 - 7 * i)

let vaults = 0

/** A new vault with limits and options of the test's choice. */
export async function newTestVault(options: TestVaultOptions = {}): Promise<TestVault> {
  vaults += 1
  const seed = `vault ${vaults}`
  const clock = createTestClock()
  const { storage = createMemoryStorage(), random = seededRandom(seed), ...others } = options
  const common = { storage, unlock: rawKey(TEST_KEY), clock: clock.now }
  const vault = await createVault({ ...common, random, ...others })
  let handles = 0
  return {
    vault,
    clock,
    storage,
    key: TEST_KEY,
    open: (changes = {}) => {
      handles += 1
      const again = seededRandom(`${seed}, handle ${handles}`)
      return openVault({ ...common, random: again, ...changes })
    },
    dump: () => dumpRecords(storage),
  }
}

/** Two stores over the same records: what another process would see. */
export function sharedMemory(): { readonly data: MemoryData; readonly open: () => StorageAdapter } {
  const data = createMemoryData()
  return { data, open: () => createMemoryStorage({ data }) }
}

/** A vault with one secret `S`, whose first version `v1` holds `one`. */
export async function vaultWithSecret(options: TestVaultOptions = {}): Promise<TestVault> {
  const test = await newTestVault(options)
  await test.vault.createSecret({ secretName: 'S', secretData: 'one' })
  return test
}
