/** Principals in secret policies: users, roles or everyone of an account, by ARN (PDOC-5). */

import { member, objectAt, textsAt } from './policy-fields.js'
import type { JsonValue } from './policy-json.js'
import { invalidPolicy, pointerTo } from './policy-json.js'
import type { PrincipalPattern } from './policy.js'
import { isPrincipalName } from './principal.js'

const PRINCIPAL_RULE =
  'must be acs:ram::<account>:user/<name>, acs:ram::<account>:role/<name> or acs:ram::<account>:*'

/** @throws {@link VaultError} `INVALID_PARAMETER` */
export function readPrincipals(value: JsonValue, place: string): readonly PrincipalPattern[] {
  const ram = member(objectAt(value, place, ['RAM']), place, 'RAM')
  return textsAt(ram, pointerTo(place, 'RAM')).map(([text, textPlace]) => {
    const principal = readPrincipal(text)
    if (principal === null) throw invalidPolicy(textPlace, PRINCIPAL_RULE)
    return principal
  })
}

function readPrincipal(text: string): PrincipalPattern | null {
  const [acs, service, region, accountId = '', named, ...more] = text.split(':')
  const isArn = acs === 'acs' && service === 'ram' && region === '' && more.length === 0
  if (!isArn || named === undefined || !isPrincipalName(accountId)) return null
  if (named === '*') return { kind: 'account', accountId }
  if (named === 'root') return { kind: 'root', accountId }
  const kind = named.slice(0, 4)
  const name = named.slice(5)
  if ((kind !== 'user' && kind !== 'role') || named[4] !== '/') return null
  return isPrincipalName(name) ? { kind, accountId, name } : null
}
