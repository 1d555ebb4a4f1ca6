/**
 * Where the next page of a list begins. A token names a place in the order, not a row: it stays
 * valid while rows come and go.
 */

import { VaultError } from '../errors.js'
import { parseAccessName, parseSecretName } from '../names.js'

const PREFIX = 'after:'
const VERSION_TOKEN = /^after:([1-9][0-9]{0,9})$/

/** The token of the page behind this row: a name, or a version's number. */
export function formatPageToken(last: string | number): string {
  return PREFIX + String(last)
}

/** The name that a page of secrets begins behind. @throws {@link VaultError} `INVALID_PARAMETER` */
export function parseSecretToken(token: string): string {
  if (!token.startsWith(PREFIX)) throw invalidToken()
  return parseSecretName(token.slice(PREFIX.length), 'the name in nextToken')
}

/** The name that a page of users, roles, groups or policies begins behind. */
export function parseAccessToken(token: string): string {
  if (!token.startsWith(PREFIX)) throw invalidToken()
  return parseAccessName('the name in nextToken', token.slice(PREFIX.length))
}

/** The number that a page of versions begins behind. @throws as {@link parseSecretToken} */
export function parseVersionToken(token: string): number {
  const number = VERSION_TOKEN.exec(token)?.[1]
  if (number === undefined) throw invalidToken()
  return Number(number)
}

function invalidToken(): VaultError {
  return new VaultError('INVALID_PARAMETER', 'nextToken is not a token of an earlier page')
}
