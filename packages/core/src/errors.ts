/** What a {@link VaultError} can be about. Codes are stable; messages are not. */
export type VaultErrorCode =
  // The request
  /** An argument breaks a rule; the message names the rule. */
  | 'INVALID_PARAMETER'
  /** There is no secret of this name. */
  | 'SECRET_NOT_FOUND'
  /** A secret of this name exists. */
  | 'SECRET_EXISTS'
  /** The secret is scheduled for deletion: restore it, or wait until it is deleted. */
  | 'SECRET_IN_DELETE_WINDOW'
  /** The secret is not scheduled for deletion, so it cannot be restored. */
  | 'SECRET_NOT_SCHEDULED'
  /** The secret has no such version: it never had, or the version was evicted. */
  | 'VERSION_NOT_FOUND'
  /** The version id is taken by another value (VER-4). */
  | 'VERSION_EXISTS'
  /** The version is disabled or destroyed. */
  | 'VERSION_DISABLED'
  /** Every version carries a label, so none can be evicted to make room (EVT-1). */
  | 'VERSION_LIMIT'
  /** No version carries this label. */
  | 'STAGE_NOT_FOUND'
  /** The secret would have more labels than allowed (LBL-8). */
  | 'STAGE_LABEL_LIMIT'
  /** The operation is not possible on this secret, version or handle. */
  | 'UNSUPPORTED_OPERATION'
  /** A limit of the vault or of this process is reached. */
  | 'QUOTA_EXCEEDED'
  // Access
  /** The policies do not allow the operation. */
  | 'ACCESS_DENIED'
  /** There is no user, role, group or policy of this name. */
  | 'ENTITY_NOT_FOUND'
  /** A user, role, group or policy of this name exists. */
  | 'ENTITY_EXISTS'
  /** A user, role, group or policy has attachments or memberships, so it is not deleted. */
  | 'ENTITY_IN_USE'
  // The vault
  /** There is no vault here. */
  | 'VAULT_MISSING'
  /** There is a vault here already. */
  | 'VAULT_EXISTS'
  /** The vault was closed. */
  | 'VAULT_CLOSED'
  /** A part of the library cannot be loaded. */
  | 'MODULE_UNAVAILABLE'
  // Keys and randomness
  /** The key, passphrase or provider opens no slot. */
  | 'UNLOCK_FAILED'
  /** The keyring lacks a key that a record names, or there is no such slot. */
  | 'KEY_NOT_FOUND'
  /** A key provider failed. */
  | 'KEYRING_UNAVAILABLE'
  /** The random generator failed, or repeats itself. */
  | 'RANDOM_FAILED'
  // Concurrency
  /** Other writers were faster until the time was up. Nothing was written; repeat the call. */
  | 'CONFLICT'
  /** `expectedCurrentVersionId` or `expectedGeneration` is not current. */
  | 'VERSION_CONFLICT'
  // Integrity
  /** A record does not authenticate or open. */
  | 'DECRYPTION_FAILED'
  /** A record does not have the form that the format asks for. */
  | 'MALFORMED_RECORD'
  /** A record is of a newer format, or a section of it is not known. */
  | 'UNSUPPORTED_FORMAT'
  /** A record that must be there is missing. */
  | 'RECORD_MISSING'
  /** A record is authentic, but does not belong where it is. */
  | 'RECORD_MISMATCH'
  /** The store, or a record in it, is older than what was seen before. */
  | 'ROLLBACK_DETECTED'

/**
 * A refusal or failure of the vault. Check `code`, not `instanceof`: two copies of this package
 * may be loaded. The message names what is wrong (which secret, which version, whose label);
 * neither it nor `cause` ever holds a value, a key or a passphrase.
 */
export class VaultError extends Error {
  /** Always `VaultError`. */
  override readonly name = 'VaultError'
  /** What it is about. */
  readonly code: VaultErrorCode

  constructor(code: VaultErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/**
 * The `code` of an error, or `null`. Errors are told by what they carry: one may be of another copy
 * of this package, or of another realm, as those of Node are in the VM contexts of test runners.
 */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/**
 * Whether `error` is a {@link VaultError}, of this copy of the package or of another; with `code`,
 * whether it has that code.
 *
 * @example
 * ```ts
 * try {
 *   await vault.describeSecret({ secretName: 'none' })
 * } catch (error) {
 *   if (!isVaultError(error, 'SECRET_NOT_FOUND')) throw error
 *   console.log(error.code) // → SECRET_NOT_FOUND
 * }
 * ```
 */
export function isVaultError<Code extends VaultErrorCode = VaultErrorCode>(
  error: unknown,
  code?: Code,
): error is VaultError & { readonly code: Code } {
  const found = codeOf(error)
  if (found === null || (error as Error).name !== 'VaultError') return false
  return code === undefined || found === code
}

const REFUSAL_CODES: readonly string[] = [
  'INVALID_PARAMETER',
  'SECRET_NOT_FOUND',
  'SECRET_EXISTS',
  'SECRET_IN_DELETE_WINDOW',
  'SECRET_NOT_SCHEDULED',
  'VERSION_NOT_FOUND',
  'VERSION_EXISTS',
  'VERSION_DISABLED',
  'VERSION_LIMIT',
  'STAGE_NOT_FOUND',
  'STAGE_LABEL_LIMIT',
  'UNSUPPORTED_OPERATION',
  'UNSUPPORTED_FORMAT',
  'QUOTA_EXCEEDED',
  'UNLOCK_FAILED',
  'KEY_NOT_FOUND',
  'VERSION_CONFLICT',
  'ACCESS_DENIED',
  'ENTITY_NOT_FOUND',
  'ENTITY_EXISTS',
  'ENTITY_IN_USE',
] satisfies VaultErrorCode[]

/**
 * Whether `error` is a refusal that follows from the state it was decided on: on another state the
 * same request may succeed. Every other error stands in any state.
 */
export function isRefusal(error: unknown): error is VaultError {
  return isVaultError(error) && REFUSAL_CODES.includes(error.code)
}

/** The codes which say that the store holds something else than the vault wrote. */
export type IntegrityErrorCode =
  | 'DECRYPTION_FAILED'
  | 'MALFORMED_RECORD'
  | 'UNSUPPORTED_FORMAT'
  | 'RECORD_MISSING'
  | 'RECORD_MISMATCH'
  | 'ROLLBACK_DETECTED'

/** A record and not a list, so that the compiler asks for a new code here. */
const INTEGRITY_CODES: Readonly<Record<IntegrityErrorCode, true>> = {
  DECRYPTION_FAILED: true,
  MALFORMED_RECORD: true,
  UNSUPPORTED_FORMAT: true,
  RECORD_MISSING: true,
  RECORD_MISMATCH: true,
  ROLLBACK_DETECTED: true,
}

/**
 * Whether `error` says that the store holds something else than the vault wrote. It may be of this
 * copy of the package or of another.
 */
export function isIntegrityError(
  error: unknown,
): error is VaultError & { readonly code: IntegrityErrorCode } {
  return isVaultError(error) && Object.hasOwn(INTEGRITY_CODES, error.code)
}
