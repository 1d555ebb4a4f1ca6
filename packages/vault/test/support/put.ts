import type { Vault } from 'stagevault'

/** Puts a version of the secret `S` with that id and these labels; its value names the id. */
export async function put(
  vault: Vault,
  versionId: string,
  ...versionStages: string[]
): Promise<void> {
  const stages = versionStages.length === 0 ? {} : { versionStages }
  const secretData = `value of ${versionId}`
  await vault.putSecretValue({ secretName: 'S', secretData, versionId, ...stages })
}
