/** Cases of a vault with access records and policies: what a store can do to it. */

import { sealAccessRecord } from '@stagevault/core/records/access-records'
import {
  openAccessList,
  sealAccessList,
  sealAccessRoot,
} from '@stagevault/core/records/access-root'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  ROOT_KEY,
  accessRecordKey,
  headKey,
  policyKey,
} from '@stagevault/core/records/layout'
import { sealSecretPolicy } from '@stagevault/core/records/secret-policy'
import { sealRoot } from '@stagevault/core/records/vault-root'
import type { AccessVault } from './access-vault.js'
import {
  ACCESS_GENERATION,
  FREED_NAME,
  POLICED_NAME,
  POLICY_GENERATION,
  REMOVAL_GENERATION,
} from './access-vault.js'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { POLICY_DOCUMENT, USER, keyOf } from './example-access.js'
import { flipped } from './example-vault.js'
import { namedBytes } from './named-bytes.js'
import type { Changes } from './told-changes.js'
import { changed, headOf, rootOf } from './told-changes.js'
import { recordAt } from './vault-content.js'

const READ = 'read-access'
const MISSING = 'RECORD_MISSING'
const MISMATCH = 'RECORD_MISMATCH'
const FAILED = 'DECRYPTION_FAILED'

export function accessCases(vault: AccessVault): DraftCase[] {
  return [
    accept('LAY-3', 'opening a vault with access records', 'open', {}),
    accept('LAY-5', 'a secret with a policy', 'get', { secretName: POLICED_NAME }),
    accept('LAY-22', 'reading the access records and the policies', READ, {}),
    ...rootFaults(vault),
    ...recordFaults(vault),
    ...policyFaults(vault),
    ...admittedRollbacks(vault),
  ]
}

function faulty(rule: string, what: string, changes: Changes, expect: string): DraftCase {
  return reject(rule, `access: ${what}`, READ, changed(changes), expect)
}

function rootFaults({ told, formerAccess }: AccessVault): DraftCase[] {
  const { keys, records } = told
  const [root, list] = [recordAt(records, ACCESS_KEY), recordAt(records, ACCESS_LIST_KEY)]
  const former = (...places: readonly string[]): Changes =>
    Object.fromEntries(places.map((key) => [key, formerAccess[key] ?? null]))
  const otherRoot = sealAccessRoot(keys, {
    generation: ACCESS_GENERATION,
    listTag: namedBytes('another list', 16),
  })
  const shorter = [...openAccessList(keys, list)].filter(([key]) => key !== keyOf(USER))
  const of = (what: string, changes: Changes, expect: string): DraftCase =>
    faulty('LAY-22', what, changes, expect)
  return [
    of('no access root', { [ACCESS_KEY]: null }, MISSING),
    of('no access list', { [ACCESS_LIST_KEY]: null }, MISSING),
    of('an earlier access root', former(ACCESS_KEY), MISMATCH),
    of('an earlier access root with its list', former(ACCESS_KEY, ACCESS_LIST_KEY), MISMATCH),
    of(
      'an earlier access root with its list and its records',
      former(ACCESS_KEY, ACCESS_LIST_KEY, keyOf(USER)),
      MISMATCH,
    ),
    of('another access root of the same generation', { [ACCESS_KEY]: otherRoot }, MISMATCH),
    of('an earlier list', former(ACCESS_LIST_KEY), MISMATCH),
    of(
      'a list that lacks a record',
      { [ACCESS_LIST_KEY]: sealAccessList(keys, new Map(shorter)) },
      MISMATCH,
    ),
    faulty('LAY-25', 'access records that the root does not pin', unpinned(told), MISMATCH),
    faulty(
      'LAY-25',
      'an access root that the root does not pin',
      { ...unpinned(told), ...without([...records.keys()].filter(isAccessKey)) },
      MISMATCH,
    ),
    faulty('REC-3', 'a bit of the access root', { [ACCESS_KEY]: flipped(root, 12) }, FAILED),
    faulty('REC-3', 'a bit of the list', { [ACCESS_LIST_KEY]: flipped(list, 40) }, FAILED),
    // The tag is in the first half.
    faulty('REC-3', 'the last bit of the access root', { [ACCESS_KEY]: flipped(root, -1) }, FAILED),
    faulty('REC-3', 'the last bit of the list', { [ACCESS_LIST_KEY]: flipped(list, -1) }, FAILED),
  ]
}

