/** Reading the head of a secret, and telling its absence from its loss. */

import { VaultError } from '@stagevault/core/errors'
import { openName } from '@stagevault/core/records/index-records'
import { headKey, nameKey } from '@stagevault/core/records/layout'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { HeadSnapshot } from './head-cache.js'
import { requireNotOlder } from './head-cache.js'
import type { Session } from '../session/session.js'

/** The keys that {@link headOf} takes the values of, in this order. */
export function headKeys(secretName: string): readonly [head: string, name: string] {
  return [headKey(secretName), nameKey(secretName)]
}

/**
 * The head in what was read at {@link headKeys}, or `null` where there is no such secret.
 *
 * @param before - what the cache knew of the secret when the read was issued
 * @throws {@link VaultError} `RECORD_MISSING` when the head is gone but its name is taken;
 *   `ROLLBACK_DETECTED` for an earlier one than `before`; other codes of the integrity group for
 *   a head that was changed.
 */
export function headOf(
  session: Session,
  secretName: string,
  before: SecretState | null,
  head: Uint8Array | null,
  name: Uint8Array | null,
): HeadSnapshot | null {
  if (head !== null) {
    const found = session.heads.open(secretName, head)
    requireNotOlder(before, found.state)
    return found
  }
  if (name === null) return null
  openName(session.keys.records, secretName, name)
  throw new VaultError('RECORD_MISSING', `the head of secret ${secretName} is missing`)
}

/**
 * The head of a secret as it is stored now, or `null`. Its name record is read only where there is
 * no head, and then together with it: both come from one point in time.
 *
 * @throws {@link VaultError} `ROLLBACK_DETECTED` and as {@link headOf}
 */
export async function readHead(
  session: Session,
  secretName: string,
): Promise<HeadSnapshot | null> {
  const before = session.heads.guess(secretName)
  const [found = null] = await session.storage.read([headKey(secretName)])
  if (found !== null) return headOf(session, secretName, before, found, null)
  const [head = null, name = null] = await session.storage.read(headKeys(secretName))
  return headOf(session, secretName, before, head, name)
}
