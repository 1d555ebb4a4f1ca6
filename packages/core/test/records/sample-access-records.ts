/** Codecs of the access records, of what pins them, and of the policies of secrets. */

import fc from 'fast-check'
import type {
  AccessRecord,
  GroupRecord,
  PolicyRecord,
  RoleRecord,
  UserRecord,
} from '@stagevault/core/records/access-records'
import { openAccessRecord, sealAccessRecord } from '@stagevault/core/records/access-records'
import type { AccessRoot } from '@stagevault/core/records/access-root'
import {
  openAccessList,
  openAccessRoot,
  sealAccessList,
  sealAccessRoot,
} from '@stagevault/core/records/access-root'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  POLICY_GENERATION_MAX,
  accessRecordKey,
  policyKey,
} from '@stagevault/core/records/layout'
import { openSecretPolicy, sealSecretPolicy } from '@stagevault/core/records/secret-policy'
import { anyWellFormedText } from '../support/arbitrary-text.js'
import { TEST_KEYS } from '../support/record-keys.js'
import type { Codec } from './codec.js'
import { bytes, plain } from './codec.js'

const CHARSET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-'
const name = fc.string({
  unit: fc.constantFrom(...Array.from(CHARSET)),
  minLength: 1,
  maxLength: 64,
})
const names = fc.uniqueArray(name, { maxLength: 10 }).map((list) => list.sort())
const generation = fc.oneof(
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(1, Number.MAX_SAFE_INTEGER),
)
const description = anyWellFormedText(256)
const document = anyWellFormedText(500)
const common = { name, generation, description }

function accessRecord<Kind extends AccessRecord>(
  codecName: string,
  facts: fc.Arbitrary<Kind>,
): Codec<Kind> {
  return {
    name: codecName,
    facts,
    place: (record) => accessRecordKey(record.kind, record.name),
    seal: (record) => sealAccessRecord(TEST_KEYS, record),
    open: (bytesOf, record) => openAccessRecord(TEST_KEYS, record.kind, record.name, bytesOf),
    end: 'mac',
  }
}

const user = accessRecord<UserRecord>(
  'access record of a user',
  plain<UserRecord>({
    kind: fc.constant('user'),
    ...common,
    isEnabled: fc.boolean(),
    groups: names,
    policies: names,
  }),
)

const role = accessRecord<RoleRecord>(
  'access record of a role',
  plain<RoleRecord>({
    kind: fc.constant('role'),
    ...common,
    isEnabled: fc.boolean(),
    policies: names,
  }),
)

const group = accessRecord<GroupRecord>(
  'access record of a group',
  plain<GroupRecord>({ kind: fc.constant('group'), ...common, policies: names }),
)

const policy = accessRecord<PolicyRecord>(
  'access record of a policy',
  plain<PolicyRecord>({ kind: fc.constant('policy'), ...common, document }),
)

const accessRoot: Codec<AccessRoot> = {
  name: 'access root',
  facts: plain<AccessRoot>({ generation, listTag: bytes(16) }),
  place: () => ACCESS_KEY,
  seal: (facts) => sealAccessRoot(TEST_KEYS, facts),
  open: (record) => openAccessRoot(TEST_KEYS, record),
  end: 'mac',
}

const keys = fc
  .tuple(fc.constantFrom('user', 'role', 'group', 'policy'), name)
  .map(([kind, each]) => accessRecordKey(kind, each))

/** As rows, so that their order is compared too. */
const accessList: Codec<readonly (readonly [string, Uint8Array])[]> = {
  name: 'access list',
  facts: fc
    .uniqueArray(fc.tuple(keys, bytes(16)), { maxLength: 12, selector: ([key]) => key })
    .map((rows) => rows.sort(([a], [b]) => (a < b ? -1 : 1))),
  place: () => ACCESS_LIST_KEY,
  seal: (rows) => sealAccessList(TEST_KEYS, new Map(rows)),
  open: (record) => [...openAccessList(TEST_KEYS, record)],
  end: 'mac',
}

interface SecretPolicyFacts {
  readonly secretId: Uint8Array
  readonly generation: number
  readonly document: string
}

const secretPolicy: Codec<SecretPolicyFacts> = {
  name: 'policy of a secret',
  facts: plain<SecretPolicyFacts>({
    secretId: bytes(16),
    generation: fc.integer({ min: 1, max: POLICY_GENERATION_MAX }),
    document,
  }),
  place: (facts) => policyKey(facts.secretId, facts.generation),
  seal: (facts) => sealSecretPolicy(TEST_KEYS, facts.secretId, facts.generation, facts.document),
  open: (record, facts) => ({
    secretId: facts.secretId,
    generation: facts.generation,
    document: openSecretPolicy(TEST_KEYS, facts.secretId, facts.generation, record),
  }),
  end: 'mac',
}

export const ACCESS_CODECS: readonly unknown[] = [
  user,
  role,
  group,
  policy,
  accessRoot,
  accessList,
  secretPolicy,
]
