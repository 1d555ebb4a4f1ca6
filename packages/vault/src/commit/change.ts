/** What an operation hands to the committer, and what it is shown to decide by. */

import { VaultError } from '@stagevault/core/errors'
import type { VaultLimits } from '@stagevault/core/limits'
import { requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { requireRewritableHead } from '@stagevault/core/records/head-record'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { requireRewritableRoot } from '@stagevault/core/records/vault-root'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { Mutation, StorageKey } from '@stagevault/storage'
import type { VaultEvent } from '../api/events.js'
import type { NewVersion } from '../records/version.js'

/** What a change is planned on: the committed state, and over it the earlier changes of a round. */
export interface View {
  readonly root: VaultRoot
  /** The limits of the vault, as far as this handle has not lowered them. */
  readonly limits: VaultLimits
  /**
   * A secret that the change names, or `null` where there is none.
   *
   * @throws {@link VaultError} codes of the integrity group where its head is damaged or lost
   */
  secret(secretName: string): SecretState | null
  /** A record that the change names by its key, or `null`. */
  record(key: StorageKey): Uint8Array | null
}

/** One operation that changes the vault. */
export interface Change<T> {
  /** The secrets it plans on; changes of one secret are planned in order of arrival. */
  readonly secretNames: readonly string[]
  /** Other records that it plans on. They are read for every attempt, and guarded as read. */
  readonly keys?: readonly StorageKey[]
  /** Takes the change out of the queue until its round is issued. */
  readonly signal?: AbortSignalLike | null
  /**
   * Decides, synchronously and from `view` alone, so that it can be repeated on another state.
   * `'prepare'`: what {@link Change.prepare} does is missing, or was done for another state.
   *
   * @throws {@link VaultError} to refuse
   */
  plan(view: View): Plan<T> | 'prepare'
  /**
   * Does what cannot be done at once: hashes a long value, asks a remote key.
   *
   * @param view - holds until the first `await`
   * @param ahead - how many versions of the secret earlier changes that wait will store
   */
  prepare?(view: View, ahead: number): Promise<void>
}

/** A secret under a name after a change; `null`: gone from there. */
export interface NextSecret {
  readonly secretName: string
  readonly state: SecretState | null
}

/** What a commit changes in the root beside its epoch and the count of secrets. */
export interface RootChange {
  readonly limits?: VaultLimits
  readonly keyring?: { readonly generation: number; readonly tag: Uint8Array }
}

/**
 * What a change comes to. It says what the secrets are afterwards; heads, name records, deletion
 * entries, deleted version records and the count of secrets follow from that.
 */
export interface Plan<T> {
  readonly secrets: readonly NextSecret[]
  /** The versions that are new in `secrets`. */
  readonly versions: readonly NewVersion[]
  /** Records that follow from no secret: slots, the keyring, looks at deletion entries. */
  readonly records: readonly Mutation[]
  readonly rootChange: RootChange | null
  readonly result: T
  /** Told after the commit. */
  readonly events: readonly VaultEvent[]
}

const NONE: readonly never[] = []

/** A plan that writes nothing. */
export function unchanged<T>(result: T): Plan<T> {
  return { secrets: NONE, versions: NONE, records: NONE, rootChange: null, result, events: NONE }
}

/** A plan that changes one secret, and no value of it. */
export function changed<T>(state: SecretState, result: T, events: readonly VaultEvent[]): Plan<T> {
  const secrets = [{ secretName: state.secretName, state }]
  return { secrets, versions: NONE, records: NONE, rootChange: null, result, events }
}

/**
 * Refuses a plan that rewrites a head or the root with a section that this program does not know.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT`
 */
export function requireRewritable(plan: Plan<unknown>, root: VaultRoot): void {
  for (const { state } of plan.secrets) if (state !== null) requireRewritableHead(state)
  if (!writesNothing(plan)) requireRewritableRoot(root)
}

export function writesNothing({ secrets, records, rootChange }: Plan<unknown>): boolean {
  return secrets.length === 0 && records.length === 0 && rootChange === null
}

/** @throws {@link VaultError} `SECRET_NOT_FOUND`, and as {@link View.secret} */
export function requireSecret(view: View, secretName: string): SecretState {
  const state = view.secret(secretName)
  if (state !== null) return state
  throw new VaultError('SECRET_NOT_FOUND', `there is no secret ${secretName}`)
}

/**
 * The same of one that is not scheduled for deletion.
 *
 * @throws {@link VaultError} `SECRET_IN_DELETE_WINDOW`, and as {@link requireSecret}
 */
export function requireActiveSecret(view: View, secretName: string): SecretState {
  const state = requireSecret(view, secretName)
  requireNotScheduled(state)
  return state
}
