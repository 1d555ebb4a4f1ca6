/** Requests about metadata, names, deletion and passwords. */

import type { ArnScope } from '../arn.js'
import {
  CUSTOM_DATA_PAIRS_MAX,
  DESCRIPTION_CHARS_MAX,
  EXCLUDE_CHARACTERS_MAX,
  EXTENDED_CONFIG_CHARS_MAX,
  PASSWORD_CHARS_DEFAULT,
  PASSWORD_CHARS_MAX,
  PASSWORD_CHARS_MIN,
  RECOVERY_WINDOW_DAYS_DEFAULT,
  RECOVERY_WINDOW_DAYS_MAX,
  RECOVERY_WINDOW_DAYS_MIN,
  TAGS_MAX,
  TAG_CHARS_MAX,
} from '../limits.js'
import { parseNewSecretName } from '../names.js'
import type { PasswordRequest } from '../model/random-password.js'
import type { Fields, SecretRequest } from './request-fields.js'
import {
  asText,
  invalid,
  list,
  optionalBoundedText,
  optionalFlag,
  optionalInteger,
  optionalList,
  optionalSignal,
  readFields,
  requireDistinct,
  secretNameOf,
  text,
} from './request-fields.js'
import type { Tag } from '../model/secret-state.js'
import { encodeText } from '../text.js'

/** A request that names a secret and nothing else. */
export function parseSecretRequest(
  operation: string,
  input: unknown,
  scope: ArnScope,
): SecretRequest {
  const fields = readFields(operation, input, ['secretName', 'signal'])
  return { secretName: secretNameOf(fields, scope), signal: optionalSignal(fields) }
}

export interface UpdateSecret extends SecretRequest {
  readonly description: string | null
  /** The new `customData`, or `null` to leave it. */
  readonly customData: Readonly<Record<string, string>> | null
}

export function parseUpdateSecret(input: unknown, scope: ArnScope): UpdateSecret {
  const fields = readFields('updateSecret', input, [
    'secretName',
    'description',
    'customData',
    'signal',
  ])
  const customData = fields.get('customData')
  const request: UpdateSecret = {
    secretName: secretNameOf(fields, scope),
    description: optionalBoundedText(fields, 'description', DESCRIPTION_CHARS_MAX),
    customData: customData === undefined ? null : parsePairs('customData', customData),
    signal: optionalSignal(fields),
  }
  if (request.description === null && request.customData === null) {
    throw invalid('updateSecret takes a description, customData, or both')
  }
  return request
}

/** The secret's `extendedConfig` with its `customData` replaced. */
export function replaceCustomData(
  extendedConfig: string,
  customData: Readonly<Record<string, string>>,
): string {
  const before = extendedConfig === '' ? {} : (JSON.parse(extendedConfig) as object)
  return formatConfig({ ...before, customData })
}

/** `extendedConfig` as the JSON the head keeps; the empty string where none is given. */
export function parseExtendedConfig(config: unknown): string {
  if (config === undefined) return ''
  const fields = readFields('extendedConfig', config, ['secretSubType', 'customData'])
  const subType = optionalBoundedText(fields, 'secretSubType', EXTENDED_CONFIG_CHARS_MAX)
  const customData = fields.get('customData')
  return formatConfig({
    ...(subType === null ? {} : { secretSubType: subType }),
    ...(customData === undefined ? {} : { customData: parsePairs('customData', customData) }),
  })
}

function formatConfig(config: object): string {
  const json = JSON.stringify(config)
  encodeText('extendedConfig', json)
  if (json.length > EXTENDED_CONFIG_CHARS_MAX) {
    const most = String(EXTENDED_CONFIG_CHARS_MAX)
    throw invalid(`extendedConfig may have at most ${most} characters as JSON`)
  }
  return json
}

