/** What an operation submits to the committer, and the view that it decides on. */

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

/**
 * The state that a change is planned on: the committed state plus the earlier plans of the round.
 */
export interface View {
  readonly root: VaultRoot
  /** The limits of the vault, lowered by this handle's own limits. */
  readonly limits: VaultLimits
  /**
   * A secret that the change names, or `null` if there is none.
   *
   * @throws {@link VaultError} a code of the integrity group if its head is damaged or lost
   */
  secret(secretName: string): SecretState | null
  /** A record that the change names by its key, or `null` if there is none. */
  record(key: StorageKey): Uint8Array | null
}

/** One operation that changes the vault. */
export interface Change<T> {
  /**
   * The secrets that the plan depends on. Changes of one secret are planned in order of arrival.
   */
  readonly secretNames: readonly string[]
  /**
   * Other records that the plan depends on. Every attempt reads them, and a guard compares them.
   */
  readonly keys?: readonly StorageKey[]
  /** Removes the change from the queue, until its round is passed to the storage. */
  readonly signal?: AbortSignalLike | null
  /**
   * Decides synchronously and from `view` alone, so that it can be repeated on another state.
   * Returns `'prepare'` if {@link Change.prepare} has not run yet, or ran for another state.
   *
   * @throws {@link VaultError} to refuse the change
   */
  plan(view: View): Plan<T> | 'prepare'
  /**
   * Does what needs time: hashes a long value, or tries an unlock on the slots.
   *
   * @param view - valid until the first `await`
   * @param ahead - how many versions of the secret the earlier pending changes will store
   */
  prepare?(view: View, ahead: number): Promise<void>
}

/** A secret under a name after a change; `null` if the name holds no secret then. */
export interface NextSecret {
  readonly secretName: string
  readonly state: SecretState | null
}

/** What a plan changes in the root, apart from the epoch and the count of secrets. */
export interface RootChange {
  readonly limits?: VaultLimits
  readonly keyring?: { readonly generation: number; readonly tag: Uint8Array }
  /** Tag of the access root, 16 bytes. */
  readonly accessTag?: Uint8Array
}

/**
 * The result of planning a change: the secrets as they are afterwards. Heads, name records,
 * deletion entries, deleted version records and the count of secrets are derived from them.
 */
export interface Plan<T> {
  readonly secrets: readonly NextSecret[]
  /** The versions that are new in `secrets`. */
  readonly versions: readonly NewVersion[]
  /**
   * Records that no secret implies: slots, the keyring, checked deletion entries, access records,
   * and the policies that `secrets` pin.
   */
  readonly records: readonly Mutation[]
  readonly rootChange: RootChange | null
  readonly result: T
  /** Delivered to listeners after the commit. */
  readonly events: readonly VaultEvent[]
}

const NONE: readonly never[] = []

/** A plan that writes nothing. */
export function unchanged<T>(result: T): Plan<T> {
  return { secrets: NONE, versions: NONE, records: NONE, rootChange: null, result, events: NONE }
}

/** A plan that changes one secret but none of its values. */
export function changed<T>(state: SecretState, result: T, events: readonly VaultEvent[]): Plan<T> {
  const secrets = [{ secretName: state.secretName, state }]
  return { secrets, versions: NONE, records: NONE, rootChange: null, result, events }
}

/**
 * Refuses a plan that rewrites a head or root with a section that this release does not support.
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
 * Like {@link requireSecret}, for a secret that must not be scheduled for deletion.
 *
 * @throws {@link VaultError} `SECRET_IN_DELETE_WINDOW`, and as {@link requireSecret}
 */
export function requireActiveSecret(view: View, secretName: string): SecretState {
  const state = requireSecret(view, secretName)
  requireNotScheduled(state)
  return state
}
