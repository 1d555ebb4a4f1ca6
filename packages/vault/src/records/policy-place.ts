import type { SecretState } from '@stagevault/core/model/secret-state'
import { policyKey } from '@stagevault/core/records/layout'
import { isRemoved, policyPinOf } from '@stagevault/core/records/secret-policy'
import type { StorageKey } from '@stagevault/storage'

/** The key of the policy that a head pins, or `null` if the secret has none. */
export function policyPlace(state: SecretState): StorageKey | null {
  const pin = policyPinOf(state)
  return pin === null || isRemoved(pin) ? null : policyKey(state.secretId, pin.generation)
}
