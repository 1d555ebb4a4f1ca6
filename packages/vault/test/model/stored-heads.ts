/** Looking into a store past the vault: every head, opened with the vault's own keys. */

import { equalBytes, toHex } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { expandKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { openDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openHead } from '@stagevault/core/records/head-record'
import {
  DELETION_KEYS,
  DESCRIPTOR_KEY,
  ROOT_KEY,
  SECRET_KEYS,
  SLOT_KEYS,
  VERSION_KEYS,
  deletionKey,
  parseSecretKey,
  versionKey,
} from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { openSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import { parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { StorageAdapter } from '@stagevault/storage'
import type { NaiveStore } from './naive-reads.js'
import type { NaiveLimits } from './naive-secret.js'

/** What a store holds about secrets. */
export interface StoredHeads {
  /** In order of name. */
  readonly states: readonly SecretState[]
  /** Keys of version records. */
  readonly versionKeys: readonly string[]
  /** By key of a deletion entry: when its secret was first found due, 0 for not yet. */
  readonly looks: Readonly<Record<string, number>>
  readonly limits: NaiveLimits
}

/** Reads all heads of a store; the head of the same bytes is opened once. */
export type HeadReader = (storage: StorageAdapter) => Promise<StoredHeads>

/** @param key - the raw key that unlocks the vault */
export async function createHeadReader(
  storage: StorageAdapter,
  key: Uint8Array,
): Promise<HeadReader> {
  const keys = await deriveRecordKeys(storage, key)
  const opened = new Map<string, { readonly bytes: Uint8Array; readonly state: SecretState }>()
  return async (current) => {
    const states: SecretState[] = []
    for (const { key: storageKey, value } of await current.scan({ ...SECRET_KEYS, limit: 1000 })) {
      const place = parseSecretKey(storageKey)
      if (place?.part !== 'head') continue
      const known = opened.get(place.name)
      const isKnown = known !== undefined && equalBytes(known.bytes, value)
      const state = isKnown ? known.state : openHead(keys, place.name, value)
      opened.set(place.name, { bytes: value, state })
      states.push(state)
    }
    const versions = await current.scan({ ...VERSION_KEYS, limit: 1000 })
    const looks: Record<string, number> = {}
    for (const { key, value } of await current.scan({ ...DELETION_KEYS, limit: 1000 })) {
      looks[key] = openDeletionEntry(keys, key, value).lookTime
    }
    const [root = null] = await current.read([ROOT_KEY])
    if (root === null) throw new Error('the store holds no root')
    const { versionsMax, stageLabelsMax, secretsMax } = openRoot(keys, root).limits
    const limits = { versionsMax, stageLabelsMax, secretsMax }
    return { states, versionKeys: versions.map((entry) => entry.key), looks, limits }
  }
}

async function deriveRecordKeys(storage: StorageAdapter, key: Uint8Array): Promise<RecordKeys> {
  const primitives = noblePrimitives
  const [descriptor = null] = await storage.read([DESCRIPTOR_KEY])
  const [slot] = await storage.scan({ ...SLOT_KEYS, limit: 1 })
  if (descriptor === null || slot === undefined) throw new Error('the store holds no vault')
  const { vaultId } = parseDescriptor(primitives, descriptor)
  const parsed = parseSlot(primitives, slot.key, slot.value)
  const rootKey = openSlot(primitives, vaultId, parsed, key)
  const macKey = expandKey(primitives, rootKey, subkeyContext(vaultId, 'record mac'))
  return { primitives, vaultId, macKey }
}

/** What heads and the naive model both know, without keys, digests and hashes. */
export interface SecretView {
  readonly secretName: string
  readonly description: string
  readonly extendedConfig: string
  readonly tags: readonly string[]
  readonly times: readonly (number | null)[]
  /** `number versionId status createTime [labels]` of each version. */
  readonly versions: readonly string[]
  readonly evicted: readonly string[]
  /** The next version number, and the number in the next automatic id. */
  readonly next: readonly [version: number, automatic: number]
}

/** The limits of a vault, and its secrets in order of name. */
export interface StoreView {
  readonly limits: NaiveLimits
  readonly secrets: readonly SecretView[]
}

export function viewOfHeads({ states, looks, limits }: StoredHeads): StoreView {
  const secrets = states.map((state): SecretView => ({
    secretName: state.secretName,
    description: state.description,
    extendedConfig: state.extendedConfig,
    tags: state.tags.map(({ tagKey, tagValue }) => `${tagKey}=${tagValue}`),
    times: [
      state.createTime,
      state.updateTime,
      state.plannedDeleteTime,
      looks[deletionKeyOf(state) ?? ''] ?? 0,
    ],
    versions: state.versions.map(({ number, versionId, status, createTime }) => {
      const pointers = state.stages.filter((pointer) => pointer.number === number)
      const labels = pointers.map(({ stage }) => stage).join(' ')
      return `${number} ${versionId} ${status} ${createTime} [${labels}]`
    }),
    evicted: Array.from(state.tombstones, ({ versionId }) => versionId),
    next: [state.nextNumber, state.nextAutoId],
  }))
  return { limits, secrets }
}

export function viewOfModel({ limits, secrets }: NaiveStore): StoreView {
  const rows = secrets
    .map((secret): SecretView => ({
      secretName: secret.secretName,
      description: secret.description,
      extendedConfig: secret.extendedConfig === null ? '' : JSON.stringify(secret.extendedConfig),
      tags: secret.tags.map(({ tagKey, tagValue }) => `${tagKey}=${tagValue}`),
      times: [secret.createTime, secret.updateTime, secret.plannedDeleteTime, secret.lookTime],
      versions: secret.versions.map(
        ({ number, versionId, status, createTime, stages }) =>
          `${number} ${versionId} ${status} ${createTime} [${stages.join(' ')}]`,
      ),
      evicted: secret.evicted.map(({ versionId }) => versionId),
      next: [secret.stored + 1, secret.counter],
    }))
    .sort((a, b) => (a.secretName < b.secretName ? -1 : 1))
  return { limits, secrets: rows }
}

/** The version records that must be there, and no others: a destroyed version has none. */
export function expectedVersionKeys(states: readonly SecretState[]): string[] {
  return states
    .flatMap(({ secretId, versions }) =>
      versions
        .filter(({ status }) => status !== 'Destroyed')
        .map(({ number }) => versionKey(secretId, number)),
    )
    .sort()
}

/** The deletion entries that must be there, and no others. */
export function expectedDeletionKeys(states: readonly SecretState[]): string[] {
  return states.flatMap((state) => deletionKeyOf(state) ?? []).sort()
}

function deletionKeyOf({ plannedDeleteTime, secretId }: SecretState): string | null {
  return plannedDeleteTime === null ? null : deletionKey(plannedDeleteTime, secretId)
}

/** A secret across renames. */
export function identityOf({ secretId }: SecretState): string {
  return toHex(secretId)
}
