/** What a {@link VaultError} can be about. Codes are stable; messages are not. */
export type VaultErrorCode =
  // The request
  | 'INVALID_PARAMETER'
  | 'SECRET_NOT_FOUND'
  | 'SECRET_EXISTS'
  | 'SECRET_IN_DELETE_WINDOW'
  | 'SECRET_NOT_SCHEDULED'
  | 'VERSION_NOT_FOUND'
  | 'VERSION_EXISTS'
  | 'VERSION_DISABLED'
  | 'VERSION_LIMIT'
  | 'STAGE_NOT_FOUND'
  | 'STAGE_LABEL_LIMIT'
  | 'UNSUPPORTED_OPERATION'
  | 'QUOTA_EXCEEDED'
  // The vault
  | 'VAULT_MISSING'
  | 'VAULT_EXISTS'
  | 'VAULT_CLOSED'
  | 'MODULE_UNAVAILABLE'
  // Keys and randomness
  | 'UNLOCK_FAILED'
  | 'KEY_NOT_FOUND'
  | 'KEYRING_UNAVAILABLE'
  | 'RANDOM_FAILED'
  // Concurrency
  | 'CONFLICT'
  | 'VERSION_CONFLICT'
  // Integrity
  | 'DECRYPTION_FAILED'
  | 'MALFORMED_RECORD'
  | 'UNSUPPORTED_FORMAT'
  | 'RECORD_MISSING'
  | 'RECORD_MISMATCH'
  | 'ROLLBACK_DETECTED'

/**
 * A refusal or failure of the vault. Check `code`, not `instanceof`: two copies of this package
 * may be loaded. The message names what is wrong (which secret, which version, whose label);
 * neither it nor `cause` ever holds a value, a key or a passphrase.
 */
export class VaultError extends Error {
  override readonly name = 'VaultError'
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

/** Whether `error` is a {@link VaultError}: of this copy of the package, or of another. */
export function isVaultError(error: unknown): error is VaultError {
  return codeOf(error) !== null && (error as Error).name === 'VaultError'
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
] satisfies VaultErrorCode[]

/**
 * Whether `error` is a refusal that follows from the state it was decided on: on another state the
 * same request may succeed. Every other error stands whatever the state is.
 */
export function isRefusal(error: unknown): error is VaultError {
  return isVaultError(error) && REFUSAL_CODES.includes(error.code)
}

const INTEGRITY_CODES: readonly string[] = [
  'DECRYPTION_FAILED',
  'MALFORMED_RECORD',
  'UNSUPPORTED_FORMAT',
  'RECORD_MISSING',
  'RECORD_MISMATCH',
  'ROLLBACK_DETECTED',
] satisfies VaultErrorCode[]

/**
 * Whether `error` says that what the store holds is not what the vault wrote: of this copy of the
 * package, or of another.
 */
export function isIntegrityError(
  error: unknown,
): error is Error & { readonly code: VaultErrorCode } {
  return INTEGRITY_CODES.includes(String(codeOf(error)))
}
