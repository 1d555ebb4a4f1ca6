/** What the cases of a vault file ask for, done through the public API on a changed copy. */

import { fromHex, toHex } from '@stagevault/core/bytes'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Unlock, Vault } from 'stagevault'
import { VaultError, openVault, passphrase, rawKey } from 'stagevault'
import { numberOf, objectOf, textOf } from './case-input.js'
import { namedStream } from './named-bytes.js'
import { performReadAccess } from './perform-access.js'
import type { Outcome } from './perform.js'
import type { JsonObject, VectorFile } from './vector-file.js'

/** A whole vault, with what is in it. */
export interface VaultFile extends VectorFile {
  readonly rawKey: string
  readonly passphrase: string
  /** Open it at this time, in milliseconds since 1970: later a deletion falls due. */
  readonly time: number
  /** Every record of the store. */
  readonly records: Readonly<Record<string, string>>
  /** What they say: see docs/format/vectors/README.md. */
  readonly content: JsonObject
}

/** What a vault file needs for its cases to be performed. */
export type VaultRecords = Pick<VaultFile, 'rawKey' | 'passphrase' | 'time' | 'records'>

/** A store in memory with the records of a file, after changes: `null` takes a record away. */
export async function storeOf(
  records: Readonly<Record<string, string>>,
  changes: JsonObject = {},
): Promise<StorageAdapter> {
  const storage = createMemoryStorage()
  for (const [key, hex] of Object.entries({ ...records, ...changes })) {
    const value = typeof hex === 'string' ? fromHex(hex) : null
    await storage.commit({ guards: [], mutations: [{ key, value }] })
  }
  return storage
}

function unlockOf(file: VaultRecords, input: JsonObject): Unlock {
  const unlock = input['unlock']
  if (unlock === 'passphrase') return passphrase(file.passphrase)
  if (unlock === undefined) return rawKey(fromHex(file.rawKey) ?? new Uint8Array(0))
  const other = objectOf(input, 'unlock')
  if ('passphrase' in other) return passphrase(textOf(other, 'passphrase'))
  return rawKey(fromHex(textOf(other, 'rawKey')) ?? new Uint8Array(0))
}

/** Errors without a code of the vault are a defect and pass through. */
export async function performVault(
  primitives: Primitives,
  file: VaultRecords,
  operation: string,
  input: JsonObject,
): Promise<Outcome> {
  const changes = 'changes' in input ? objectOf(input, 'changes') : {}
  const { vaultId, unproved } = input
  try {
    if (operation === 'read-access') {
      const storage = await storeOf(file.records, changes)
      return { expect: 'ok', output: await performReadAccess(primitives, storage) }
    }
    const vault = await openVault({
      storage: await storeOf(file.records, changes),
      unlock: unlockOf(file, input),
      clock: () => file.time + ('later' in input ? numberOf(input, 'later') : 0),
      random: namedStream('performing'),
      primitives,
      ...(typeof vaultId === 'string' ? { vaultId } : {}),
      ...(unproved === true ? { readOnly: true, unproved } : {}),
    })
    return { expect: 'ok', output: await outputOf(vault, operation, input) }
  } catch (error) {
    if (error instanceof VaultError) return { expect: error.code }
    throw error
  }
}

async function outputOf(vault: Vault, operation: string, input: JsonObject): Promise<JsonObject> {
  switch (operation) {
    case 'open':
      return { vaultId: vault.vaultId }
    case 'get': {
      const versionId = input['versionId']
      const value = await vault.getSecretValue({
        secretName: textOf(input, 'secretName'),
        ...(typeof versionId === 'string' ? { versionId } : {}),
      })
      const { secretDataType, secretData, versionStages, isUnproved } = value
      const shown = typeof secretData === 'string' ? secretData : toHex(secretData)
      return {
        versionId: value.versionId,
        versionStages,
        secretDataType,
        secretData: shown,
        ...(isUnproved === true ? { isUnproved } : {}),
      }
    }
    case 'verify': {
      const { isClean, secretCount, versionCount, problems } = await vault.verify()
      const shown = problems.map(({ code, storageKey }) => ({ code, storageKey }))
      return { isClean, secretCount, versionCount, problems: shown }
    }
    default:
      throw new TypeError(`there is no operation ${operation}`)
  }
}
