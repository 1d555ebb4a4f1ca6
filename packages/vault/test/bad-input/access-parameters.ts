/** The parameters of the operations on users, roles, groups and policies. */

import type { AccessCall } from '../support/access-calls.js'
import { ACCESS_CHANGES, ACCESS_READS } from '../support/access-calls.js'
import { notFreeText, notIntegers, notNames, notOneOf, notPageTokens } from './broken-rules.js'
import type { Operation, Parameter, Request } from './parameter.js'
import { nested, plain, secretName } from './parameter.js'
import type { BadValue } from './wrong-types.js'
import { NOT_AN_OBJECT, NOT_A_BOOLEAN, NOT_A_NUMBER, NOT_GIVEN, NOT_TEXT } from './wrong-types.js'

const broken = (what: string, value: unknown): BadValue => ({
  what,
  value,
  refusal: 'INVALID_PARAMETER',
})

/** Names of secrets that are no names of users. */
const NOT_HERE = ['a/b', 'a+b', 'a=b'].map((text) => broken(`the name ${text}`, text))
const ACCESS_NAMES = [...NOT_TEXT, ...notNames(64), ...NOT_HERE]

const NOT_POLICIES = [
  ...NOT_TEXT,
  ...notFreeText(32_768),
  ...['', '{}', '[]', 'null', '{"Version":"2","Statement":[]}', '{"Version":"1"}'].map((text) =>
    broken(`the document ${text}`, text),
  ),
]

/** What the parameters of one name must refuse. */
const BAD: Readonly<Record<string, readonly BadValue[]>> = {
  userName: [NOT_GIVEN, ...ACCESS_NAMES],
  roleName: [NOT_GIVEN, ...ACCESS_NAMES],
  groupName: [NOT_GIVEN, ...ACCESS_NAMES],
  policyName: [NOT_GIVEN, ...ACCESS_NAMES],
  policy: [NOT_GIVEN, ...NOT_POLICIES],
  description: [...NOT_TEXT, ...notFreeText(256)],
  detach: NOT_A_BOOLEAN,
  enabled: [NOT_GIVEN, ...NOT_A_BOOLEAN],
  expectedGeneration: [
    ...NOT_A_NUMBER,
    ...notIntegers(1, Number.MAX_SAFE_INTEGER).filter(({ value }) => value !== 2 ** 31),
  ],
  pageSize: [...NOT_A_NUMBER, ...notIntegers(1, 100)],
  nextToken: [...NOT_TEXT, ...notPageTokens()],
  to: [NOT_GIVEN, ...NOT_AN_OBJECT],
  from: [NOT_GIVEN, ...NOT_AN_OBJECT],
}

/** Options that the good request does not have. */
function optionsOf({ name }: AccessCall): readonly string[] {
  if (name.startsWith('delete')) return ['detach']
  if (name.startsWith('list')) return ['pageSize', 'nextToken']
  if (name === 'createPolicy') return ['description']
  return name === 'updatePolicy' ? ['expectedGeneration'] : []
}

function holderParameters(good: Request, side: 'to' | 'from'): Parameter[] {
  const holder = good[side] as Request
  const kinds = [NOT_GIVEN, ...NOT_TEXT, ...notOneOf(['user', 'role', 'group'])]
  const within = (change: Request): Request => ({ [side]: { ...holder, ...change } })
  return [
    nested(good, `${side}.kind`, kinds, (kind) => within({ kind })),
    nested(good, `${side}.name`, [NOT_GIVEN, ...ACCESS_NAMES], (name) => within({ name })),
    nested(
      good,
      `${side}.unknown`,
      NOT_TEXT.map((each) => ({ ...each, refusal: 'INVALID_PARAMETER' })),
      (unknown) => within({ unknown }),
    ),
  ]
}

function parametersOf(call: AccessCall): Parameter[] {
  const { request } = call
  const names = new Set([...Object.keys(request), ...optionsOf(call)])
  return [...names].flatMap((name) => {
    const isHolder = name === 'to' || name === 'from'
    return [
      plain(request, name, BAD[name] ?? []),
      ...(isHolder ? holderParameters(request, name) : []),
    ]
  })
}

function secretPolicyParameters({ request }: AccessCall): Parameter[] {
  const documents =
    request['policy'] === undefined ? [] : [plain(request, 'policy', BAD['policy'] ?? [])]
  const names = [...NOT_TEXT, ...notOneOf(['default'])]
  return [secretName(request), plain(request, 'policyName', names), ...documents]
}

export const ACCESS_OPERATIONS: readonly Operation[] = [...ACCESS_CHANGES, ...ACCESS_READS].map(
  (call) => ({
    name: call.name,
    good: call.request,
    parameters: call.name.endsWith('SecretPolicy')
      ? secretPolicyParameters(call)
      : parametersOf(call),
  }),
)
