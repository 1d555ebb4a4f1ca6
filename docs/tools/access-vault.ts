/** A story's vault to which access records and policies were added. */

import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { sealAccessList, sealAccessRoot } from '@stagevault/core/records/access-root'
import { sealHead } from '@stagevault/core/records/head-record'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  ROOT_KEY,
  headKey,
  policyKey,
} from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { recordTag } from '@stagevault/core/records/record-frame'
import { sealSecretPolicy, withPolicy } from '@stagevault/core/records/secret-policy'
import { sealRoot, withAccessTag } from '@stagevault/core/records/vault-root'
import { textOf } from './case-input.js'
import {
  ACCESS_RECORDS,
  SECRET_POLICY_DOCUMENT,
  USER,
  listOf,
  sealedRecords,
} from './example-access.js'
import { accessFields } from './perform-access-records.js'
import type { Changes } from './told-changes.js'
import { headOf, rootOf } from './told-changes.js'
import type { ToldVault } from './told-vault.js'
import { recordAt } from './vault-content.js'
import type { JsonObject } from './vector-file.js'

/** The secret with a policy, and the one whose policy was removed. */
export const POLICED_NAME = 'MyDbCreds'
export const FREED_NAME = 'app/prod/api-key'

export const ACCESS_GENERATION = 7
export const POLICY_GENERATION = 3
export const REMOVAL_GENERATION = 2

export interface AccessVault {
  readonly told: ToldVault
  /** Genuine records from before the last change of the access records: a revoke. */
  readonly formerAccess: Changes
  /** The head and policy from before the last change of the policy. */
  readonly formerPolicy: Changes
}

/** The access records, and what pins them but for the root. */
export function accessRecordsOf(
  keys: RecordKeys,
  records: readonly AccessRecord[],
  generation: number,
): ReadonlyMap<string, Uint8Array> {
  const sealed = sealedRecords(keys, records)
  const list = sealAccessList(keys, listOf(sealed))
  const root = sealAccessRoot(keys, { generation, listTag: recordTag(list) })
  return new Map([[ACCESS_KEY, root], [ACCESS_LIST_KEY, list], ...sealed])
}

/** A root of the next commit, which pins the access root among these records. */
function rootWith(
  told: ToldVault,
  access: ReadonlyMap<string, Uint8Array>,
  later: number,
): Uint8Array {
  const root = rootOf(told)
  const sections = withAccessTag(root.sections, recordTag(recordAt(access, ACCESS_KEY)))
  return sealRoot(told.keys, { ...root, epoch: root.epoch + later, sections })
}

function nextHead(told: ToldVault, secretName: string): SecretState {
  const head = headOf(told, secretName)
  const record = recordAt(told.records, headKey(secretName))
  return {
    ...head,
    generation: head.generation + 1,
    previousHeadHash: noblePrimitives.sha256(record),
  }
}

/** The user before the revoke. */
const FORMER_USER: AccessRecord = {
  ...USER,
  generation: USER.generation - 1,
  policies: [...USER.policies, 'write-secrets'],
}

export function accessVault(told: ToldVault): AccessVault {
  const { keys } = told
  const earlier = ACCESS_RECORDS.map((record) => (record === USER ? FORMER_USER : record))
  const former = accessRecordsOf(keys, earlier, ACCESS_GENERATION - 1)
  const access = accessRecordsOf(keys, ACCESS_RECORDS, ACCESS_GENERATION)
  const head = nextHead(told, POLICED_NAME)
  const freed = nextHead(told, FREED_NAME)
  const policyOf = (generation: number): Uint8Array =>
    sealSecretPolicy(
      keys,
      head.secretId,
      generation,
      generation === POLICY_GENERATION ? SECRET_POLICY_DOCUMENT : '{"Version":"1"}',
    )
  const headWith = (generation: number): Uint8Array =>
    sealHead(keys, withPolicy(head, generation, policyOf(generation)))
  const [place, formerPlace] = [POLICY_GENERATION, POLICY_GENERATION - 1].map((generation) =>
    policyKey(head.secretId, generation),
  ) as [string, string]
  const records = new Map([
    ...told.records,
    ...access,
    [ROOT_KEY, rootWith(told, access, 1)],
    [headKey(POLICED_NAME), headWith(POLICY_GENERATION)],
    [headKey(FREED_NAME), sealHead(keys, withPolicy(freed, REMOVAL_GENERATION, null))],
    [place, policyOf(POLICY_GENERATION)],
  ])
  const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    told: { ...told, records: new Map(sorted) },
    formerAccess: { ...Object.fromEntries(former), [ROOT_KEY]: rootWith(told, former, 0) },
    formerPolicy: {
      [headKey(POLICED_NAME)]: headWith(POLICY_GENERATION - 1),
      [formerPlace]: policyOf(POLICY_GENERATION - 1),
      [place]: null,
    },
  }
}

/** Like the values, it comes from what was written and not from the records. */
export function withAccessContent(content: JsonObject): JsonObject {
  const policies = new Map<string, JsonObject>([
    [POLICED_NAME, { generation: POLICY_GENERATION, document: SECRET_POLICY_DOCUMENT }],
    [FREED_NAME, { generation: REMOVAL_GENERATION, document: null }],
  ])
  const secrets = (content['secrets'] as readonly JsonObject[]).map((secret) => {
    const policy = policies.get(textOf(secret, 'secretName'))
    return policy === undefined ? secret : { ...secret, policy }
  })
  const records = ACCESS_RECORDS.map((record) => ({ name: record.name, ...accessFields(record) }))
  return { ...content, access: { generation: ACCESS_GENERATION, records }, secrets }
}
