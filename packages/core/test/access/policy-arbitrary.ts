/** Random policies, requests and facts that meet each other often enough to matter. */

import fc from 'fast-check'
import type { Fact } from './reference-conditions.js'
import type { PolicyDocument, PolicyStatement } from './reference-evaluator.js'

const ACCOUNT = '1234567890123456'

export const ACTION_NAMES = [
  'kms:GetSecretValue',
  'kms:PutSecretValue',
  'kms:DeleteSecret',
] as const
const ACTION_PATTERNS = [
  '*',
  'kms:*',
  'kms:Get*',
  'KMS:getsecretvalue',
  'kms:PutSecretValue',
  'kms:?eleteSecret',
  'ecs:*',
  'kms:Nothing',
]
const NOT_ACTION_PATTERNS = ['kms:Get*', 'kms:DeleteSecret', 'kms:*Secret*']

export const RESOURCE = `acs:kms:cn-hangzhou:${ACCOUNT}:secret/app/db`
const RESOURCES = [
  '*',
  RESOURCE,
  `acs:kms:*:*:secret/app/*`,
  `acs:kms:cn-*:${ACCOUNT}:secret/*`,
  `acs:kms:*:*:secret/app`,
  `acs:oss:*:*:secret/app/db`,
]

const PRINCIPALS = [
  `acs:ram::${ACCOUNT}:user/Ann`,
  `acs:ram::${ACCOUNT}:role/Ann`,
  `acs:ram::${ACCOUNT}:*`,
  `acs:ram::${ACCOUNT}:root`,
  'acs:ram::other:*',
]

/** Keys with a value that fits them, one that is of another type, and absence. */
const FACTS: Readonly<Record<string, readonly (Fact | undefined)[]>> = {
  'acs:SourceIp': ['192.0.2.7', '2001:db8::1', 'zzz', undefined],
  'acs:SecureTransport': [true, false, undefined],
  'acs:UserAgent': ['curl/8', 'Curl/8', '', undefined],
  'acs:CurrentTime': ['2026-11-30T12:00:00Z'],
  'kms:RecoveryWindowInDays': [7, 30, undefined],
  'kms:VersionStages': [['ACSCurrent'], ['ACSCurrent', 'blue'], [], undefined],
  'app:level': [5, '5', 'five', true, undefined],
  'app:when': ['2026-11-30', 'soon', undefined],
  'app:teams': [['red', 'blue'], ['red'], [], undefined],
}

/** Keys, operators that may compare them, and values. */
type Comparison = readonly [
  keys: readonly string[],
  operators: readonly string[],
  values: readonly string[],
]

const MANY_VALUES: Comparison = [
  ['kms:VersionStages', 'app:teams'],
  ['StringEquals', 'StringNotEquals'],
  ['red', 'blue', 'ACSCurrent', '*e*'],
]

const COMPARISONS: readonly Comparison[] = [
  MANY_VALUES,
  MANY_VALUES,
  [
    ['acs:SourceIp', 'acs:sourceip'],
    ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists'],
    ['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32', '::/0', '192.0.2.7'],
  ],
  [['acs:SecureTransport'], ['Bool', 'BoolIfExists'], ['true', 'false']],
  [
    ['acs:UserAgent'],
    ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
    ['curl/8', 'CURL/8', 'curl/*', '*', '', 'curl/?'],
  ],
  [
    ['acs:CurrentTime', 'app:when'],
    ['DateLessThan', 'DateGreaterThanEquals', 'DateEquals', 'DateNotEquals'],
    ['2026-11-30', '2026-11-30T13:00:00+01:00', '2027-01-01'],
  ],
  [
    ['kms:RecoveryWindowInDays', 'app:level'],
    ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericGreaterThanEqualsIfExists'],
    ['5', '7', '30'],
  ],
  [
    ['kms:VersionStages', 'app:teams'],
    [
      'ForAnyValue:StringEquals',
      'ForAnyValue:StringNotLike',
      'ForAllValues:StringLike',
      'ForAllValues:StringNotEquals',
      'ForAllValues:StringEqualsIfExists',
    ],
    ['red', 'blue', 'ACSCurrent', '*e*'],
  ],
]

