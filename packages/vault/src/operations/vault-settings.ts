import type { VaultLimits } from '@stagevault/core/limits'
import { optionalSignal, readFields } from '@stagevault/core/request/request-fields'
import { parseLimitChanges } from '@stagevault/core/request/vault-requests'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { UpdateVaultSettingsRequest } from '../api/requests.js'
import type { VaultSettingsResult } from '../api/results.js'
import { unchanged } from '../commit/change.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { VaultHandle } from './vault-handle.js'

/** Returns the limits that the vault stores, and those that apply to this handle. */
export async function getVaultSettings(session: VaultHandle): Promise<VaultSettingsResult> {
  const { state } = rootIn(session, await readSnapshot(session, [ROOT_KEY]))
  return { limits: { ...state.limits }, handleLimits: session.lowerLimits(state.limits) }
}

export async function updateVaultSettings(
  session: VaultHandle,
  input: UpdateVaultSettingsRequest,
): Promise<VaultSettingsResult> {
  const fields = readFields('updateVaultSettings', input, ['limits', 'signal'])
  const changes = parseLimitChanges(fields.get('limits'))
  return session.committer.submit<VaultSettingsResult>({
    secretNames: [],
    signal: optionalSignal(fields),
    plan: (view) => {
      const limits = { ...view.root.limits, ...changes }
      const result = { limits, handleLimits: session.lowerLimits(limits) }
      const nothing = unchanged(result)
      return isSame(limits, view.root.limits) ? nothing : { ...nothing, rootChange: { limits } }
    },
  })
}

function isSame(a: VaultLimits, b: VaultLimits): boolean {
  return (
    a.secretValueBytesMax === b.secretValueBytesMax &&
    a.versionsMax === b.versionsMax &&
    a.stageLabelsMax === b.stageLabelsMax &&
    a.secretsMax === b.secretsMax
  )
}
