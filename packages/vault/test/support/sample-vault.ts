/** A small vault with one of everything, over records that a test can reach. */

import type { CreateVaultOptions, Unlock, Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { seededRandom } from './seeded-random.js'
import { START_TIME } from './test-clock.js'
import { TEST_KEY } from './test-vault.js'
import type { StorageTrace } from './traced-storage.js'
import { tracedStorage } from './traced-storage.js'

export interface SampleOptions {
  readonly cipher?: NonNullable<CreateVaultOptions['cipher']>
  readonly unlock?: Unlock
  /** Vaults of different seeds have everything in common but their keys and ids. */
  readonly seed?: string
  /** Leaves `unlock` the only way in. */
  readonly hasOneSlot?: boolean
}

export interface SampleVault {
  /** The records themselves, for tests that damage them. */
  readonly data: MemoryData
  /** The vault that wrote the records; every head is in its cache. */
  readonly vault: Vault
  /** The vault opened again: its cache is empty. */
  readonly open: () => Promise<Vault>
  /** What was asked of the store since the last call. */
  readonly takeTrace: () => StorageTrace
}

export const CIPHERS = ['chacha20-poly1305', 'aes-256-gcm'] as const

/** The lowest that leaves one secret with every kind of version and a tombstone. */
const LIMITS = { versionsMax: 4 }

/** Opens records that a test made, with the clock of the sample. */
export function openSample(data: MemoryData, unlock: Unlock = rawKey(TEST_KEY)): Promise<Vault> {
  const storage = createMemoryStorage({ data })
  return openVault({ storage, unlock, clock: () => START_TIME })
}

export async function createSampleVault(options: SampleOptions = {}): Promise<SampleVault> {
  const { cipher = 'chacha20-poly1305', unlock = rawKey(TEST_KEY), seed = 'sample' } = options
  const data = createMemoryData()
  const { storage, takeTrace } = tracedStorage(createMemoryStorage({ data }))
  const common = { storage, unlock, clock: () => START_TIME }
  const created = { ...common, cipher, limits: LIMITS }
  const vault = await createVault({ ...created, random: seededRandom(seed) })
  await fillSample(vault)
  if (options.hasOneSlot !== true) {
    const newUnlock = rawKey(SECOND_KEY)
    await vault.addUnlockSlot({ unlock, newUnlock, description: SECOND_SLOT })
  }
  let handles = 0
  return {
    data,
    vault,
    takeTrace,
    open: () => {
      handles += 1
      return openVault({ ...common, random: seededRandom(`${seed}, handle ${String(handles)}`) })
    },
  }
}

/** Names that begin with each other, and one that every object has. */
export const SAMPLE_NAMES = ['__proto__', 'db', 'db/app', 'gone'] as const

/** Another way in, and what its slot is called. */
export const SECOND_KEY: Uint8Array = new Uint8Array(32).fill(2)
export const SECOND_SLOT = 'the second'

/** Versions that were evicted, by the name of their secret. */
export const EVICTED: readonly (readonly [name: string, versionId: string])[] = [['db/app', 'v1']]

async function fillSample(vault: Vault): Promise<void> {
  const app = { secretName: 'db/app' }
  await vault.createSecret({ ...app, secretData: 'evicted by the fifth' })
  await vault.putSecretValue({ ...app, secretData: 'for the blue half', versionStages: ['Blue'] })
  await vault.putSecretValue({ ...app, secretData: 'void', versionStages: ['ACSNext', 'Green'] })
  await vault.putSecretValue({ ...app, secretData: Uint8Array.of(0, 255, 128) })
  await vault.putSecretValue({ ...app, secretData: 'ünï', versionId: 'release/7+a=b@c.d' })
  await vault.disableVersion({ ...app, versionId: 'v2' })
  await vault.destroyVersion({ ...app, versionId: 'v3' })
  await vault.createSecret({
    secretName: 'db',
    secretData: 'text',
    description: 'größte',
    tags: [
      { tagKey: 'env', tagValue: 'prod' },
      { tagKey: 'team', tagValue: '' },
    ],
    extendedConfig: { secretSubType: 's', customData: { host: 'h' } },
  })
  await vault.createSecret({ secretName: '__proto__', secretData: '{"constructor":1}' })
  await vault.createSecret({ secretName: 'gone', secretData: Uint8Array.of(7) })
  await vault.deleteSecret({ secretName: 'gone' })
}

/** All records, by key in order, in bytes of the caller's own. */
export function recordsOf(data: MemoryData): Map<string, Uint8Array> {
  const entries = data.range('!', '~'.repeat(512), Number.MAX_SAFE_INTEGER)
  return new Map(entries.map(({ key, value }) => [key, new Uint8Array(value)]))
}

/** New data with these records. */
export function dataOf(records: ReadonlyMap<string, Uint8Array>): MemoryData {
  const data = createMemoryData()
  data.apply([...records].map(([key, value]) => ({ key, value: new Uint8Array(value) })))
  return data
}

/** What a record is, by its key: `head`, `name`, `version`, `slot`, `due`, or the vault's own. */
export function kindOf(key: string): string {
  const parts = key.split('!')
  return parts[0] === 'secret' || parts[0] === 'vault' ? (parts.at(-1) ?? '') : (parts[0] ?? '')
}
