/** `vault.json` and `vault-aes-256-gcm.json`: whole vaults, every record of them. */

import { toHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { DESCRIPTOR_KEY } from '@stagevault/core/records/layout'
import { parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { DraftCase } from './draft-case.js'
import { PASSPHRASE, RAW_KEY } from './example-vault.js'
import type { VaultFile, VaultRecords } from './perform-vault.js'
import { performVault } from './perform-vault.js'
import { toldVault } from './told-vault.js'
import { contentOf, recordAt } from './vault-content.js'
import { sharedDrafts, vaultFaults } from './vault-faults.js'
import type { VectorCase } from './vector-file.js'

const ABOUT: Readonly<Record<SuiteId, string>> = {
  1: 'A whole vault, and what comes of faults in it (docs/format/storage-layout.md).',
  2: 'The same life of a vault with AES-256-GCM.',
}

export async function vaultFile(suite: SuiteId): Promise<VaultFile> {
  const told = await toldVault(suite)
  const { keys, records, story } = told
  const descriptor = parseDescriptor(noblePrimitives, recordAt(records, DESCRIPTOR_KEY))
  const given: VaultRecords = {
    rawKey: toHex(RAW_KEY),
    passphrase: PASSPHRASE,
    time: story.endTime,
    records: Object.fromEntries([...records].map(([key, record]) => [key, toHex(record)])),
  }
  const drafts = suite === 1 ? [...sharedDrafts(), ...vaultFaults(told)] : sharedDrafts()
  return {
    format: 1,
    about: ABOUT[suite],
    ...given,
    content: contentOf(keys, descriptor, records, story.values),
    cases: await completeCases(given, drafts),
  }
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
