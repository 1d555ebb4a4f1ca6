import { describe, expect, it } from 'vitest'
import {
  parseAttachment,
  parseCreateEntity,
  parseCreatePolicy,
  parseDeleteEntity,
  parseEntityRequest,
  parseGetSecretPolicy,
  parseListEntities,
  parseMembership,
  parseSetEnabled,
  parseSetSecretPolicy,
  parseUpdatePolicy,
} from '@stagevault/core/request/access-requests'

const SCOPE = { region: 'r', accountId: 'a' }
const INVALID = expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error

describe('requests about access', () => {
  it('take what they name, and defaults for the rest', () => {
    const signal = new AbortController().signal
    expect(parseEntityRequest('getUser', 'user', { userName: 'ann', signal })).toEqual({
      kind: 'user',
      name: 'ann',
      signal,
    })
    expect(parseCreateEntity('createRole', 'role', { roleName: 'r' })).toEqual({
      kind: 'role',
      name: 'r',
      description: '',
      signal: null,
    })
    expect(parseCreatePolicy({ policyName: 'p', policy: '{}', description: 'd' })).toEqual({
      kind: 'policy',
      name: 'p',
      document: '{}',
      description: 'd',
      signal: null,
    })
    expect(parseUpdatePolicy({ policyName: 'p', policy: '{}' })).toMatchObject({
      expectedGeneration: null,
    })
    expect(parseDeleteEntity('deleteGroup', 'group', { groupName: 'g' }).detach).toBe(false)
    expect(parseSetEnabled('setUserEnabled', 'user', { userName: 'u', enabled: false })).toEqual({
      kind: 'user',
      name: 'u',
      isEnabled: false,
      signal: null,
    })
    expect(parseMembership('addUserToGroup', { userName: 'u', groupName: 'g' })).toEqual({
      userName: 'u',
      groupName: 'g',
      signal: null,
    })
    const to = { kind: 'group', name: 'g' }
    expect(parseAttachment('attachPolicy', 'to', { policyName: 'p', to })).toEqual({
      policyName: 'p',
      holder: to,
      signal: null,
    })
    expect(parseListEntities('listUsers', 'user', { nextToken: 'after:ann' })).toEqual({
      kind: 'user',
      pageSize: 10,
      after: 'ann',
      signal: null,
    })
    const secret = { secretName: 'acs:kms:r:a:secret/S', policyName: 'default' }
    expect(parseSetSecretPolicy({ ...secret, policy: '{}' }, SCOPE)).toEqual({
      secretName: 'S',
      document: '{}',
      signal: null,
    })
    expect(parseGetSecretPolicy(secret, SCOPE)).toEqual({ secretName: 'S', signal: null })
  })

  it.each([
    ['a name with a slash', () => parseEntityRequest('getUser', 'user', { userName: 'a/b' })],
    ['an empty name', () => parseEntityRequest('getUser', 'user', { userName: '' })],
    ['a long name', () => parseEntityRequest('getUser', 'user', { userName: 'x'.repeat(65) })],
    ['the name of another kind', () => parseEntityRequest('getUser', 'user', { roleName: 'a' })],
    [
      'a long description',
      () =>
        parseCreateEntity('createUser', 'user', { userName: 'u', description: 'x'.repeat(257) }),
    ],
    [
      'generation 0',
      () => parseUpdatePolicy({ policyName: 'p', policy: '', expectedGeneration: 0 }),
    ],
    [
      'an unknown kind',
      () => parseAttachment('a', 'to', { policyName: 'p', to: { kind: 'policy', name: 'p' } }),
    ],
    ['another side', () => parseAttachment('a', 'to', { policyName: 'p', from: {} })],
    ['a token of secrets', () => parseListEntities('l', 'user', { nextToken: 'after:a/b' })],
    ['a second policy', () => parseGetSecretPolicy({ secretName: 'S', policyName: 'x' }, SCOPE)],
  ])('%s is INVALID_PARAMETER', (_what, parse) => {
    expect(parse).toThrow(INVALID)
  })

  it.each([
    ['no name', () => parseEntityRequest('getUser', 'user', {})],
    ['no document', () => parseCreatePolicy({ policyName: 'p' })],
    ['enabled missing', () => parseSetEnabled('setUserEnabled', 'user', { userName: 'u' })],
    ['enabled as text', () => parseSetEnabled('s', 'user', { userName: 'u', enabled: 'true' })],
    ['nothing to attach to', () => parseAttachment('attachPolicy', 'to', { policyName: 'p' })],
  ])('%s is a TypeError', (_what, parse) => {
    expect(parse).toThrow(TypeError)
  })
})
