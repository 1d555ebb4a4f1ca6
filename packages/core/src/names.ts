/** The names of the model. They are parsed once, at the API, and never rewritten. */

import { VaultError } from './errors.js'
import {
  ACCESS_NAME_CHARS_MAX,
  PROVIDER_NAME_CHARS_MAX,
  SECRET_NAME_CHARS_MAX,
  STAGE_LABEL_CHARS_MAX,
  VERSION_ID_CHARS_MAX,
} from './limits.js'

/** The version that readers get by default; a secret has exactly one (LBL-3). */
export const STAGE_CURRENT = 'ACSCurrent'
/** The version that was current before (LBL-6). */
export const STAGE_PREVIOUS = 'ACSPrevious'
/** The version that a running rotation prepares; only the rotation engine sets it (LBL-9). */
export const STAGE_PENDING = 'ACSPending'

const BUILT_IN_STAGES: readonly string[] = [STAGE_CURRENT, STAGE_PREVIOUS, STAGE_PENDING]

/** Kinds of secret in the cloud service's spelling. */
export type SecretType = 'Generic' | 'RAMCredentials' | 'Rds' | 'ECS' | 'Redis' | 'PolarDB'

/** In the order of their numbers in the head record; append only. */
export const SECRET_TYPES: readonly SecretType[] = [
  'Generic',
  'RAMCredentials',
  'Rds',
  'ECS',
  'Redis',
  'PolarDB',
]

const NAME_PATTERN = /^[A-Za-z0-9_/+=.@-]+$/

/**
 * Checks `text` against a charset, by default the one that secret names, version ids and stage
 * labels share. The error reports a length or the allowed characters and never quotes the text,
 * which may be a password passed by mistake.
 */
function checkName(
  what: string,
  text: string,
  charsMax: number,
  pattern: RegExp = NAME_PATTERN,
): string {
  if (text.length < 1 || text.length > charsMax) {
    const range = `1 to ${String(charsMax)}`
    const given = String(text.length)
    throw new VaultError('INVALID_PARAMETER', `${what} must have ${range} characters; got ${given}`)
  }
  if (!pattern.test(text)) {
    const marks = pattern === NAME_PATTERN ? '_ / + = . @ -' : '_ . @ -'
    const allowed = `letters, digits and ${marks}`
    throw new VaultError('INVALID_PARAMETER', `${what} may hold only ASCII ${allowed}`)
  }
  return text
}

/** A secret's name: 1 to 192 of `[A-Za-z0-9_/+=.@-]`. */
export function parseSecretName(text: string, what = 'secretName'): string {
  return checkName(what, text, SECRET_NAME_CHARS_MAX)
}

/** The name for a new generic secret, which may not begin with `acs/`. */
export function parseNewSecretName(what: string, text: string): string {
  const name = checkName(what, text, SECRET_NAME_CHARS_MAX)
  if (name.startsWith('acs/')) {
    throw new VaultError('INVALID_PARAMETER', `${what} of a generic secret must not begin "acs/"`)
  }
  return name
}

/** A version's id: 1 to 64 of the same characters. */
export function parseVersionId(what: string, text: string): string {
  return checkName(what, text, VERSION_ID_CHARS_MAX)
}

/** The name of a key provider: 1 to 64 of the same characters. */
export function parseProviderName(what: string, text: string): string {
  return checkName(what, text, PROVIDER_NAME_CHARS_MAX)
}

const ACCESS_NAME_PATTERN = /^[A-Za-z0-9_.@-]+$/

/** The name of a user, role, group or policy: 1 to 64 of `[A-Za-z0-9_.@-]`. */
export function parseAccessName(what: string, text: string): string {
  return checkName(what, text, ACCESS_NAME_CHARS_MAX, ACCESS_NAME_PATTERN)
}

/**
 * A stage label: 1 to 64 of the same characters. Case variants of the built-in labels are refused
 * (LBL-2): `acscurrent` is always a mistake, and would silently be a different label.
 */
export function parseStageLabel(what: string, text: string): string {
  const label = checkName(what, text, STAGE_LABEL_CHARS_MAX)
  const lower = label.toLowerCase()
  for (const builtIn of BUILT_IN_STAGES) {
    if (lower === builtIn.toLowerCase() && label !== builtIn) {
      throw new VaultError('INVALID_PARAMETER', `${what} differs from ${builtIn} only by case`)
    }
  }
  return label
}

/** Whether `text` can name a user, role, group or policy: 1 to 64 of `A-Z a-z 0-9 _ . @ -`. */
export function isAccessName(text: string): boolean {
  return text.length <= ACCESS_NAME_CHARS_MAX && /^[A-Za-z0-9_.@-]+$/.test(text)
}

/** Whether a label is one of the three built-in ones. */
export function isBuiltInStage(label: string): boolean {
  return BUILT_IN_STAGES.includes(label)
}

/** Ascending by code unit: the order in which stage lists and tags are reported. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
