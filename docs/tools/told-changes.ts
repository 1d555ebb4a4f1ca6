/** What someone who edits the store may change in a story's vault, and where it stands. */

import { toHex } from '@stagevault/core/bytes'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { sealKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, ROOT_KEY, versionKey } from '@stagevault/core/records/layout'
import { recordTag } from '@stagevault/core/records/record-frame'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot } from '@stagevault/core/records/vault-root'
import type { ToldVault } from './told-vault.js'
import { headsOf, recordAt } from './vault-content.js'
import type { JsonObject, JsonValue } from './vector-file.js'

/** Records by storage key; `null` takes one away. */
export type Changes = Readonly<Record<string, Uint8Array | null>>

/** An input with changes. */
export function changed(changes: Changes, input: JsonObject = {}): JsonObject {
  const shown = Object.entries(changes).map(([key, record]): [string, JsonValue] => [
    key,
    record === null ? null : toHex(record),
  ])
  return { ...input, changes: Object.fromEntries(shown) }
}

export function headOf({ keys, records }: ToldVault, secretName: string): SecretState {
  const head = headsOf(keys, records).find((state) => state.secretName === secretName)
  if (head === undefined) throw new Error(`the story has no secret ${secretName}`)
  return head
}

export function versionKeyOf(told: ToldVault, secretName: string, versionId: string): string {
  const { secretId, versions } = headOf(told, secretName)
  const number = versions.find((version) => version.versionId === versionId)?.number
  if (number === undefined) throw new Error(`the story keeps no version ${versionId}`)
  return versionKey(secretId, number)
}

/** Where the slot of this kind is kept; there is one of each. */
export function slotOfKind({ records }: ToldVault, kind: number): string {
  const place = [...records].find(([key, record]) => key.startsWith('slot!') && record[31] === kind)
  if (place === undefined) throw new Error(`the story has no slot of kind ${String(kind)}`)
  return place[0]
}

export function rootOf({ keys, records }: ToldVault): VaultRoot {
  return openRoot(keys, recordAt(records, ROOT_KEY))
}

/** A keyring with the right MAC, and the root that names it. */
export function withKeyring(told: ToldVault, keyring: KeyringState): Changes {
  const { keys } = told
  const bytes = sealKeyring(keys, keyring)
  const { generation: keyringGeneration } = keyring
  const root = { ...rootOf(told), keyringGeneration, keyringTag: recordTag(bytes) }
  return { [KEYRING_KEY]: bytes, [ROOT_KEY]: sealRoot(keys, root) }
}
