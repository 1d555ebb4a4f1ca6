/** The part of `records.json` that is about section 2 of a head, which pins its policy. */

import { createByteWriter } from '@stagevault/core/bytes'
import { sealHead } from '@stagevault/core/records/head-record'
import { POLICY_GENERATION_MAX, headKey } from '@stagevault/core/records/layout'
import { sealSecretPolicy, withPolicy } from '@stagevault/core/records/secret-policy'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { SECRET_POLICY_DOCUMENT } from './example-access.js'
import { GROWN_HEAD } from './example-heads.js'
import { RECORD_KEYS, ROOT_KEY, VAULT_ID, inputOf } from './example-vault.js'
import { forgeHead } from './forge-record.js'
import { namedBytes } from './named-bytes.js'

const { secretId, secretName } = GROWN_HEAD
const GIVEN = { vaultId: VAULT_ID, rootKey: ROOT_KEY, secretName }

export function policySectionDrafts(): DraftCase[] {
  const record = sealSecretPolicy(RECORD_KEYS, secretId, 3, SECRET_POLICY_DOCUMENT)
  const taken = (what: string, generation: number, policy: Uint8Array | null): DraftCase => {
    const head = sealHead(RECORD_KEYS, withPolicy(GROWN_HEAD, generation, policy))
    return accept('REC-33', `head: ${what}`, 'open-head', inputOf({ ...GIVEN, record: head }))
  }
  const refused = (what: string, bytes: Uint8Array, flags = 0, rule = 'REC-33'): DraftCase => {
    const sections = [{ number: 2, flags, bytes }]
    const head = forgeHead(headKey(secretName), GROWN_HEAD, { sections })
    const input = inputOf({ ...GIVEN, record: head })
    return reject(rule, `head: ${what}`, 'open-head', input, 'MALFORMED_RECORD')
  }
  return [
    taken('with a policy', 3, record),
    taken('with a policy of the greatest generation', POLICY_GENERATION_MAX, record),
    taken('with a policy that was removed', 4, null),
    refused('a policy section without bytes', new Uint8Array(0)),
    refused('a policy section without a tag', sectionBytes(3, 0)),
    refused('a policy tag of 15 bytes', sectionBytes(3, 15)),
    refused('a policy tag of 17 bytes', sectionBytes(3, 17)),
    refused('a policy of generation 0', sectionBytes(0)),
    refused('a policy of generation 2^48', sectionBytes(2 ** 48)),
    refused('a policy of generation 2^53', sectionBytes(2 ** 53), 0, 'FMT-1'),
    refused('a policy section that may be skipped', sectionBytes(3), 1),
  ]
}

function sectionBytes(generation: number, tagBytes = 16): Uint8Array {
  const writer = createByteWriter()
  writer.u64(generation)
  writer.bytes(namedBytes('policy tag', tagBytes))
  return writer.take()
}
