/** Reads and lists users, roles, groups and policies. */

import { entityNotFound } from '@stagevault/core/access/access-entries'
import { principalArn } from '@stagevault/core/access/principal'
import { formatPageToken } from '@stagevault/core/model/listing'
import type {
  AccessRecord,
  GroupRecord,
  PolicyRecord,
  RoleRecord,
  UserRecord,
} from '@stagevault/core/records/access-records'
import { accessRecordKey, parseAccessRecordKey } from '@stagevault/core/records/layout'
import type { EntityRequest, ListEntities } from '@stagevault/core/request/access-requests'
import type { StorageKey } from '@stagevault/storage'
import type {
  GetPolicyResult,
  GroupInfo,
  ListGroupsResult,
  ListPoliciesResult,
  ListRolesResult,
  ListUsersResult,
  PolicyInfo,
  RoleInfo,
  UserInfo,
} from '../api/access-results.js'
import type { AccessState } from '../policy/access-state.js'
import { readAccess, readChosen } from '../policy/read-access.js'
import type { Session } from '../session/session.js'

export async function getUser(session: Session, request: EntityRequest<'user'>): Promise<UserInfo> {
  return toUser(session, await getRecord<UserRecord>(session, request))
}

export async function getRole(session: Session, request: EntityRequest<'role'>): Promise<RoleInfo> {
  return toRole(session, await getRecord<RoleRecord>(session, request))
}

export async function getGroup(
  session: Session,
  request: EntityRequest<'group'>,
): Promise<GroupInfo> {
  return toGroup(session, await getRecord<GroupRecord>(session, request))
}

export async function getPolicy(
  session: Session,
  request: EntityRequest<'policy'>,
): Promise<GetPolicyResult> {
  const record = await getRecord<PolicyRecord>(session, request)
  return { ...toPolicy(session, record), policy: record.document }
}

async function getRecord<Found extends AccessRecord>(
  session: Session,
  { kind, name, signal }: EntityRequest<Found['kind']>,
): Promise<Found> {
  signal?.throwIfAborted()
  const key = accessRecordKey(kind, name)
  const snapshot = await readAccess(session, [key], signal)
  const record = snapshot.get(key)
  if (record === null) throw entityNotFound(kind, name)
  return record as Found
}

export async function listUsers(session: Session, request: ListEntities): Promise<ListUsersResult> {
  const { records, next } = await listRecords<UserRecord>(session, request)
  return { users: records.map((record) => toUser(session, record)), ...next }
}

export async function listRoles(session: Session, request: ListEntities): Promise<ListRolesResult> {
  const { records, next } = await listRecords<RoleRecord>(session, request)
  return { roles: records.map((record) => toRole(session, record)), ...next }
}

export async function listGroups(
  session: Session,
  request: ListEntities,
): Promise<ListGroupsResult> {
  const { records, next } = await listRecords<GroupRecord>(session, request)
  return { groups: records.map((record) => toGroup(session, record)), ...next }
}

export async function listPolicies(
  session: Session,
  request: ListEntities,
): Promise<ListPoliciesResult> {
  const { records, next } = await listRecords<PolicyRecord>(session, request)
  return { policies: records.map((record) => toPolicy(session, record)), ...next }
}

interface ListedRecords<Listed> {
  readonly records: readonly Listed[]
  readonly next: { readonly nextToken?: string }
}

/** A page of the keys in the list of access records, which shows also what is missing. */
async function listRecords<Listed extends AccessRecord>(
  session: Session,
  request: ListEntities,
): Promise<ListedRecords<Listed>> {
  const { pageSize, signal } = request
  signal?.throwIfAborted()
  const { chosen, snapshot } = await readChosen(
    session,
    (state) => keysBehind(state, request).slice(0, pageSize),
    signal,
  )
  const last = chosen.at(-1)
  const hasMore = keysBehind(snapshot.state, request).length > chosen.length
  return {
    // The choice is of keys that the list names, so each has a record.
    records: chosen.flatMap((key) => snapshot.get(key) ?? []) as AccessRecord[] as Listed[],
    next: hasMore && last !== undefined ? { nextToken: formatPageToken(nameIn(last)) } : {},
  }
}

function keysBehind({ list }: AccessState, { kind, after }: ListEntities): StorageKey[] {
  const prefix = accessRecordKey(kind, '')
  const start = accessRecordKey(kind, after ?? '')
  return [...list.keys()].filter((key) => key.startsWith(prefix) && key > start)
}

function nameIn(key: StorageKey): string {
  return parseAccessRecordKey(key)?.name ?? ''
}

function commonOf(
  session: Session,
  { description, generation }: AccessRecord,
): Pick<UserInfo, 'description' | 'generation' | 'isUnproved'> {
  return { description, generation, ...(session.isUnproved ? { isUnproved: true } : {}) }
}

function arnOf({ scope }: Session, { kind, name }: UserRecord | RoleRecord): string {
  return principalArn({ kind, name, accountId: scope.accountId })
}

function toUser(session: Session, record: UserRecord): UserInfo {
  return {
    userName: record.name,
    arn: arnOf(session, record),
    isEnabled: record.isEnabled,
    groups: [...record.groups],
    policies: [...record.policies],
    ...commonOf(session, record),
  }
}

function toRole(session: Session, record: RoleRecord): RoleInfo {
  return {
    roleName: record.name,
    arn: arnOf(session, record),
    isEnabled: record.isEnabled,
    policies: [...record.policies],
    ...commonOf(session, record),
  }
}

function toGroup(session: Session, record: GroupRecord): GroupInfo {
  return {
    groupName: record.name,
    policies: [...record.policies],
    ...commonOf(session, record),
  }
}

function toPolicy(session: Session, record: PolicyRecord): PolicyInfo {
  return { policyName: record.name, ...commonOf(session, record) }
}
