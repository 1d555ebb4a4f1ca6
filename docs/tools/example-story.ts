/**
 * The life of a small vault, through the public API with a fixed clock and fixed randomness: what
 * `vault.json`, `vault-aes-256-gcm.json` and the golden folder hold.
 */

import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { KEYRING_KEY, SLOT_KEYS, headKey } from '@stagevault/core/records/layout'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import { openSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import type { StorageAdapter, StorageKey } from '@stagevault/storage'
import type { Vault } from 'stagevault'
import { createVault, keyProvider, passphrase, rawKey } from 'stagevault'
import { PASSPHRASE, RAW_KEY, START_TIME, flipped } from './example-vault.js'
import { namedBytes, namedStream } from './named-bytes.js'

/** Values by `<secretName> <versionId>`: what must come out again. */
export type StoryValues = ReadonlyMap<string, string | Uint8Array>

export interface Story {
  readonly vaultId: string
  readonly values: StoryValues
  /** Heads of `MyDbCreds` that someone may put back. */
  readonly formerHeads: FormerHeads
  /** The first keyring, of generation 1. */
  readonly formerKeyring: Uint8Array
  /** When it ended: a vault opened at this time finds no deletion due. */
  readonly endTime: number
}

export interface FormerHeads {
  /** `v4` is the newest version. */
  readonly beforePut: Uint8Array
  /** `v5` is current, where it is `v4` in the end. */
  readonly beforeMove: Uint8Array
}

interface Teller {
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly values: Map<string, string | Uint8Array>
  /** Lets a second pass. The clock stands still within an operation, however often it is read. */
  readonly later: () => void
}

const LOG_N = 15

/** Three versions are kept, so that the fourth evicts one. */
const LIMITS = { versionsMax: 3, secretsMax: 1_000 }

/** Fills an empty store. */
export async function tellStory(storage: StorageAdapter, suite: SuiteId): Promise<Story> {
  let time = START_TIME
  const vault = await createVault({
    storage,
    unlock: rawKey(RAW_KEY),
    cipher: suite === 1 ? 'chacha20-poly1305' : 'aes-256-gcm',
    limits: LIMITS,
    clock: () => time,
    random: namedStream(`vault of suite ${String(suite)}`),
  })
  const later = (): void => {
    time += 1000
  }
  const formerKeyring = await storedRecord(storage, KEYRING_KEY)
  await tellOfSlots(vault, later)
  const teller: Teller = { vault, storage, values: new Map(), later }
  const formerHeads = await tellOfVersions(teller)
  await tellOfMetadata(teller)
  await tellOfEndings(teller)
  await vault.close()
  const { vaultId } = vault
  return { vaultId, values: teller.values, formerHeads, formerKeyring, endTime: time }
}

async function tellOfVersions({ vault, storage, values, later }: Teller): Promise<FormerHeads> {
  const secretName = 'MyDbCreds'
  const data = (password: string): string => JSON.stringify({ user: 'app', password })
  const put = async (versionId: string, ...versionStages: string[]): Promise<void> => {
    const secretData = data(`example ${versionId}`)
    values.set(`${secretName} ${versionId}`, secretData)
    later()
    const stages = versionStages.length === 0 ? {} : { versionStages }
    await vault.putSecretValue({ secretName, secretData, ...stages })
  }
  await vault.createSecret({ secretName, secretData: data('example v1') })
  await put('v2')
  await put('v3', 'next')
  // Evicts v1, which has lost its labels.
  await put('v4', 'ACSCurrent', 'release-4')
  const beforePut = await storedRecord(storage, headKey(secretName))
  await put('v5')
  const beforeMove = await storedRecord(storage, headKey(secretName))
  later()
  const versionStage = 'ACSCurrent'
  await vault.updateSecretVersionStage({ secretName, versionStage, moveToVersion: 'v4' })
  return { beforePut, beforeMove }
}

async function storedRecord(storage: StorageAdapter, key: StorageKey): Promise<Uint8Array> {
  const [record = null] = await storage.read([key])
  if (record !== null) return record
  throw new Error(`the story left no record at ${key}`)
}

async function tellOfMetadata({ vault, values, later }: Teller): Promise<void> {
  const secretName = 'app/prod/api-key'
  const secretData = namedBytes('an api key', 40)
  values.set(`${secretName} first`, secretData)
  later()
  await vault.createSecret({
    secretName,
    secretData,
    versionId: 'first',
    description: 'Schl\u00fcssel \u20ac \u{1f511}',
    tags: [
      { tagKey: 'team', tagValue: 'web' },
      { tagKey: 'env', tagValue: 'prod' },
    ],
    extendedConfig: { customData: { owner: 'J\u00f6rg' } },
  })
  later()
  values.set('__proto__ v1', 'constructor')
  await vault.createSecret({ secretName: '__proto__', secretData: 'constructor' })
  later()
  values.set('new-name v1', 'kept through a rename')
  await vault.createSecret({ secretName: 'old-name', secretData: 'kept through a rename' })
  later()
  await vault.renameSecret({ secretName: 'old-name', newSecretName: 'new-name' })
}

async function tellOfEndings({ vault, values, later }: Teller): Promise<void> {
  const secretName = 'worn'
  later()
  await vault.createSecret({ secretName, secretData: 'destroyed later' })
  later()
  await vault.putSecretValue({ secretName, secretData: 'disabled later' })
  later()
  await vault.putSecretValue({ secretName, secretData: 'current' })
  later()
  await vault.destroyVersion({ secretName, versionId: 'v1' })
  await vault.disableVersion({ secretName, versionId: 'v2' })
  values.set('worn v2', 'disabled later')
  values.set('worn v3', 'current')
  later()
  await vault.createSecret({ secretName: 'leaving', secretData: 'until it is due' })
  later()
  await vault.deleteSecret({ secretName: 'leaving', recoveryWindowInDays: 7 })
  values.set('leaving v1', 'until it is due')
  later()
  await vault.createSecret({ secretName: 'gone', secretData: 'deleted at once' })
  await vault.deleteSecret({ secretName: 'gone', forceDeleteWithoutRecovery: true })
}

/** More ways in: a passphrase, and a provider that is about as good as none. */
async function tellOfSlots(vault: Vault, later: () => void): Promise<void> {
  const unlock = rawKey(RAW_KEY)
  const exclusiveOr = (key: Uint8Array): Promise<Uint8Array> =>
    Promise.resolve(key.map((byte) => byte ^ 0xff))
  const provider = keyProvider({ name: 'exclusive-or', wrap: exclusiveOr, unwrap: exclusiveOr })
  const words = passphrase(PASSPHRASE, { scryptLogN: LOG_N })
  later()
  await vault.addUnlockSlot({ unlock, newUnlock: words, description: 'for people' })
  later()
  await vault.addUnlockSlot({ unlock, newUnlock: provider })
  later()
  const lost = rawKey(flipped(RAW_KEY, 0))
  const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: lost })
  await vault.removeUnlockSlot({ unlock, slotId })
}

/** The root key of a story's vault, by its raw key. */
export async function rootKeyOf(storage: StorageAdapter, vaultId: Uint8Array): Promise<Uint8Array> {
  const entries = await storage.scan({ ...SLOT_KEYS, limit: 10 })
  const slots = entries.map(({ key, value }): UnlockSlot => parseSlot(noblePrimitives, key, value))
  const slot = slots.find(({ kdf }) => kdf.kind === 'raw-key')
  if (slot === undefined) throw new Error('the vault has no slot for a raw key')
  return openSlot(noblePrimitives, vaultId, slot, RAW_KEY)
}
