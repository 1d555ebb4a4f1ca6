/**
 * Records that only the vault's own keys can make, made outside the vault: what a later release or
 * a broken one could leave behind.
 */

import { fromHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { openHead, sealHead } from '@stagevault/core/records/head-record'
import { sealKeyring } from '@stagevault/core/records/keyring-record'
import { DESCRIPTOR_KEY, KEYRING_KEY, ROOT_KEY, headKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { recordTag } from '@stagevault/core/records/record-frame'
import { openSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import { parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot } from '@stagevault/core/records/vault-root'
import type { StorageAdapter } from '@stagevault/storage'
import type { VaultCrypto } from '../../dist/keys/vault-keys.js'
import { newKeyring, recordKeys } from '../../dist/keys/vault-keys.js'
import { seededRandom } from './seeded-random.js'
import { keysOf, overwrite, recordAt } from './stored-records.js'

const primitives = noblePrimitives

async function unlock(
  storage: StorageAdapter,
  key: Uint8Array,
): Promise<{ readonly crypto: VaultCrypto; readonly rootKey: Uint8Array }> {
  const { vaultId, suite } = parseDescriptor(primitives, await recordAt(storage, DESCRIPTOR_KEY))
  const [slotKey = ''] = await keysOf(storage, 'slot!')
  const slot = parseSlot(primitives, slotKey, await recordAt(storage, slotKey))
  return {
    crypto: { primitives, vaultId, suite },
    rootKey: openSlot(primitives, vaultId, slot, key),
  }
}

/** What authenticates the records of the vault that `key` opens. */
export async function recordKeysOf(storage: StorageAdapter, key: Uint8Array): Promise<RecordKeys> {
  const { crypto, rootKey } = await unlock(storage, key)
  return recordKeys(crypto, rootKey)
}

/** Changes what the head of a secret says, under a MAC that fits. */
export async function forgeHead(
  storage: StorageAdapter,
  key: Uint8Array,
  secretName: string,
  change: (state: SecretState) => SecretState,
): Promise<void> {
  const keys = await recordKeysOf(storage, key)
  const place = headKey(secretName)
  const state = openHead(keys, secretName, await recordAt(storage, place))
  await overwrite(storage, place, sealHead(keys, change(state)))
}

/** Changes what the vault root says, under a MAC that fits. */
export async function forgeRoot(
  storage: StorageAdapter,
  key: Uint8Array,
  change: (root: VaultRoot) => VaultRoot,
): Promise<void> {
  const keys = await recordKeysOf(storage, key)
  const root = openRoot(keys, await recordAt(storage, ROOT_KEY))
  await overwrite(storage, ROOT_KEY, sealRoot(keys, change(root)))
}

/** Puts a keyring in place that has none of the keys that the secrets are under. */
export async function forgeOtherKeyring(storage: StorageAdapter, key: Uint8Array): Promise<void> {
  const { crypto, rootKey } = await unlock(storage, key)
  const [slotKey = ''] = await keysOf(storage, 'slot!')
  const slotId = fromHex(slotKey.slice('slot!'.length)) ?? new Uint8Array(0)
  const keyring = newKeyring(crypto, rootKey, slotId, seededRandom('another keyring'), 0)
  const bytes = sealKeyring(recordKeys(crypto, rootKey), keyring)
  await overwrite(storage, KEYRING_KEY, bytes)
  await forgeRoot(storage, key, (root) => ({
    ...root,
    keyringGeneration: keyring.generation,
    keyringTag: recordTag(bytes),
  }))
}
