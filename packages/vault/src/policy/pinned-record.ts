import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { recordTag } from '@stagevault/core/records/record-frame'

/**
 * The content of a record whose tag another record holds.
 *
 * @param what - the name of the record in messages
 * @param open - authenticates and decodes the record
 * @throws {@link VaultError} `RECORD_MISSING`; `RECORD_MISMATCH` for another record of the same
 *   storage key, such as an earlier one; other codes of the integrity group
 */
export function openPinned<T>(
  what: string,
  tag: Uint8Array,
  record: Uint8Array | null,
  open: (record: Uint8Array) => T,
): T {
  if (record === null) throw new VaultError('RECORD_MISSING', `${what} is missing`)
  const content = open(record)
  if (equalBytes(recordTag(record), tag)) return content
  throw new VaultError('RECORD_MISMATCH', `${what} is authentic, but not the current one`)
}
