/** Those who use a vault through views: users and roles (POL-1a). */

import type { PrincipalPattern } from './policy.js'

/** The user or role that a request is from. */
export interface Principal {
  readonly kind: 'user' | 'role'
  readonly name: string
  readonly accountId: string
}

const NAME_CHARS_MAX = 64
const NAME_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-'

/** Whether `text` is 1 to 64 of `A-Z a-z 0-9 _ . @ -`, as names and accounts of principals are. */
export function isPrincipalName(text: string): boolean {
  if (text.length < 1 || text.length > NAME_CHARS_MAX) return false
  for (const character of text) if (!NAME_CHARACTERS.includes(character)) return false
  return true
}

/** `acs:ram::<accountId>:user/<name>` or `acs:ram::<accountId>:role/<name>`. */
export function principalArn({ kind, name, accountId }: Principal): string {
  return `acs:ram::${accountId}:${kind}/${name}`
}

/** Whether a statement of a secret policy is about a principal; names differ by case. */
export function matchesPrincipal(pattern: PrincipalPattern, principal: Principal): boolean {
  if (pattern.accountId !== principal.accountId || pattern.kind === 'root') return false
  if (pattern.kind === 'account') return true
  return pattern.kind === principal.kind && pattern.name === principal.name
}