const nullCondition = fc.record({
  operator: fc.constant('Null'),
  key: fc.constantFrom(...Object.keys(FACTS)),
  values: fc.constantFrom(['true'], ['false']),
})

const comparison = fc.constantFrom(...COMPARISONS).chain(([keys, operators, values]) =>
  fc.record({
    operator: fc.constantFrom(...operators),
    key: fc.constantFrom(...keys),
    values: fc.subarray([...values], {
      minLength: 1,
      maxLength: operators.includes('Bool') ? 1 : 3,
    }),
  }),
)

const conditions = fc
  .array(fc.oneof({ weight: 6, arbitrary: comparison }, { weight: 1, arbitrary: nullCondition }), {
    maxLength: 2,
  })
  .map((list) => {
    const block: Record<string, Record<string, readonly string[]>> = {}
    for (const { operator, key, values } of list) {
      block[operator] = { ...block[operator], [key]: values }
    }
    return list.length === 0 ? {} : { Condition: block }
  })

function someOf(texts: readonly string[]): fc.Arbitrary<string | readonly string[]> {
  return fc.oneof(
    fc.constantFrom(...texts),
    fc.subarray([...texts], { minLength: 1, maxLength: 3 }),
  )
}

function statement(isSecret: boolean): fc.Arbitrary<PolicyStatement> {
  return fc
    .record({
      Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
      actions: fc.oneof(
        { weight: 5, arbitrary: someOf(ACTION_PATTERNS).map((Action) => ({ Action })) },
        { weight: 1, arbitrary: someOf(NOT_ACTION_PATTERNS).map((NotAction) => ({ NotAction })) },
      ),
      Resource: isSecret ? someOf(RESOURCES.slice(0, 4)) : someOf(RESOURCES),
      principals: isSecret
        ? someOf(PRINCIPALS).map((RAM) => ({ Principal: { RAM } }))
        : fc.constant({}),
      conditions,
    })
    .map(({ Effect, actions, Resource, principals, conditions: block }) => ({
      Effect,
      ...actions,
      Resource,
      ...principals,
      ...block,
    }))
}

/** A document of 1 to 40 statements, mostly few. */
export function documents(isSecret: boolean): fc.Arbitrary<PolicyDocument> {
  const few = fc.array(statement(isSecret), { minLength: 1, maxLength: 4 })
  const many = fc.array(statement(isSecret), { minLength: 5, maxLength: 40, size: 'large' })
  return fc
    .oneof({ weight: 9, arbitrary: few }, { weight: 1, arbitrary: many })
    .map((Statement) => ({ Version: '1' as const, Statement }))
}

/** The documents that count for a request, and the request. */
export interface PolicyWorld {
  readonly secret: PolicyDocument | null
  readonly identity: readonly PolicyDocument[]
  readonly action: (typeof ACTION_NAMES)[number]
  readonly isDisabled: boolean
  readonly facts: Readonly<Record<string, Fact>>
}

export const worlds: fc.Arbitrary<PolicyWorld> = fc.record({
  secret: fc.option(documents(true)),
  identity: fc.array(documents(false), { maxLength: 2 }),
  action: fc.constantFrom(...ACTION_NAMES),
  isDisabled: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  facts: fc
    .record(
      Object.fromEntries(
        Object.entries(FACTS).map(([key, values]) => [key, fc.constantFrom(...values)]),
      ),
    )
    .map((facts) => {
      const present = Object.entries(facts).filter(([, value]) => value !== undefined)
      return Object.fromEntries(present) as Readonly<Record<string, Fact>>
    }),
})

export const PRINCIPAL = { kind: 'user', name: 'Ann', accountId: ACCOUNT } as const
