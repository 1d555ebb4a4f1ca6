/** What the page reads of an open vault: everything but values. */
import type { SecretMetadata, Vault } from 'stagevault'
import { isIntegrityError, isVaultError } from 'stagevault'
import type { SecretList } from '../model/secret-list.js'
import { secretListOf, withDamaged, withSecret, withoutSecret } from '../model/secret-list.js'
import type { VersionRow } from '../model/version-row.js'
import { CURRENT, drawVersions, holderOf } from '../model/version-row.js'

/** What `createVault` keeps of each secret unless told otherwise. */
const VERSIONS_KEPT = 10
const PAGE_SIZE = 100

/** One damaged secret does not prevent reading the others. */
export async function readSecrets(vault: Vault): Promise<SecretList> {
  const secrets: SecretMetadata[] = []
  const damaged: string[] = []
  let nextToken: string | undefined
  do {
    const page = await vault.listSecrets({ pageSize: PAGE_SIZE, nextToken, includeErrors: true })
    secrets.push(...page.secrets)
    damaged.push(...(page.errors ?? []).map(({ secretName }) => secretName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return secretListOf(secrets, damaged)
}

/** The list with one secret of it read again. */
export async function readSecretAgain(
  vault: Vault,
  list: SecretList,
  secretName: string,
): Promise<SecretList> {
  try {
    return withSecret(list, await vault.describeSecret({ secretName }))
  } catch (error) {
    // That the whole store went back concerns more than this secret.
    if (isVaultError(error, 'ROLLBACK_DETECTED')) throw error
    if (isIntegrityError(error)) return withDamaged(list, secretName)
    if (isVaultError(error, 'SECRET_NOT_FOUND')) return withoutSecret(list, secretName)
    throw error
  }
}

/** The picture of one secret's versions. */
export async function readVersions(
  vault: Vault,
  secretName: string,
  evicted: readonly string[],
): Promise<VersionRow> {
  const { versionIds } = await vault.listSecretVersionIds({
    secretName,
    includeDeprecated: true,
    pageSize: PAGE_SIZE,
  })
  return drawVersions(versionIds, evicted, VERSIONS_KEPT)
}

/** The version to show: the one that was shown before where it is still there. */
export function versionToShow(row: VersionRow, before: string | null): string {
  const isThere = row.cards.some(({ versionId }) => versionId === before)
  return isThere && before !== null ? before : (holderOf(row, CURRENT) ?? '')
}

/** A value as text: of other bytes the page shows hexadecimal digits. */
export async function readValue(
  vault: Vault,
  secretName: string,
  versionId: string,
): Promise<string> {
  const { secretData } = await vault.getSecretValue({ secretName, versionId })
  if (typeof secretData === 'string') return secretData
  return Array.from(secretData, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
