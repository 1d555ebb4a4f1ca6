/**
 * Requests about users, roles, groups and policies. A policy document is taken as text here; what
 * it says is checked by `readPolicy`, before anything is read or changed.
 */

import type { ArnScope } from '../arn.js'
import { ACCESS_DESCRIPTION_CHARS_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../limits.js'
import { parseAccessToken } from '../model/listing.js'
import { parseAccessName } from '../names.js'
import type { AccessRecordKind } from '../records/layout.js'
import type { AbortSignalLike, Fields, SecretRequest } from './request-fields.js'
import {
  invalid,
  optionalBoundedText,
  optionalFlag,
  optionalInteger,
  optionalSignal,
  optionalText,
  readFields,
  secretNameOf,
  text,
} from './request-fields.js'

/** What may be enabled and disabled. */
export type PrincipalKind = 'user' | 'role'
/** What a policy may be attached to. */
export type HolderKind = PrincipalKind | 'group'

/** A user, role, group or policy, by kind and name. */
export interface EntityId<Kind extends AccessRecordKind = AccessRecordKind> {
  readonly kind: Kind
  readonly name: string
}

/** A request that names one of them. */
export interface EntityRequest<
  Kind extends AccessRecordKind = AccessRecordKind,
> extends EntityId<Kind> {
  readonly signal: AbortSignalLike | null
}

/** A request that names one of them and nothing else, by `userName`, `roleName` and so on. */
export function parseEntityRequest<Kind extends AccessRecordKind>(
  operation: string,
  kind: Kind,
  input: unknown,
): EntityRequest<Kind> {
  return entityOf(kind, readFields(operation, input, [nameField(kind), 'signal']))
}

export interface CreateEntity extends EntityRequest<HolderKind> {
  readonly description: string
}

export function parseCreateEntity(
  operation: string,
  kind: HolderKind,
  input: unknown,
): CreateEntity {
  const fields = readFields(operation, input, [nameField(kind), 'description', 'signal'])
  return { ...entityOf(kind, fields), description: descriptionOf(fields) }
}

export interface CreatePolicy extends EntityRequest<'policy'> {
  readonly description: string
  readonly document: string
}

export function parseCreatePolicy(input: unknown): CreatePolicy {
  const known = ['policyName', 'policy', 'description', 'signal']
  const fields = readFields('createPolicy', input, known)
  return {
    ...entityOf('policy', fields),
    document: text(fields, 'policy'),
    description: descriptionOf(fields),
  }
}

export interface UpdatePolicy extends EntityRequest<'policy'> {
  readonly document: string
  /** The generation that the policy must have, or `null` for any. */
  readonly expectedGeneration: number | null
}

export function parseUpdatePolicy(input: unknown): UpdatePolicy {
  const known = ['policyName', 'policy', 'expectedGeneration', 'signal']
  const fields = readFields('updatePolicy', input, known)
  const max = Number.MAX_SAFE_INTEGER
  return {
    ...entityOf('policy', fields),
    document: text(fields, 'policy'),
    expectedGeneration: optionalInteger(fields, 'expectedGeneration', 1, max),
  }
}

export interface DeleteEntity extends EntityRequest {
  /** Whether to end the attachments and memberships of the entity, which otherwise keep it. */
  readonly detach: boolean
}

export function parseDeleteEntity(
  operation: string,
  kind: AccessRecordKind,
  input: unknown,
): DeleteEntity {
  const fields = readFields(operation, input, [nameField(kind), 'detach', 'signal'])
  return { ...entityOf(kind, fields), detach: optionalFlag(fields, 'detach') }
}

export interface SetEnabled extends EntityRequest<PrincipalKind> {
  readonly isEnabled: boolean
}

export function parseSetEnabled(
  operation: string,
  kind: PrincipalKind,
  input: unknown,
): SetEnabled {
  const fields = readFields(operation, input, [nameField(kind), 'enabled', 'signal'])
  const isEnabled = fields.get('enabled')
  if (typeof isEnabled !== 'boolean') throw new TypeError('enabled must be a boolean')
  return { ...entityOf(kind, fields), isEnabled }
}

export interface Membership {
  readonly userName: string
  readonly groupName: string
  readonly signal: AbortSignalLike | null
}

export function parseMembership(operation: string, input: unknown): Membership {
  const fields = readFields(operation, input, ['userName', 'groupName', 'signal'])
  return {
    userName: nameOf('user', fields),
    groupName: nameOf('group', fields),
    signal: optionalSignal(fields),
  }
}

export interface Attachment {
  readonly policyName: string
  readonly holder: EntityId<HolderKind>
  readonly signal: AbortSignalLike | null
}

const HOLDER_KINDS: readonly HolderKind[] = ['user', 'role', 'group']

/** @param side - the option that names whom the policy is attached to, or detached from */
export function parseAttachment(
  operation: string,
  side: 'to' | 'from',
  input: unknown,
): Attachment {
  const fields = readFields(operation, input, ['policyName', side, 'signal'])
  return {
    policyName: nameOf('policy', fields),
    holder: holderOf(side, fields.get(side)),
    signal: optionalSignal(fields),
  }
}

function holderOf(side: string, input: unknown): EntityId<HolderKind> {
  const fields = readFields(side, input, ['kind', 'name'])
  const given = text(fields, 'kind')
  const kind = HOLDER_KINDS.find((candidate) => candidate === given)
  if (kind === undefined) {
    throw invalid(`the kind in ${side} must be one of ${HOLDER_KINDS.join(', ')}`)
  }
  return { kind, name: parseAccessName(`the name in ${side}`, text(fields, 'name')) }
}

export interface ListEntities {
  readonly kind: AccessRecordKind
  readonly pageSize: number
  /** The name that the page begins behind, or `null` for the first page. */
  readonly after: string | null
  readonly signal: AbortSignalLike | null
}

export function parseListEntities(
  operation: string,
  kind: AccessRecordKind,
  input: unknown,
): ListEntities {
  const fields = readFields(operation, input, ['pageSize', 'nextToken', 'signal'])
  const token = optionalText(fields, 'nextToken')
  return {
    kind,
    pageSize: optionalInteger(fields, 'pageSize', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_DEFAULT,
    after: token === null ? null : parseAccessToken(token),
    signal: optionalSignal(fields),
  }
}

/** The one policy that a secret can have (cloud API, SetSecretPolicy). */
export const SECRET_POLICY_NAME = 'default'

export interface SetSecretPolicy extends SecretRequest {
  readonly document: string
}

export function parseSetSecretPolicy(input: unknown, scope: ArnScope): SetSecretPolicy {
  const known = ['secretName', 'policyName', 'policy', 'signal']
  const fields = readFields('setSecretPolicy', input, known)
  return { ...secretPolicyOf(fields, scope), document: text(fields, 'policy') }
}

export function parseGetSecretPolicy(input: unknown, scope: ArnScope): SecretRequest {
  const known = ['secretName', 'policyName', 'signal']
  return secretPolicyOf(readFields('getSecretPolicy', input, known), scope)
}

function secretPolicyOf(fields: Fields, scope: ArnScope): SecretRequest {
  const policyName = optionalText(fields, 'policyName') ?? SECRET_POLICY_NAME
  if (policyName !== SECRET_POLICY_NAME) {
    throw invalid(`the policyName of a secret's policy must be ${SECRET_POLICY_NAME}`)
  }
  return { secretName: secretNameOf(fields, scope), signal: optionalSignal(fields) }
}

function nameField(kind: AccessRecordKind): string {
  return `${kind}Name`
}

function nameOf(kind: AccessRecordKind, fields: Fields): string {
  const field = nameField(kind)
  return parseAccessName(field, text(fields, field))
}

function entityOf<Kind extends AccessRecordKind>(kind: Kind, fields: Fields): EntityRequest<Kind> {
  return { kind, name: nameOf(kind, fields), signal: optionalSignal(fields) }
}

function descriptionOf(fields: Fields): string {
  return optionalBoundedText(fields, 'description', ACCESS_DESCRIPTION_CHARS_MAX) ?? ''
}
