/** What `records.json` asks for, done by the library. */

import { toHex } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { expandKey } from '@stagevault/core/crypto/key-wrapping'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { openDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openHead } from '@stagevault/core/records/head-record'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { openName } from '@stagevault/core/records/name-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { RecordSection } from '@stagevault/core/records/sections'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import {
  authenticateSlot,
  openSlot,
  parseSlot,
  slotAccepts,
} from '@stagevault/core/records/unlock-slot'
import { authenticateDescriptor, parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { openRoot } from '@stagevault/core/records/vault-root'
import { bytesOf, textOf } from './case-input.js'
import { passphraseKey } from './perform-keys.js'
import type { JsonObject } from './vector-file.js'

/** The key of all MACs, from the root key. */
export function recordKeysOf(primitives: Primitives, input: JsonObject): RecordKeys {
  const vaultId = bytesOf(input, 'vaultId')
  const context = subkeyContext(vaultId, 'record mac')
  return { primitives, vaultId, macKey: expandKey(primitives, bytesOf(input, 'rootKey'), context) }
}

/** Read as it is done at opening: first on its own, then, with the root key, authenticated. */
export function performOpenDescriptor(primitives: Primitives, input: JsonObject): JsonObject {
  const record = bytesOf(input, 'record')
  const { vaultId, createTime, suite, region, accountId } = parseDescriptor(primitives, record)
  const found = { ...input, vaultId: toHex(vaultId) }
  authenticateDescriptor(recordKeysOf(primitives, found), record)
  return { suite, vaultId: toHex(vaultId), createTime, region, accountId }
}

/** Read as it is done at opening: the key first, and the MAC with the root key that it gives. */
export async function performOpenSlot(
  primitives: Primitives,
  input: JsonObject,
): Promise<JsonObject> {
  const record = bytesOf(input, 'record')
  const storageKey = textOf(input, 'storageKey')
  const slot = parseSlot(primitives, storageKey, record)
  const key = await slotKeyOf(slot, input)
  if (!slotAccepts(primitives, slot, key)) {
    throw new VaultError('UNLOCK_FAILED', 'the slot does not open with this key')
  }
  const rootKey = toHex(openSlot(primitives, bytesOf(input, 'vaultId'), slot, key))
  authenticateSlot(recordKeysOf(primitives, { ...input, rootKey }), storageKey, record)
  const { slotId, suite, createTime, kdf, description } = slot
  return {
    suite,
    slotId: toHex(slotId),
    createTime,
    kind: kdf.kind,
    ...(kdf.kind === 'passphrase' ? { logN: kdf.logN, scryptSalt: toHex(kdf.salt) } : {}),
    ...(kdf.kind === 'provider' ? { provider: kdf.provider, data: toHex(kdf.data) } : {}),
    description,
    rootKey,
  }
}

/** Of a provider the key that it would give. */
async function slotKeyOf({ kdf }: UnlockSlot, input: JsonObject): Promise<Uint8Array> {
  if (kdf.kind !== 'passphrase') return bytesOf(input, 'rawKey')
  return passphraseKey(textOf(input, 'passphrase'), kdf)
}

export function performOpenKeyring(primitives: Primitives, input: JsonObject): JsonObject {
  const keyring = openKeyring(recordKeysOf(primitives, input), bytesOf(input, 'record'))
  const { generation, slotIds } = keyring
  const keys = keyring.keys.map(({ keyId, primaryVersion, versions }) => ({
    keyId: toHex(keyId),
    primaryVersion,
    versions: versions.map(({ keyVersion, createTime, check, salt, wrapped }) => ({
      keyVersion,
      createTime,
      check: toHex(check),
      salt: toHex(salt),
      wrapped: toHex(wrapped),
    })),
  }))
  const defaultKeyId = toHex(keyring.defaultKeyId)
  return { generation, defaultKeyId, keys, slotIds: slotIds.map(toHex) }
}

export function performOpenRoot(primitives: Primitives, input: JsonObject): JsonObject {
  const root = openRoot(recordKeysOf(primitives, input), bytesOf(input, 'record'))
  const { epoch, secretCount, keyringGeneration, keyringTag, limits, sections } = root
  return {
    epoch,
    secretCount,
    keyringGeneration,
    keyringTag: toHex(keyringTag),
    ...limits,
    sections: sectionFields(sections),
  }
}

export function performOpenHead(primitives: Primitives, input: JsonObject): JsonObject {
  const keys = recordKeysOf(primitives, input)
  return headFields(openHead(keys, textOf(input, 'secretName'), bytesOf(input, 'record')))
}

/** The fields of a head under the names of docs/format/records.md. */
export function headFields(state: SecretState): JsonObject {
  return {
    generation: state.generation,
    previousHeadHash: toHex(state.previousHeadHash),
    secretId: toHex(state.secretId),
    secretName: state.secretName,
    secretType: state.secretType,
    encryptionKeyId: toHex(state.encryptionKeyId),
    createTime: state.createTime,
    updateTime: state.updateTime,
    plannedDeleteTime: state.plannedDeleteTime,
    description: state.description,
    extendedConfig: state.extendedConfig,
    tags: state.tags.map(({ tagKey, tagValue }) => ({ tagKey, tagValue })),
    nextNumber: state.nextNumber,
    nextAutoId: state.nextAutoId,
    versions: state.versions.map((version) => ({
      number: version.number,
      versionId: version.versionId,
      createTime: version.createTime,
      status: version.status,
      valueDigest: toHex(version.valueDigest),
      recordHash: toHex(version.recordHash),
    })),
    stages: state.stages.map(({ stage, number }) => ({ stage, number })),
    tombstones: Array.from(state.tombstones, ({ versionId, valueDigest }) => ({
      versionId,
      valueDigest: toHex(valueDigest),
    })),
    sections: sectionFields(state.sections),
  }
}

function sectionFields(sections: readonly RecordSection[]): JsonObject[] {
  return sections.map(({ number, isSkippable, bytes }) => ({
    number,
    flags: isSkippable ? 1 : 0,
    length: bytes.length,
    bytes: toHex(bytes),
  }))
}

export function performOpenName(primitives: Primitives, input: JsonObject): JsonObject {
  const keys = recordKeysOf(primitives, input)
  const secretId = openName(keys, textOf(input, 'secretName'), bytesOf(input, 'record'))
  return { secretId: toHex(secretId) }
}

export function performOpenDue(primitives: Primitives, input: JsonObject): JsonObject {
  const keys = recordKeysOf(primitives, input)
  const storageKey = textOf(input, 'storageKey')
  const { secretName, lookTime } = openDeletionEntry(keys, storageKey, bytesOf(input, 'record'))
  return { secretName, lookTime }
}
