/** Codes in words, for a person who can do something about them. */

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['KEYRING_UNAVAILABLE', 'The keychain of this computer cannot be used now.'],
  ['UNLOCK_FAILED', 'The keychain of this computer has no key to this vault (any more).'],
  ['STORAGE_LOCKED', 'Another program has the vault open.'],
  ['VAULT_MISSING', 'The records of the vault are gone.'],
  ['RECORD_MISMATCH', 'This is not the vault that was made here.'],
])

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['UNLOCK_FAILED', 'This passphrase does not open the vault.'],
  ['VAULT_LOCKED', 'The vault was locked.'],
  ['VAULT_CLOSED', 'The vault was locked.'],
  ['STORAGE_LOCKED', 'Another program has the vault open.'],
])

/** What keeps the keychain from opening the vault. */
export function problemWords(code: string): string {
  return PROBLEMS.get(code) ?? `The keychain does not open the vault (${code}).`
}

/** Why something that was asked for did not happen. */
export function failureWords({ code, message }: FailedReply): string {
  return FAILURES.get(code) ?? `${message} (${code})`
}

export interface FailedReply {
  readonly code: string
  readonly message: string
}
