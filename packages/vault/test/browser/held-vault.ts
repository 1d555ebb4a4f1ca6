import type { Vault, VaultEvent } from 'stagevault'
import { createVault, openVault, passphrase, rawKey } from 'stagevault'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { StorageAdapter } from '@stagevault/storage'
import { check } from '@stagevault/browser-engines/page'
import { ACCOUNT_ID, REGION } from '../model/scope.js'

/** Wide enough for all that parallel writers leave, and the same for the naive model. */
export const LIMITS = { versionsMax: 100, stageLabelsMax: 64, secretsMax: 1_000 } as const

/** Vaults of these tests stand still in time, as the naive model does. */
export const NOW: number = Date.UTC(2026, 0, 1)

export interface VaultOrder {
  readonly name: string
  /** The raw key, or the passphrase: each as text. */
  readonly key: string | { readonly passphrase: string }
}

/** The vault that this page or worker keeps open, with what it was told. */
export interface HeldVault {
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly events: readonly VaultEvent[]
}

let held: HeldVault | null = null

export function heldVault(): HeldVault {
  check(held !== null, 'no vault is held')
  return held
}

export async function holdNew({ name, key }: VaultOrder): Promise<void> {
  await hold(await createIdbStorage({ name }), (storage) =>
    createVault({
      storage,
      unlock: unlockOf(key),
      limits: LIMITS,
      clock,
      region: REGION,
      accountId: ACCOUNT_ID,
    }),
  )
}

export async function holdExisting({ name, key }: VaultOrder): Promise<void> {
  await hold(await openIdbStorage({ name }), (storage) =>
    openVault({
      storage,
      unlock: unlockOf(key),
      clock,
    }),
  )
}

export async function letGo(): Promise<void> {
  const { vault, storage } = heldVault()
  await vault.close()
  await storage.close()
}

async function hold(
  storage: StorageAdapter,
  open: (storage: StorageAdapter) => Promise<Vault>,
): Promise<void> {
  try {
    const vault = await open(storage)
    const events: VaultEvent[] = []
    vault.subscribe((event) => events.push(event))
    held = { vault, storage, events }
  } catch (error) {
    await storage.close()
    throw error
  }
}

function unlockOf(key: VaultOrder['key']): ReturnType<typeof rawKey> {
  if (typeof key !== 'string') return passphrase(key.passphrase)
  return rawKey(new TextEncoder().encode(key))
}

function clock(): number {
  return NOW
}
