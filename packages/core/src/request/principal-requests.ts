/** Who makes a request through a view, and what a front end says of it (POL-1a). */

import type { Principal } from '../access/principal.js'
import { isPrincipalName } from '../access/principal.js'
import type { AttributeValue, RequestContext } from '../access/request-facts.js'
import { foldCase } from '../access/wildcards.js'
import type { ArnScope } from '../arn.js'
import { CONTEXT_ATTRIBUTES_MAX, CONTEXT_TEXT_CHARS_MAX } from '../limits.js'
import { encodeText } from '../text.js'
import { asText, invalid, optionalText, readFields } from './request-fields.js'

/** A principal, and the name of its session if the front end gives one. */
export interface NamedPrincipal extends Principal {
  readonly sessionName: string | null
}

const NAME_RULE = 'must be 1 to 64 of A-Z a-z 0-9 _ . @ -'

/** @throws {@link VaultError} `INVALID_PARAMETER` */
export function parsePrincipal(input: unknown, scope: ArnScope): NamedPrincipal {
  const fields = readFields('as', input, ['kind', 'name', 'sessionName', 'accountId'])
  const kind = asText('kind', fields.get('kind'))
  if (kind !== 'user' && kind !== 'role') throw invalid('kind must be "user" or "role"')
  const name = principalName('name', asText('name', fields.get('name')))
  const sessionName = optionalText(fields, 'sessionName')
  const accountId = optionalText(fields, 'accountId')
  return {
    kind,
    name,
    sessionName: sessionName === null ? null : principalName('sessionName', sessionName),
    accountId: accountId === null ? scope.accountId : principalName('accountId', accountId),
  }
}

function principalName(what: string, text: string): string {
  if (isPrincipalName(text)) return text
  throw invalid(`${what} ${NAME_RULE}`)
}

/** A request of which nothing is known. */
export const NO_CONTEXT: RequestContext = {
  sourceIp: null,
  secureTransport: null,
  mfaPresent: null,
  userAgent: null,
  requestId: null,
  attributes: /* @__PURE__ */ new Map(),
}

const CONTEXT_FIELDS = [
  'sourceIp',
  'secureTransport',
  'mfaPresent',
  'userAgent',
  'requestId',
  'attributes',
] as const

/**
 * The context of a request on top of another: what `input` gives replaces what `base` has.
 * `sourceIp` need not be an address: what is none counts against the caller.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function parseContext(input: unknown, base: RequestContext = NO_CONTEXT): RequestContext {
  const fields = readFields('context', input, CONTEXT_FIELDS)
  const text = (name: 'sourceIp' | 'userAgent' | 'requestId'): string | null => {
    const value = optionalText(fields, name)
    return value === null ? base[name] : boundedText(name, value)
  }
  const flag = (name: 'secureTransport' | 'mfaPresent'): boolean | null => {
    const value = fields.get(name)
    if (value === undefined) return base[name]
    if (typeof value === 'boolean') return value
    throw new TypeError(`${name} must be a boolean`)
  }
  const given = fields.get('attributes')
  return {
    sourceIp: text('sourceIp'),
    secureTransport: flag('secureTransport'),
    mfaPresent: flag('mfaPresent'),
    userAgent: text('userAgent'),
    requestId: text('requestId'),
    attributes:
      given === undefined
        ? base.attributes
        : bounded(new Map([...base.attributes, ...readAttributes(given)])),
  }
}

function bounded(attributes: RequestContext['attributes']): RequestContext['attributes'] {
  if (attributes.size <= CONTEXT_ATTRIBUTES_MAX) return attributes
  throw invalid(`a context may have at most ${String(CONTEXT_ATTRIBUTES_MAX)} attributes`)
}

/** The attributes of `input` by key name. */
function readAttributes(input: unknown): ReadonlyMap<string, AttributeValue> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError('attributes must be an object')
  }
  const attributes = new Map<string, AttributeValue>()
  for (const [name, value] of entriesOf(input)) {
    if (!isPrincipalName(name)) throw invalid(`the name of an attribute ${NAME_RULE}`)
    const key = `app:${foldCase(name)}`
    if (attributes.has(key)) throw invalid('two attributes differ only by case')
    attributes.set(key, readAttribute(value))
  }
  return attributes
}

/** Read once; one more than allowed shows the excess. */
function entriesOf(input: object): readonly (readonly [string, unknown])[] {
  try {
    const names = Object.keys(input).slice(0, CONTEXT_ATTRIBUTES_MAX + 1)
    return names.map((name) => [name, (input as Record<string, unknown>)[name]])
  } catch {
    throw new TypeError('attributes could not be read')
  }
}

function readAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return boundedText('an attribute', value)
  // A number that is no integer is of no operator's type, which counts against the caller.
  if (typeof value === 'boolean' || typeof value === 'number') return value
  if (!Array.isArray(value)) {
    throw new TypeError('an attribute must be a string, a number, a boolean or a list of strings')
  }
  const items = value as readonly unknown[]
  if (items.length > CONTEXT_ATTRIBUTES_MAX) {
    throw invalid(`an attribute may list at most ${String(CONTEXT_ATTRIBUTES_MAX)} strings`)
  }
  return Array.from(items, (item) => boundedText('an attribute', asText('an attribute', item)))
}

function boundedText(what: string, text: string): string {
  if (text.length > CONTEXT_TEXT_CHARS_MAX) {
    throw invalid(`${what} may have at most ${String(CONTEXT_TEXT_CHARS_MAX)} characters`)
  }
  encodeText(what, text)
  return text
}
