import { describe, expect, it } from 'vitest'
import {
  NO_CONTEXT,
  parseContext,
  parsePrincipal,
} from '@stagevault/core/request/principal-requests'

const SCOPE = { region: 'local', accountId: '1' }

describe('principals', () => {
  it('are of the account of the vault, unless they say otherwise', () => {
    expect(parsePrincipal({ kind: 'user', name: 'Ann' }, SCOPE)).toEqual({
      kind: 'user',
      name: 'Ann',
      sessionName: null,
      accountId: '1',
    })
    expect(
      parsePrincipal({ kind: 'role', name: 'App', sessionName: 's-1', accountId: '2' }, SCOPE),
    ).toEqual({ kind: 'role', name: 'App', sessionName: 's-1', accountId: '2' })
  })

  it.each([
    [{ kind: 'group', name: 'a' }],
    [{ kind: 'user', name: '' }],
    [{ kind: 'user', name: 'a'.repeat(65) }],
    [{ kind: 'user', name: 'a/b' }],
    [{ kind: 'user', name: 'a', sessionName: 'a b' }],
    [{ kind: 'user', name: 'a', accountId: '' }],
    [{ kind: 'user', name: 'a', group: 'b' }],
  ])('%j is refused', (input) => {
    expect(() => parsePrincipal(input, SCOPE)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error,
    )
  })

  it.each([[null], ['Ann'], [{ name: 'a' }], [{ kind: 'user', name: 1 }]])(
    '%j is of the wrong type',
    (input) => {
      expect(() => parsePrincipal(input, SCOPE)).toThrow(TypeError)
    },
  )
})

describe('contexts', () => {
  it('add up: what is given later replaces what was there', () => {
    const first = parseContext({
      sourceIp: '192.0.2.1',
      secureTransport: true,
      attributes: { Team: 'red', level: 1 },
    })
    const second = parseContext({ userAgent: 'curl', attributes: { team: ['blue'] } }, first)
    expect(second).toEqual({
      ...NO_CONTEXT,
      sourceIp: '192.0.2.1',
      secureTransport: true,
      userAgent: 'curl',
      attributes: new Map<string, unknown>([
        ['app:team', ['blue']],
        ['app:level', 1],
      ]),
    })
  })

  it('copy what they are given', () => {
    const teams = ['red']
    const context = parseContext({ attributes: { teams } })
    teams.push('blue')
    expect(context.attributes.get('app:teams')).toEqual(['red'])
  })

  it.each([
    [{ sourceIp: 'x'.repeat(257) }],
    [{ userAgent: '\ud800' }],
    [{ requestID: 'r' }],
    [{ attributes: { a: 'x'.repeat(257) } }],
    [{ attributes: { 'a/b': 'x' } }],
    [{ attributes: { a: 'x', A: 'y' } }],
    [{ attributes: { a: Array.from({ length: 17 }, () => 'x') } }],
    [
      {
        attributes: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${String(i)}`, 1])),
      },
    ],
  ])('%j is refused', (input) => {
    expect(() => parseContext(input)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }) as Error,
    )
  })

  it('have at most 16 attributes together', () => {
    const many = (from: number): object =>
      Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`a${String(from + i)}`, 1]))
    const base = parseContext({ attributes: many(0) })
    expect(parseContext({ attributes: many(0) }, base).attributes.size).toBe(16)
    expect(() => parseContext({ attributes: many(1) }, base)).toThrow('at most 16')
  })

  it.each([
    [null],
    [{ sourceIp: 1 }],
    [{ mfaPresent: 'true' }],
    [{ attributes: [] }],
    [{ attributes: { a: null } }],
    [{ attributes: { a: [1] } }],
  ])('%j is of the wrong type', (input) => {
    expect(() => parseContext(input)).toThrow(TypeError)
  })
})
