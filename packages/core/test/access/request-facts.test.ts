import { describe, expect, it } from 'vitest'
import type {
  AttributeValue,
  FactSources,
  RequestContext,
} from '@stagevault/core/access/request-facts'
import { createFacts } from '@stagevault/core/access/request-facts'

const NO_CONTEXT: RequestContext = {
  sourceIp: null,
  secureTransport: null,
  mfaPresent: null,
  userAgent: null,
  requestId: null,
  attributes: new Map(),
}

const BARE: FactSources = {
  now: 1_000,
  principal: { kind: 'role', name: 'App', accountId: '1' },
  context: NO_CONTEXT,
  secret: null,
  operation: {},
}

const FULL: FactSources = {
  now: 1_000,
  principal: { kind: 'user', name: 'Ann', accountId: '1' },
  context: {
    sourceIp: '192.0.2.7',
    secureTransport: false,
    mfaPresent: true,
    userAgent: 'curl/8',
    requestId: 'r1',
    attributes: new Map<string, AttributeValue>([
      ['app:level', 5],
      ['app:teams', ['red']],
    ]),
  },
  secret: {
    secretName: 'app/db',
    state: { secretType: 'Generic', encryptionKeyId: new Uint8Array([0xab, 0x01]) },
    tags: [{ tagKey: 'Team/a', tagValue: 'red' }],
  },
  operation: {
    requestTags: [{ tagKey: 'env', tagValue: 'prod' }],
    requestTagKeys: ['env'],
    versionId: 'v1',
    versionStage: 'blue',
    versionStages: ['blue'],
    recoveryWindowInDays: 7,
    forceDeleteWithoutRecovery: false,
    rotationInterval: 86_400,
  },
}

const EXPECTED = {
  'acs:currenttime': { timeMs: 1_000 },
  'acs:sourceip': '192.0.2.7',
  'acs:securetransport': false,
  'acs:mfapresent': true,
  'acs:useragent': 'curl/8',
  'acs:principalname': 'Ann',
  'acs:principaltype': 'user',
  'acs:principalarn': 'acs:ram::1:user/Ann',
  'acs:principalaccountid': '1',
  'kms:secrettag/Team/a': 'red',
  'acs:resourcetag/Team/a': 'red',
  'kms:requesttag/env': 'prod',
  'acs:requesttag/env': 'prod',
  'kms:requesttagkeys': ['env'],
  'kms:secretname': 'app/db',
  'kms:secrettype': 'Generic',
  'kms:encryptionkeyid': 'ab01',
  'kms:versionid': 'v1',
  'kms:versionstage': 'blue',
  'kms:versionstages': ['blue'],
  'kms:recoverywindowindays': 7,
  'kms:forcedeletewithoutrecovery': false,
  'kms:rotationinterval': 86_400,
  'app:level': 5,
  'app:teams': ['red'],
}

const ALWAYS = [
  'acs:currenttime',
  'acs:principalname',
  'acs:principaltype',
  'acs:principalarn',
  'acs:principalaccountid',
]

describe('the facts of a request', () => {
  it.each(Object.entries(EXPECTED))('%s is %j where it is known', (name, value) => {
    expect(createFacts(FULL)(name)).toEqual(value)
  })

  it.each(Object.keys(EXPECTED))('%s is absent where it is not known', (name) => {
    expect(createFacts(BARE)(name) !== null).toBe(ALWAYS.includes(name))
  })

  it.each(['kms:secrettag/team/a', 'kms:secrettag/', 'app:none', 'acs:none', 'constructor', ''])(
    '%j is absent',
    (name) => {
      expect(createFacts(FULL)(name)).toBeNull()
    },
  )

  it('a name that no secret has is still addressed', () => {
    const facts = createFacts({
      ...FULL,
      secret: { secretName: 'none', state: null, tags: null },
    })
    expect(facts('kms:secretname')).toBe('none')
    expect(facts('kms:secrettype')).toBeNull()
    expect(facts('kms:secrettag/Team/a')).toBeNull()
  })
})
