/** `getRandomPassword`: every password that fits the request is equally likely. */

import { VaultError } from '../errors.js'
import { PASSWORD_DRAWS_MAX } from '../limits.js'

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz'
const UPPERCASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const NUMBERS = '0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/** The requirements of a password: the cloud API's parameters with their defaults filled in. */
export interface PasswordRequest {
  readonly passwordLength: number
  readonly excludeCharacters: string
  readonly excludeLowercase: boolean
  readonly excludeUppercase: boolean
  readonly excludeNumbers: boolean
  readonly excludePunctuation: boolean
  readonly requireEachIncludedType: boolean
}

/**
 * Draws a password. Whole passwords are drawn until one has every required type. Inserting one
 * character of each type instead would make some passwords more likely than others.
 *
 * @param random - returns that many fresh bytes
 * @throws {@link VaultError} `INVALID_PARAMETER` if no password can fit the request;
 *   `RANDOM_FAILED` if no draw fits
 */
export function drawPassword(
  request: PasswordRequest,
  random: (length: number) => Uint8Array,
): string {
  const types = includedTypes(request)
  const alphabet = types.join('')
  if (alphabet === '') {
    throw new VaultError('INVALID_PARAMETER', 'every character of a password is excluded')
  }
  const required = request.requireEachIncludedType ? types : []
  const pick = uniformPicker(alphabet, random)
  for (let draw = 0; draw < PASSWORD_DRAWS_MAX; draw++) {
    let password = ''
    for (let i = 0; i < request.passwordLength; i++) password += pick()
    if (required.every((type) => hasCharacterOf(password, type))) return password
  }
  throw new VaultError('RANDOM_FAILED', 'the random source returned no usable password')
}

function includedTypes(request: PasswordRequest): string[] {
  const included = [
    request.excludeLowercase ? '' : LOWERCASE,
    request.excludeUppercase ? '' : UPPERCASE,
    request.excludeNumbers ? '' : NUMBERS,
    request.excludePunctuation ? '' : PUNCTUATION,
  ].filter((type) => type !== '')
  const types = included.map((type) =>
    Array.from(type)
      .filter((char) => !request.excludeCharacters.includes(char))
      .join(''),
  )
  if (request.requireEachIncludedType && included.length > 0 && types.includes('')) {
    const message = 'excludeCharacters excludes all characters of a required type'
    throw new VaultError('INVALID_PARAMETER', message)
  }
  return types.filter((type) => type !== '')
}

function hasCharacterOf(password: string, type: string): boolean {
  return Array.from(password).some((char) => type.includes(char))
}

/** Picks characters without bias: bytes above the last whole multiple are discarded. */
function uniformPicker(alphabet: string, random: (length: number) => Uint8Array): () => string {
  const bound = 256 - (256 % alphabet.length)
  let bytes = new Uint8Array(0)
  let position = 0
  return () => {
    for (;;) {
      if (position === bytes.length) {
        bytes = Uint8Array.from(random(64))
        position = 0
      }
      const byte = bytes[position++] ?? 0
      if (byte < bound) return alphabet.charAt(byte % alphabet.length)
    }
  }
}