/** A root without section 1. */
function unpinned(told: AccessVault['told']): Changes {
  return { [ROOT_KEY]: sealRoot(told.keys, { ...rootOf(told), sections: [] }) }
}

function isAccessKey(key: string): boolean {
  return key.startsWith('access!')
}

function without(places: readonly string[]): Changes {
  return Object.fromEntries(places.map((key) => [key, null]))
}

function recordFaults({ told, formerAccess }: AccessVault): DraftCase[] {
  const { keys, records } = told
  const place = keyOf(USER)
  const former = formerAccess[place] ?? null
  const planted = { ...USER, name: 'eve' }
  const wider = sealAccessRecord(keys, { ...USER, policies: [] })
  return [
    faulty('LAY-23', 'a record is missing', { [place]: null }, MISSING),
    faulty('LAY-23', 'a record from before a revoke', { [place]: former }, MISMATCH),
    faulty('LAY-23', 'another record of the same generation', { [place]: wider }, MISMATCH),
    faulty(
      'LAY-25',
      'a record that the list does not name',
      { [keyOf(planted)]: sealAccessRecord(keys, planted) },
      MISMATCH,
    ),
    faulty(
      'REC-3',
      'the record of a role in the place of a user',
      { [place]: recordAt(records, accessRecordKey('role', 'ci')) },
      FAILED,
    ),
    faulty(
      'REC-3',
      'the last bit of a record',
      { [place]: flipped(recordAt(records, place), -1) },
      FAILED,
    ),
  ]
}

function policyFaults({ told, formerPolicy }: AccessVault): DraftCase[] {
  const { keys, records } = told
  const { secretId } = headOf(told, POLICED_NAME)
  const freedId = headOf(told, FREED_NAME).secretId
  const place = policyKey(secretId, POLICY_GENERATION)
  const formerPlace = policyKey(secretId, POLICY_GENERATION - 1)
  const record = recordAt(records, place)
  const former = formerPolicy[formerPlace] ?? null
  const sealed = (id: Uint8Array, generation: number): Changes => ({
    [policyKey(id, generation)]: sealSecretPolicy(keys, id, generation, POLICY_DOCUMENT),
  })
  const strangerId = namedBytes('no secret', 16)
  const of = (what: string, changes: Changes, expect: string): DraftCase =>
    faulty('LAY-24', what, changes, expect)
  const stray = (what: string, changes: Changes): DraftCase =>
    faulty('LAY-25', what, changes, MISMATCH)
  return [
    of('no policy where a head pins one', { [place]: null }, MISSING),
    of('another policy of the same generation', sealed(secretId, POLICY_GENERATION), MISMATCH),
    stray('the earlier policy next to the present one', { [formerPlace]: former }),
    of(
      'the earlier policy without the present one',
      { [formerPlace]: former, [place]: null },
      MISSING,
    ),
    stray('a policy that was removed', sealed(freedId, REMOVAL_GENERATION - 1)),
    stray('a policy of the generation of its removal', sealed(freedId, REMOVAL_GENERATION)),
    stray('a policy of no secret', sealed(strangerId, 1)),
    stray('a policy of a secret that never had one', sealed(headOf(told, '__proto__').secretId, 1)),
    faulty('REC-3', 'an earlier policy in the place of a later one', { [place]: former }, FAILED),
    faulty('REC-3', 'the last bit of a policy', { [place]: flipped(record, -1) }, FAILED),
  ]
}

/** What format 1 does not detect: see the limitations in storage-layout.md. */
function admittedRollbacks({ told, formerAccess, formerPolicy }: AccessVault): DraftCase[] {
  const accessKeys = [...told.records.keys()].filter(isAccessKey)
  const head = { [headKey(POLICED_NAME)]: formerPolicy[headKey(POLICED_NAME)] ?? null }
  return [
    accept(
      'LAY-12',
      'access: an earlier root with all access records of its time',
      READ,
      changed(formerAccess),
    ),
    accept(
      'LAY-12',
      'access: a root from before the first access record, and no access records',
      READ,
      changed({ ...unpinned(told), ...without([ACCESS_KEY, ...accessKeys]) }),
    ),
    accept('LAY-12', 'access: an earlier head with its policy', READ, changed(formerPolicy)),
    faulty('LAY-24', 'an earlier head without its policy', head, MISSING),
    faulty(
      'LAY-22',
      'an earlier root without the access records of its time',
      { [ROOT_KEY]: formerAccess[ROOT_KEY] ?? recordAt(told.records, ROOT_KEY) },
      MISMATCH,
    ),
  ]
}
