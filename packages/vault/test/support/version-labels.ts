import type { Vault } from 'stagevault'

/** The labels of each version, in order of creation; unlabelled versions too. */
export async function labelsOf(
  vault: Vault,
  secretName: string,
): Promise<Record<string, readonly string[]>> {
  return labelsIn(vault, { secretName, includeDeprecated: true })
}

/** The labels of each version that the list shows by default: those with at least one. */
export async function listedLabelsOf(
  vault: Vault,
  secretName: string,
): Promise<Record<string, readonly string[]>> {
  return labelsIn(vault, { secretName })
}

async function labelsIn(
  vault: Vault,
  request: { readonly secretName: string; readonly includeDeprecated?: boolean },
): Promise<Record<string, readonly string[]>> {
  const { versionIds } = await vault.listSecretVersionIds({ pageSize: 100, ...request })
  return Object.fromEntries(versionIds.map((row) => [row.versionId, row.versionStages]))
}

/** Text values by version id; what cannot be read is the error's code. */
export async function readEvery(vault: Vault, secretName: string): Promise<Record<string, string>> {
  const all = { secretName, includeDeprecated: true, pageSize: 100 }
  const { versionIds } = await vault.listSecretVersionIds(all)
  const pairs = await Promise.all(
    versionIds.map(async ({ versionId }): Promise<[string, string]> => {
      const { secretData } = await vault.getSecretValue({ secretName, versionId })
      return [versionId, String(secretData)]
    }),
  )
  return Object.fromEntries(pairs)
}
