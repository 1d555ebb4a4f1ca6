/** What TypeScript accepts and refuses. Compiled against the packages, never run. */
import { storageConformance } from '@stagevault/storage/conformance'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createIdbStorage } from '@stagevault/storage-idb'
import { createLevelStorage } from '@stagevault/storage-level'
import { parsePutSecretValue } from '@stagevault/core/request/value-requests'
import type {
  CreateSecretRequest,
  CreateVaultOptions,
  Durability,
  GetSecretValueResult,
  IntegrityErrorCode,
  ListSecretsRequest,
  OpenVaultOptions,
  PutSecretValueRequest,
  StandardSchema,
  StorageErrorCode,
  Vault,
  VaultErrorCode,
  VaultEvent,
} from 'stagevault'
import {
  createVault,
  isIntegrityError,
  isStorageError,
  isVaultError,
  openVault,
  passphrase,
  rawKey,
  VaultError,
} from 'stagevault'

const unlock = passphrase('x')
const storage = createMemoryStorage()
const durability = 'strict' as Durability | undefined
const S = { secretName: 'S' }

export const accepted: readonly CreateVaultOptions[] = [
  { location: 'a', unlock },
  { location: 'a', unlock, durability: 'relaxed', cipher: 'aes-256-gcm', region: 'r' },
  { storage, unlock: rawKey(new Uint8Array(32)), limits: { versionsMax: 3 } },
  { location: 'a', unlock, durability, region: undefined, limits: undefined },
  { storage, unlock, location: undefined, durability: undefined },
]

export const refused: readonly CreateVaultOptions[] = [
  // @ts-expect-error: neither a location nor a storage
  { unlock },
  // @ts-expect-error: both of them
  { location: 'a', storage, unlock },
  // @ts-expect-error: a given storage has its own durability
  { storage, unlock, durability: 'strict' },
  // @ts-expect-error: no such durability
  { location: 'a', unlock, durability: 'weak' },
  // @ts-expect-error: an option of openVault
  { location: 'a', unlock, vaultId: 'x' },
]

/** Limits of a handle: what may be lowered. */
export const opened: readonly OpenVaultOptions[] = [
  { location: 'a', unlock, limits: { secretsMax: 3 } },
  { location: 'a', unlock, readOnly: true, unproved: true },
  // @ts-expect-error: the versions that are kept are the vault's matter
  { location: 'a', unlock, limits: { versionsMax: 3 } },
]

export async function use(options: CreateVaultOptions): Promise<GetSecretValueResult | null> {
  const created: Vault = await createVault(options)
  await created.close()
  const vault = await openVault({ location: 'a', unlock, vaultId: created.vaultId })
  try {
    return await vault.getSecretValue({ secretName: 'S' })
  } catch (error) {
    const code: VaultErrorCode | null = error instanceof VaultError ? error.code : null
    if (code === 'SECRET_NOT_FOUND') return null
    throw error
  } finally {
    await vault.close()
  }
}

export const stores = [
  createIdbStorage({ name: 'a' }),
  createLevelStorage({ location: 'a', durability: 'strict' }),
]
export const others = [storageConformance, faultyStorage, parsePutSecretValue]

export const creates: readonly CreateSecretRequest[] = [
  { ...S, secretData: 'x', secretDataType: 'text', secretType: 'Generic', tags: undefined },
  { ...S, secretData: 'x' as string | Uint8Array, extendedConfig: { customData: { a: 'b' } } },
  // @ts-expect-error: text that is said to be bytes
  { ...S, secretData: 'x', secretDataType: 'binary' },
  // @ts-expect-error: bytes that are said to be text
  { ...S, secretData: new Uint8Array(1), secretDataType: 'text' },
  // @ts-expect-error: managed types need a rotator
  { ...S, secretData: 'x', secretType: 'Rds' },
  // @ts-expect-error: the cloud's spelling
  { ...S, secretData: 'x', extendedConfig: { CustomData: { a: 'b' } } },
  // @ts-expect-error: no value
  { ...S },
]

export const puts: readonly PutSecretValueRequest[] = [
  { ...S, secretData: new Uint8Array(1), secretDataType: 'binary', versionStages: undefined },
  // @ts-expect-error: text that is said to be bytes
  { ...S, secretData: 'x', secretDataType: 'binary' },
  // @ts-expect-error: a label is not a list of labels
  { ...S, secretData: 'x', versionStages: 'blue' },
]

export const lists: readonly ListSecretsRequest[] = [
  { secretNamePrefix: 'a/', filters: [{ key: 'TagKey', values: ['team'] }], nextToken: undefined },
  // @ts-expect-error: no such filter
  { filters: [{ key: 'Team', values: ['a'] }] },
  // @ts-expect-error: a prefix is text
  { secretNamePrefix: /a/ },
]

/** `secretDataType` tells which of the two a value is. */
export function valueOf(read: GetSecretValueResult): string {
  // @ts-expect-error: not known yet
  const early: string = read.secretData
  if (read.secretDataType === 'binary') return `${early}${read.secretData.byteLength}`
  return read.secretData.toUpperCase()
}

/** `type` tells which fields an event has. */
export function namesIn(event: VaultEvent): readonly string[] {
  // @ts-expect-error: only a rename has it
  const former: unknown = event.formerSecretName
  if (event.type === 'secret.renamed') return [event.formerSecretName, String(former)]
  if (event.type === 'secret.version.created') return event.versionStages
  if (event.type === 'secret.stage.moved') return [event.versionStage, event.versionId ?? '']
  // @ts-expect-error: no such event
  if (event.type === 'secret.exploded') return []
  return [event.secretName]
}

/** Guards narrow the code, to one or to those of their kind. */
export function codeOf(error: unknown): string {
  if (isVaultError(error, 'SECRET_NOT_FOUND')) {
    const code: 'SECRET_NOT_FOUND' = error.code
    return code
  }
  if (isIntegrityError(error)) {
    const code: IntegrityErrorCode = error.code
    // @ts-expect-error: not a code of damage
    const other: 'CONFLICT' = error.code
    return code + other
  }
  if (isStorageError(error)) {
    const code: StorageErrorCode = error.code
    return code
  }
  // @ts-expect-error: no such code
  return String(isVaultError(error, 'SECRET_LOST'))
}

interface Config {
  readonly host: string
  readonly port: number
}

/** The result has the type of the schema's output. */
export async function portOf(vault: Vault, schema: StandardSchema<Config>): Promise<number> {
  const { secretJson, versionId } = await vault.getSecretJson({ ...S, schema })
  // @ts-expect-error: not in the schema
  const missing: unknown = secretJson.name
  // @ts-expect-error: a schema is needed
  await vault.getSecretJson({ ...S })
  // @ts-expect-error: a function is no schema
  await vault.getSecretJson({ ...S, schema: (value: unknown) => value })
  return missing === versionId ? 0 : secretJson.port + 1
}

/** Elements of `versionIds` are versions, as those of `versions` are. */
export async function versionsOf(vault: Vault): Promise<readonly string[]> {
  const { versions, versionIds } = await vault.listSecretVersionIds(S)
  // @ts-expect-error: not text, as the name might say
  const ids: readonly string[] = versionIds
  return [...ids, ...versions.map(({ versionId, versionStatus }) => versionId + versionStatus)]
}

/** Vaults and stores are closed at the end of the block. */
export async function readOnce(): Promise<string> {
  await using store = createMemoryStorage()
  await using level = await createLevelStorage({ location: 'a', durability })
  await using vault = await createVault({ storage: store, unlock })
  await level.close()
  return vault.vaultId
}
