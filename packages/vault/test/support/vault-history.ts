/** A short history of a vault, with its store as it was after every step. */

import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import type { ReadProbe } from './read-probes.js'
import { probe } from './read-probes.js'
import { dataOf, kindOf, recordsOf } from './sample-vault.js'
import { seededRandom } from './seeded-random.js'
import { DAY_MS, createTestClock } from './test-clock.js'
import { TEST_KEY } from './test-vault.js'

/** All records at one point of the history. */
export type Epoch = ReadonlyMap<string, Uint8Array>

export interface VaultHistory {
  readonly data: MemoryData
  readonly vault: Vault
  /** From the first to the last, which is what the store holds. */
  readonly epochs: readonly Epoch[]
}

const LIMITS = { versionsMax: 3 }

/** One secret through everything that a secret can go through, with two others next to it. */
const STEPS: readonly ((vault: Vault) => Promise<unknown>)[] = [
  (vault) => vault.putSecretValue({ secretName: 'a', secretData: 'two' }),
  (vault) => vault.tagResource({ secretName: 'a', tags: [{ tagKey: 'k', tagValue: 'new' }] }),
  (vault) =>
    vault.updateSecretVersionStage({
      secretName: 'a',
      versionStage: 'ACSCurrent',
      moveToVersion: 'v1',
    }),
  (vault) => vault.putSecretValue({ secretName: 'a', secretData: 'three' }),
  (vault) => vault.putSecretValue({ secretName: 'a', secretData: 'four' }),
  (vault) => vault.putSecretValue({ secretName: 'a', secretData: '5', versionStages: ['Next'] }),
  (vault) => vault.disableVersion({ secretName: 'a', versionId: 'v5' }),
  (vault) => vault.destroyVersion({ secretName: 'a', versionId: 'v5' }),
  (vault) => vault.deleteSecret({ secretName: 'b' }),
  (vault) => vault.restoreSecret({ secretName: 'b' }),
  (vault) => vault.deleteSecret({ secretName: 'b' }),
  (vault) => vault.deleteSecret({ secretName: 'c', forceDeleteWithoutRecovery: true }),
  (vault) => vault.renameSecret({ secretName: 'a', newSecretName: 'a2' }),
  (vault) => vault.createSecret({ secretName: 'c', secretData: 'of the second c' }),
]

export async function createVaultHistory(): Promise<VaultHistory> {
  const data = createMemoryData()
  const clock = createTestClock()
  const vault = await createVault({
    storage: createMemoryStorage({ data }),
    unlock: rawKey(TEST_KEY),
    random: seededRandom('history'),
    clock: clock.now,
    limits: LIMITS,
  })
  for (const name of ['a', 'b', 'c']) {
    await vault.createSecret({ secretName: name, secretData: `one of ${name}` })
  }
  const epochs = [recordsOf(data)]
  for (const step of STEPS) {
    clock.advance(DAY_MS / 24)
    await step(vault)
    epochs.push(recordsOf(data))
  }
  return { data, vault, epochs }
}

/** Opens a store of the history, at a time when nothing is due yet. */
export function openEpoch(records: Epoch | MemoryData): Promise<Vault> {
  const data = records instanceof Map ? dataOf(records) : (records as MemoryData)
  const clock = createTestClock()
  clock.advance(DAY_MS)
  return openVault({
    storage: createMemoryStorage({ data }),
    unlock: rawKey(TEST_KEY),
    clock: clock.now,
  })
}

/** Reads of everything that the history ever held. */
export const HISTORY_PROBES: readonly ReadProbe[] = ['a', 'a2', 'b', 'c'].flatMap((secretName) => [
  probe(`describe ${secretName}`, (vault) => vault.describeSecret({ secretName })),
  probe(`versions of ${secretName}`, (vault) =>
    vault.listSecretVersionIds({ secretName, includeDeprecated: true }),
  ),
  ...['ACSCurrent', 'ACSPrevious', 'Next'].map((versionStage) =>
    probe(`get ${secretName} ${versionStage}`, (vault) =>
      vault.getSecretValue({ secretName, versionStage }),
    ),
  ),
  ...['v1', 'v2', 'v3', 'v4', 'v5'].map((versionId) =>
    probe(`get ${secretName} ${versionId}`, (vault) =>
      vault.getSecretValue({ secretName, versionId }),
    ),
  ),
])

/** A record put back to what it was, or taken away because it was not there yet. */
export interface Replay {
  readonly key: string
  readonly value: Uint8Array | null
}

/** Every record at every epoch where it differs from what is stored now; each value once. */
export function replaysOf(epochs: readonly Epoch[]): Replay[] {
  const now = epochs.at(-1) ?? new Map<string, Uint8Array>()
  const replays = new Map<string, Replay>()
  for (const key of new Set(epochs.flatMap((epoch) => [...epoch.keys()]))) {
    for (const epoch of epochs) {
      const value = epoch.get(key) ?? null
      const text = hex(value)
      if (text !== hex(now.get(key) ?? null)) replays.set(`${key} ${text}`, { key, value })
    }
  }
  return [...replays.values()]
}

function hex(value: Uint8Array | null): string {
  return value === null ? 'none' : Buffer.from(value).toString('hex')
}

/**
 * Whether the records fit each other, by what only the history contains: each head
 * with exactly the records that it had with it, and as many heads as the root had.
 */
export function isConsistent(records: Epoch, epochs: readonly Epoch[]): boolean {
  const heads = [...records.keys()].filter((key) => kindOf(key) === 'head')
  const accounted = new Set<string>(heads)
  for (const head of heads) {
    const text = hex(records.get(head) ?? null)
    const epoch = epochs.find((each) => hex(each.get(head) ?? null) === text)
    if (epoch === undefined) return false
    for (const key of companionsOf(head, epoch)) {
      if (hex(records.get(key) ?? null) !== hex(epoch.get(key) ?? null)) return false
      accounted.add(key)
    }
  }
  const isSecretPart = (key: string): boolean => ['name', 'version', 'due'].includes(kindOf(key))
  if ([...records.keys()].some((key) => isSecretPart(key) && !accounted.has(key))) return false
  const rootOf = (each: Epoch): string => hex(each.get('vault!root') ?? null)
  const rootEpoch = epochs.find((each) => rootOf(each) === rootOf(records))
  const counted = [...(rootEpoch?.keys() ?? [])].filter((key) => kindOf(key) === 'head').length
  // A secret that is there under two names is one secret.
  const ids = new Set(heads.map((head) => secretIdOf(records.get(head))))
  return ids.size === heads.length && counted === ids.size
}

/** Where a head says which secret it is: behind magic, format, generation and previous hash. */
const SECRET_ID = [45, 61] as const

function secretIdOf(head: Uint8Array | undefined): string {
  return hex(head?.slice(...SECRET_ID) ?? null)
}

/** The keys of the records that belong to the secret of a head, without the head. */
export function companionsOf(head: string, epoch: Epoch): string[] {
  const id = secretIdOf(epoch.get(head))
  const name = head.replace(/!head$/, '!name')
  return [...epoch.keys()].filter(
    (key) => key === name || (['version', 'due'].includes(kindOf(key)) && key.includes(id)),
  )
}
