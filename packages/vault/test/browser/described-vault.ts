import type { Vault } from 'stagevault'
import { toWire } from './wire.js'

/** Everything that a vault tells of what is in it, for comparing: with values, and as JSON. */
export async function describeWhole(vault: Vault): Promise<unknown> {
  const secrets: unknown[] = []
  for await (const secret of vault.iterateSecrets()) {
    const { secretName, plannedDeleteTime } = secret
    const versions: unknown[] = []
    const all = vault.iterateSecretVersionIds({ secretName, includeDeprecated: true })
    for await (const version of all) {
      const { versionId } = version
      // What is going to be deleted, or is disabled, is not read by anybody.
      const isReadable = plannedDeleteTime === undefined && version.versionStatus === 'Enabled'
      const value = isReadable ? await vault.getSecretValue({ secretName, versionId }) : null
      versions.push({ version, value })
    }
    secrets.push({ secret, versions })
  }
  return toWire({ vaultId: vault.vaultId, secrets, found: await vault.verify() })
}
