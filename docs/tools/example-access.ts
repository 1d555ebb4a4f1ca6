/** Access records, their list and their root that the vectors start from. */

import type { AccessRecord, UserRecord } from '@stagevault/core/records/access-records'
import { sealAccessRecord } from '@stagevault/core/records/access-records'
import type { AccessList } from '@stagevault/core/records/access-root'
import { accessRecordKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { recordTag } from '@stagevault/core/records/record-frame'

/** The longest name, with every character that is not a letter or a digit. */
export const LONG_ACCESS_NAME: string = 'n_.@-'.padEnd(64, 'N0')

export const POLICY_DOCUMENT: string = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'kms:GetSecretValue', Resource: '*' }],
})

export const SECRET_POLICY_DOCUMENT: string = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Principal: { RAM: 'acs:ram::test-account:user/ada' },
    },
  ],
})

export const USER: UserRecord = {
  kind: 'user',
  name: 'ada',
  generation: 2,
  description: 'Ops',
  isEnabled: true,
  groups: ['developers', 'operators'],
  policies: ['read-secrets'],
}

/** One record of each kind, in the order of their keys. */
export const ACCESS_RECORDS: readonly AccessRecord[] = [
  {
    kind: 'group',
    name: 'developers',
    generation: 1,
    description: '',
    policies: ['read-secrets'],
  },
  { kind: 'group', name: 'operators', generation: 1, description: '', policies: [] },
  {
    kind: 'policy',
    name: 'read-secrets',
    generation: 4,
    description: 'Lesen f\u00fcr alle',
    document: POLICY_DOCUMENT,
  },
  {
    kind: 'role',
    name: 'ci',
    generation: 1,
    description: '',
    isEnabled: false,
    policies: ['read-secrets'],
  },
  USER,
]

export function keyOf({ kind, name }: Pick<AccessRecord, 'kind' | 'name'>): string {
  return accessRecordKey(kind, name)
}

/** The records as they are stored, by key. */
export function sealedRecords(
  keys: RecordKeys,
  records: readonly AccessRecord[],
): ReadonlyMap<string, Uint8Array> {
  return new Map(records.map((record) => [keyOf(record), sealAccessRecord(keys, record)]))
}

/** The list that names these records. */
export function listOf(records: ReadonlyMap<string, Uint8Array>): AccessList {
  return new Map([...records].map(([key, record]) => [key, recordTag(record)]))
}
