/** Sealing the version that a plan adds, and what its value is compared by. */

import type { SecretState } from '@stagevault/core/model/secret-state'
import type { SecretValue } from '@stagevault/core/model/value'
import { VALUE_DIGEST_BYTES, digestValue } from '@stagevault/core/model/value'
import type { PutPlan } from '@stagevault/core/model/versions'
import { withRecordHash } from '@stagevault/core/model/versions'
import type { Kek } from '@stagevault/core/records/envelope'
import { SEAL_RANDOM_BYTES, sealVersion } from '@stagevault/core/records/envelope'
import { versionKey } from '@stagevault/core/records/layout'
import type { Mutation } from '@stagevault/storage'
import { hmacSoon, sha256Soon } from '../session/hash-soon.js'
import type { Session } from '../session/session.js'

/** A value on its way into the vault. */
export interface NewValue {
  readonly versionId: string
  readonly value: SecretValue
  /** The full keyed digest, which the DEK is hedged with. */
  readonly digest: Uint8Array
  /** The part of it that the head keeps. */
  readonly headDigest: Uint8Array
}

export async function digestNewValue(
  session: Session,
  secretId: Uint8Array,
  versionId: string,
  value: SecretValue,
): Promise<NewValue> {
  const { vaultId, keys } = session
  const id = { vaultId, secretId, versionId }
  const digest = await digestValue(hmacSoon(session), keys.digestKey, id, value)
  return { versionId, value, digest, headDigest: digest.slice(0, VALUE_DIGEST_BYTES) }
}

/** The state of a plan with its new version sealed, and the record to be written with it. */
export interface SealedPlan {
  readonly state: SecretState
  readonly mutation: Mutation
}

/** Seals the new version of a plan. The value must stay as it is meanwhile. */
export async function sealPlanned(
  session: Session,
  plan: PutPlan & { readonly kind: 'store' },
  kek: Kek,
  { versionId, value, digest }: NewValue,
): Promise<SealedPlan> {
  const { primitives, vaultId, suite } = session
  const { next, number } = plan
  const address = { vaultId, secretId: next.secretId, number, versionId }
  const version = { suite, address, createTime: next.updateTime, value, digest }
  const record = sealVersion(primitives, kek, version, session.random(SEAL_RANDOM_BYTES))
  return {
    state: withRecordHash(next, number, await sha256Soon(session, record)),
    mutation: { key: versionKey(next.secretId, number), value: record },
  }
}
