import type { SecretState } from '@stagevault/core/model/secret-state'
import type { PolicyPin } from '@stagevault/core/records/secret-policy'
import { openSecretPolicy } from '@stagevault/core/records/secret-policy'
import type { Session } from '../session/session.js'
import { openPinned } from './pinned-record.js'

/**
 * The document in the record of a secret's policy.
 *
 * @throws {@link VaultError} a code of the integrity group
 */
export function openPolicy(
  { keys }: Pick<Session, 'keys'>,
  { secretId, secretName }: SecretState,
  { generation, tag }: PolicyPin,
  record: Uint8Array | null,
): string {
  return openPinned(`the policy of secret ${secretName}`, tag, record, (bytes) =>
    openSecretPolicy(keys.records, secretId, generation, bytes),
  )
}