/** Text pairs in an object of its own, which has no prototype: `__proto__` is a key like others. */
function parsePairs(what: string, value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what} must be an object`)
  const pairs = Object.create(null) as Record<string, string>
  let entries: [string, unknown][] | null
  try {
    entries = isPlainObject(value) ? Object.entries(value) : null
  } catch {
    throw new TypeError(`${what} could not be read`)
  }
  // A `Map` has no properties, and would quietly be no pairs at all.
  if (entries === null) throw new TypeError(`${what} must be a plain object`)
  if (entries.length > CUSTOM_DATA_PAIRS_MAX) {
    throw invalid(`${what} may hold at most ${String(CUSTOM_DATA_PAIRS_MAX)} pairs`)
  }
  for (const [key, item] of entries) {
    encodeText(`a key in ${what}`, key)
    const text = asText(`a value in ${what}`, item)
    encodeText(`a value in ${what}`, text)
    pairs[key] = text
  }
  return pairs
}

/** Whether an object is a literal, of this realm or another, or has no prototype. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const TAG_PATTERN = /^[A-Za-z0-9/\\_.+=:@-]*$/

/** The tags in `tags`, or `null` where none are given. */
export function parseTags(fields: Fields, min: number): Tag[] | null {
  const tags = optionalList(fields, 'tags', [min, TAGS_MAX], (item): Tag => {
    const tag = readFields('a tag', item, ['tagKey', 'tagValue'])
    const tagValue = tagText('tagValue', text(tag, 'tagValue'))
    return { tagKey: parseTagKey(text(tag, 'tagKey')), tagValue }
  })
  if (tags === null) return null
  requireDistinct(
    'tags',
    tags.map((tag) => tag.tagKey),
  )
  return tags
}

function parseTagKey(value: string): string {
  const tagKey = tagText('tagKey', value)
  if (tagKey === '') throw invalid('tagKey must not be empty')
  if (tagKey.startsWith('aliyun') || tagKey.startsWith('acs:')) {
    throw invalid('tagKey may not begin "aliyun" or "acs:"')
  }
  return tagKey
}

function tagText(what: string, value: string): string {
  if (value.length > TAG_CHARS_MAX || !TAG_PATTERN.test(value)) {
    const most = String(TAG_CHARS_MAX)
    throw invalid(`${what} may have at most ${most} ASCII letters, digits and / \\ _ - . + = : @`)
  }
  return value
}

export interface TagResource extends SecretRequest {
  readonly tags: readonly Tag[]
}

export function parseTagResource(input: unknown, scope: ArnScope): TagResource {
  const fields = readFields('tagResource', input, ['secretName', 'tags', 'signal'])
  const tags = parseTags(fields, 1)
  if (tags === null) throw new TypeError('tags must be an array')
  return { secretName: secretNameOf(fields, scope), tags, signal: optionalSignal(fields) }
}

export interface UntagResource extends SecretRequest {
  readonly tagKeys: readonly string[]
}

export function parseUntagResource(input: unknown, scope: ArnScope): UntagResource {
  const fields = readFields('untagResource', input, ['secretName', 'tagKeys', 'signal'])
  const tagKeys = list(fields, 'tagKeys', [1, TAGS_MAX], (item) =>
    parseTagKey(asText('a key in tagKeys', item)),
  )
  return { secretName: secretNameOf(fields, scope), tagKeys, signal: optionalSignal(fields) }
}

export interface DeleteSecret extends SecretRequest {
  /** Days until the deletion, or `null` to delete at once. */
  readonly windowDays: number | null
}

export function parseDeleteSecret(input: unknown, scope: ArnScope): DeleteSecret {
  const fields = readFields('deleteSecret', input, [
    'secretName',
    'recoveryWindowInDays',
    'forceDeleteWithoutRecovery',
    'signal',
  ])
  const force = optionalFlag(fields, 'forceDeleteWithoutRecovery')
  const days = optionalInteger(
    fields,
    'recoveryWindowInDays',
    RECOVERY_WINDOW_DAYS_MIN,
    RECOVERY_WINDOW_DAYS_MAX,
  )
  if (force && days !== null) {
    throw invalid('recoveryWindowInDays and forceDeleteWithoutRecovery exclude each other')
  }
  return {
    secretName: secretNameOf(fields, scope),
    windowDays: force ? null : (days ?? RECOVERY_WINDOW_DAYS_DEFAULT),
    signal: optionalSignal(fields),
  }
}

export interface RenameSecret extends SecretRequest {
  readonly newSecretName: string
}

export function parseRenameSecret(input: unknown, scope: ArnScope): RenameSecret {
  const fields = readFields('renameSecret', input, ['secretName', 'newSecretName', 'signal'])
  return {
    secretName: secretNameOf(fields, scope),
    newSecretName: parseNewSecretName('newSecretName', text(fields, 'newSecretName')),
    signal: optionalSignal(fields),
  }
}

export function parseRandomPassword(input: unknown): PasswordRequest {
  const fields = readFields('getRandomPassword', input, [
    'passwordLength',
    'excludeCharacters',
    'excludeLowercase',
    'excludeUppercase',
    'excludeNumbers',
    'excludePunctuation',
    'requireEachIncludedType',
  ])
  const [min, max] = [PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX]
  return {
    passwordLength: optionalInteger(fields, 'passwordLength', min, max) ?? PASSWORD_CHARS_DEFAULT,
    excludeCharacters:
      optionalBoundedText(fields, 'excludeCharacters', EXCLUDE_CHARACTERS_MAX) ?? '',
    excludeLowercase: optionalFlag(fields, 'excludeLowercase'),
    excludeUppercase: optionalFlag(fields, 'excludeUppercase'),
    excludeNumbers: optionalFlag(fields, 'excludeNumbers'),
    excludePunctuation: optionalFlag(fields, 'excludePunctuation'),
    requireEachIncludedType: optionalFlag(fields, 'requireEachIncludedType', true),
  }
}
