/** `vault.json` and `vault-aes-256-gcm.json`: whole vaults, every record of them. */

import { toHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { DESCRIPTOR_KEY } from '@stagevault/core/records/layout'
import { parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { accessCases } from './access-faults.js'
import { accessVault, withAccessContent } from './access-vault.js'
import type { DraftCase } from './draft-case.js'
import { PASSPHRASE, RAW_KEY } from './example-vault.js'
import type { VaultFile, VaultRecords } from './perform-vault.js'
import { performVault } from './perform-vault.js'
import type { ToldVault } from './told-vault.js'
import { toldVault } from './told-vault.js'
import { contentOf, recordAt } from './vault-content.js'
import { sharedDrafts, vaultFaults } from './vault-faults.js'
import type { JsonObject, VectorCase } from './vector-file.js'

const ABOUT: Readonly<Record<SuiteId, string>> = {
  1: 'A whole vault, and what comes of faults in it (docs/format/storage-layout.md).',
  2: 'The same life of a vault with AES-256-GCM.',
}

const ABOUT_ACCESS =
  'A vault with access records and policies, and what comes of faults in them ' +
  '(docs/format/storage-layout.md).'

export async function vaultFile(suite: SuiteId): Promise<VaultFile> {
  const told = await toldVault(suite)
  const drafts = suite === 1 ? [...sharedDrafts(), ...vaultFaults(told)] : sharedDrafts()
  return completeVault(ABOUT[suite], told, contentOfTold(told), drafts)
}

export async function accessVaultFile(): Promise<VaultFile> {
  const vault = accessVault(await toldVault(1))
  const content = withAccessContent(contentOfTold(vault.told))
  return completeVault(ABOUT_ACCESS, vault.told, content, accessCases(vault))
}

function contentOfTold({ keys, records, story }: ToldVault): JsonObject {
  const descriptor = parseDescriptor(noblePrimitives, recordAt(records, DESCRIPTOR_KEY))
  return contentOf(keys, descriptor, records, story.values)
}

async function completeVault(
  about: string,
  { records, story }: ToldVault,
  content: JsonObject,
  drafts: readonly DraftCase[],
): Promise<VaultFile> {
  const given: VaultRecords = {
    rawKey: toHex(RAW_KEY),
    passphrase: PASSPHRASE,
    time: story.endTime,
    records: Object.fromEntries([...records].map(([key, record]) => [key, toHex(record)])),
  }
  const cases = await completeCases(given, drafts)
  return { format: 1, about, ...given, content, cases }
}

async function completeCases(
  given: VaultRecords,
  drafts: readonly DraftCase[],
): Promise<VectorCase[]> {
  const cases: VectorCase[] = []
  for (const draft of drafts) {
    const outcome = await performVault(noblePrimitives, given, draft.operation, draft.input)
    if (outcome.expect !== draft.expect) {
      throw new Error(`${draft.name}: ${outcome.expect} where ${draft.expect} was meant`)
    }
    cases.push({ ...draft, ...outcome })
  }
  return cases
}
