import { toHex } from '@stagevault/core/bytes'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { SecretState } from '@stagevault/core/model/secret-state'

/** A head as it is stored, and its decoded state. */
export interface HeadSnapshot {
  readonly bytes: Uint8Array
  readonly state: SecretState
  /** The id of the secret, in hexadecimal. */
  readonly id: string
  /** SHA-256 of the bytes, which the next head contains. Computed on first use. */
  hash(): Uint8Array
}

/** @param id - the id of the secret, if the caller has it already */
export function headSnapshot(
  primitives: Primitives,
  bytes: Uint8Array,
  state: SecretState,
  id: string = toHex(state.secretId),
): HeadSnapshot {
  let hash: Uint8Array | null = null
  return {
    bytes,
    state,
    id,
    hash: () => (hash ??= primitives.sha256(bytes)),
  }
}
