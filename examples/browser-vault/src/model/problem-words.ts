/** What went wrong, in words for a person who can do something about it. */
import { isIntegrityError } from 'stagevault'

export const FILES_GONE: string =
  'The files of this page cannot be loaded. ' +
  'Is its server still running? The vault is as it was.'

const WORDS: ReadonlyMap<string, string> = new Map([
  ['UNLOCK_FAILED', 'This passphrase does not open the vault.'],
  ['VAULT_MISSING', 'There is no vault in this browser any more.'],
  ['STORAGE_MISSING', 'There is no vault in this browser any more.'],
  ['VAULT_EXISTS', 'There is a vault in this browser already. Unlock it instead.'],
  ['VAULT_CLOSED', 'The vault was locked.'],
  ['SECRET_EXISTS', 'There is a secret of that name already.'],
  ['SECRET_NOT_FOUND', 'This secret is gone. It was deleted or renamed elsewhere.'],
  ['VERSION_NOT_FOUND', 'This version is gone. It made room for a newer one.'],
  ['VERSION_EXISTS', 'That version id stands for another value already.'],
  ['VERSION_LIMIT', 'Every version carries a label, so none can make room. Remove a label first.'],
  ['STAGE_LABEL_LIMIT', 'A secret has at most 8 different labels. Remove one first.'],
  ['SECRET_IN_DELETE_WINDOW', 'This secret is going to be deleted. Restore it first.'],
  ['CONFLICT', 'Another tab has changed this secret. Look again before you try again.'],
  ['STORAGE_FULL', 'The browser has no room left for this. Nothing was changed.'],
  ['STORAGE_BLOCKED', 'Another tab has an older copy of this page open. Close it and try again.'],
  ['STORAGE_UNAVAILABLE', 'This browser lets the page store nothing, or its storage is broken.'],
  ['STORAGE_CLOSED', 'The browser closed the vault, or another tab deleted it.'],
  ['MODULE_UNAVAILABLE', FILES_GONE],
  ['NO_MEMORY', 'This device has not enough free memory: deriving the key takes 128 MiB.'],
  ['STORAGE_OUTCOME_UNKNOWN', 'It is unknown whether this was stored. Look before you repeat it.'],
  ['ROLLBACK_DETECTED', 'The records of this vault went back to an earlier state.'],
])

/** What the vault calls the things that a person types. */
const THINGS: readonly (readonly [name: RegExp, words: string])[] = [
  [/^newSecretName\b/, 'the name'],
  [/^secretName\b/, 'the name'],
  [/^secretData\b/, 'the value'],
  [/^versionStage\b/, 'the label'],
  [/^description\b/, 'the description'],
  [/^tags\b/, 'the list of tags'],
  [/^tagKey\b/, 'the key of a tag'],
  [/^tagValue\b/, 'the value of a tag'],
]

/** A refusal of the page itself, in words for a person. */
export class Refusal extends Error {}

const DAMAGED = 'The records of this vault were damaged or changed from outside'

/** Never shows anything of a value: the errors of a vault hold none. */
export function problemWords(error: unknown): string {
  if (error instanceof Refusal) return error.message
  if (error instanceof DOMException && error.name === 'NotAllowedError') {
    return 'The browser does not let this page at the clipboard.'
  }
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return 'Something unexpected went wrong. Nothing more is known.'
  }
  const { code } = error
  const words = WORDS.get(code)
  if (words !== undefined) return words
  if (isIntegrityError(error)) return `${DAMAGED} (${code}).`
  const message = inPlainWords(error.message)
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`
  return code === 'INVALID_PARAMETER' ? `${sentence}.` : `${sentence} (${code}).`
}

function inPlainWords(message: string): string {
  for (const [name, plain] of THINGS) {
    if (name.test(message)) return message.replace(name, plain)
  }
  return message
}
