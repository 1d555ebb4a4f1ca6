/** The cloud service's resource names: `acs:kms:<region>:<accountId>:secret/<secretName>`. */

import { VaultError } from './errors.js'
import { parseSecretName } from './names.js'

/** The region and account in the ARNs of a vault's secrets. */
export interface ArnScope {
  readonly region: string
  readonly accountId: string
}

const SCOPE_PATTERN = /^[A-Za-z0-9_-]{1,64}$/

/**
 * A region or account id: 1 to 64 of `[A-Za-z0-9_-]`.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function parseArnPart(what: string, text: string): string {
  if (!SCOPE_PATTERN.test(text)) {
    const rule = 'must be 1 to 64 ASCII letters, digits, _ or -'
    throw new VaultError('INVALID_PARAMETER', `${what} ${rule}`)
  }
  return text
}

/** The ARN of a secret. */
export function formatArn(scope: ArnScope, secretName: string): string {
  return `acs:kms:${scope.region}:${scope.accountId}:secret/${secretName}`
}

/**
 * The secret's name from a name or an ARN. Names cannot contain a colon, so the two cannot be
 * confused.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` for an invalid name, or the ARN of another vault
 */
export function parseNameOrArn(scope: ArnScope, text: string): string {
  if (!text.startsWith('acs:')) return parseSecretName(text)
  const prefix = formatArn(scope, '')
  if (!text.startsWith(prefix)) {
    throw new VaultError('INVALID_PARAMETER', 'secretName is an ARN, but not of this vault')
  }
  return parseSecretName(text.slice(prefix.length))
}
