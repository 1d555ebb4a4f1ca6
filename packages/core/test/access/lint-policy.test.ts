import { describe, expect, it } from 'vitest'
import { lintPolicy } from '@stagevault/core/access/lint-policy'
import { readPolicy } from '@stagevault/core/access/read-policy'

const ARN = 'acs:kms:cn-hangzhou:1234567890123456:secret/app/db'
const ALLOW = { Effect: 'Allow', Action: 'kms:GetSecretValue', Resource: '*' }

function findings(...statements: readonly object[]): string[] {
  const text = JSON.stringify({ Version: '1', Statement: statements })
  const isSecret = statements.some((statement) => 'Principal' in statement)
  const use = isSecret ? ({ kind: 'secret', arn: ARN } as const) : ({ kind: 'identity' } as const)
  return lintPolicy(readPolicy(text, use)).map(({ kind, pointer }) => `${kind} ${pointer}`)
}

function when(operator: string, key: string, value: string): object {
  return { ...ALLOW, Condition: { [operator]: { [key]: value } } }
}

describe('lint', () => {
  it('finds nothing in a plain policy', () => {
    const deny = { ...ALLOW, Effect: 'Deny', Resource: 'acs:kms:*:*:secret/app/*' }
    expect(
      findings(ALLOW, deny, when('IpAddressIfExists', 'acs:SourceIp', '192.0.2.0/24')),
    ).toEqual([])
  })

  it.each([
    [
      [{ Effect: 'Allow', NotAction: 'kms:DeleteSecret', Resource: '*' }],
      ['ALLOW_NOT_ACTION /Statement/0/NotAction'],
    ],
    [[{ Effect: 'Allow', Action: '*', Resource: '*' }], ['ALLOW_EVERYTHING /Statement/0']],
    [[{ Effect: 'Deny', Action: '*', Resource: '*' }], []],
    [
      [ALLOW, { ...ALLOW, Action: ['kms:GetSecretValue', 'kms:GetSecretValues', 'ecs:Run*'] }],
      ['UNKNOWN_ACTION /Statement/1/Action/1'],
    ],
    [
      [{ ...ALLOW, Principal: { RAM: 'acs:ram::1:*' } }],
      ['PRINCIPAL_EVERYONE /Statement/0/Principal/RAM'],
    ],
    [
      [{ ...ALLOW, Principal: { RAM: ['acs:ram::1:root'] } }],
      ['PRINCIPAL_ROOT /Statement/0/Principal/RAM'],
    ],
    [
      [when('IpAddress', 'acs:SourceIp', '192.0.2.0/24')],
      ['NEEDS_SOURCE_IP /Statement/0/Condition/IpAddress/acs:SourceIp'],
    ],
    [
      [when('StringEquals', 'acs:SourceVpc', 'vpc-1')],
      ['UNKNOWN_KEY /Statement/0/Condition/StringEquals/acs:SourceVpc'],
    ],
    [
      [when('StringEquals', 'kms:SecretType', 'generic')],
      ['IMPOSSIBLE_VALUE /Statement/0/Condition/StringEquals/kms:SecretType'],
    ],
    [[when('StringEquals', 'kms:SecretTag/a/b', 'x')], []],
    [
      [when('StringEquals', 'kms:SecretTag/', 'x')],
      ['UNKNOWN_KEY /Statement/0/Condition/StringEquals/kms:SecretTag~1'],
    ],
  ])('%j: %j', (statements, expected) => {
    expect(findings(...statements)).toEqual(expected)
  })

  it.each([
    [{ ...ALLOW, Effect: 'Deny' }, true],
    [{ Effect: 'Deny', Action: 'kms:*', Resource: '*' }, true],
    [{ Effect: 'Deny', Action: 'kms:PutSecretValue', Resource: '*' }, false],
    [{ ...ALLOW, Effect: 'Deny', Resource: ARN }, false],
    [{ ...when('Bool', 'acs:MFAPresent', 'true'), Effect: 'Deny' }, false],
  ])('an Allow that %j always overrides: %s', (deny, isOverridden) => {
    expect(findings(ALLOW, deny)).toEqual(isOverridden ? ['OVERRIDDEN_BY_DENY /Statement/0'] : [])
  })

  it('an Allow of part of what a Deny denies is overridden', () => {
    const resource = 'acs:kms:*:*:secret/app/*'
    const deny = { ...ALLOW, Effect: 'Deny', Resource: [resource, ARN] }
    expect(findings({ ...ALLOW, Resource: resource }, deny)).toEqual([
      'OVERRIDDEN_BY_DENY /Statement/0',
    ])
    const toAll = { ...ALLOW, Effect: 'Deny', Principal: { RAM: 'acs:ram::1:*' } }
    const toAnn = { ...ALLOW, Principal: { RAM: 'acs:ram::1:user/Ann' } }
    expect(findings(toAnn, toAll)).toContain('OVERRIDDEN_BY_DENY /Statement/0')
    expect(findings({ ...toAnn, Principal: { RAM: 'acs:ram::2:user/Ann' } }, toAll)).not.toContain(
      'OVERRIDDEN_BY_DENY /Statement/0',
    )
  })
})
