import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatArn, parseArnPart, parseNameOrArn } from '@stagevault/core/arn'
import {
  compareText,
  isBuiltInStage,
  parseNewSecretName,
  parseSecretName,
  parseStageLabel,
  parseVersionId,
} from '@stagevault/core/names'
import { decodeText, encodeText } from '@stagevault/core/text'
import { anyText, anyWellFormedText } from './support/arbitrary-text.js'
import { expectFailure, failureCode } from './support/failures.js'

const CHARSET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+=.@-'
const SCOPE = { region: 'local', accountId: '42' }

type Parse = (text: string) => string

const PARSERS: readonly (readonly [name: string, parse: Parse, max: number])[] = [
  ['parseSecretName', parseSecretName, 192],
  ['parseNewSecretName', (text) => parseNewSecretName('newSecretName', text), 192],
  ['parseVersionId', (text) => parseVersionId('versionId', text), 64],
  ['parseStageLabel', (text) => parseStageLabel('versionStage', text), 64],
]

describe.each(PARSERS)('%s', (_name, parse, max) => {
  it('takes the whole charset and no other ASCII character', () => {
    for (let code = 0; code < 128; code++) {
      const char = String.fromCharCode(code)
      if (CHARSET.includes(char)) expect(parse(char)).toBe(char)
      else expectFailure(() => parse(char), 'INVALID_PARAMETER')
    }
  })

  it(`takes 1 to ${max} characters`, () => {
    for (const length of [1, 2, max - 1, max])
      expect(parse('x'.repeat(length))).toHaveLength(length)
    for (const length of [0, max + 1, 1_000_000]) {
      expectFailure(() => parse('x'.repeat(length)), 'INVALID_PARAMETER')
    }
  })

  it('gives back what it takes, or is INVALID_PARAMETER and does not quote', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        try {
          expect(parse(text)).toBe(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_PARAMETER' })
          if (text.length > 8) expect((error as Error).message).not.toContain(text)
        }
      }),
    )
  })
})

describe('labels and names', () => {
  it('case variants of the built-in labels are refused, the labels themselves are not', () => {
    for (const label of ['ACSCurrent', 'ACSPrevious', 'ACSPending']) {
      expect(parseStageLabel('a label', label)).toBe(label)
      expect(isBuiltInStage(label)).toBe(true)
      for (const variant of [label.toLowerCase(), label.toUpperCase()]) {
        expectFailure(() => parseStageLabel('a label', variant), 'INVALID_PARAMETER')
        expect(isBuiltInStage(variant)).toBe(false)
      }
    }
    for (const label of ['ACSNext', 'ACS', 'ACSCurrent1', 'xACSCurrent']) {
      expect(parseStageLabel('a label', label)).toBe(label)
      expect(isBuiltInStage(label)).toBe(false)
    }
  })

  it('only new names are kept from the prefix of managed types', () => {
    expect(parseSecretName('acs/ram/x')).toBe('acs/ram/x')
    expectFailure(() => parseNewSecretName('a name', 'acs/ram/x'), 'INVALID_PARAMETER')
    expect(parseNewSecretName('a name', 'Acs/x')).toBe('Acs/x')
  })

  it('compareText orders by code unit, as keys of the store are', () => {
    expect(['b', 'B', 'a', '_', '1', 'ab', ''].sort(compareText)).toEqual([
      '',
      '1',
      'B',
      '_',
      'a',
      'ab',
      'b',
    ])
    expect(compareText('a', 'a')).toBe(0)
  })
})

describe('ARNs', () => {
  it('there and back, for every legal name', () => {
    const unit = fc.constantFrom(...Array.from(CHARSET))
    const names = fc.string({ unit, minLength: 1, maxLength: 192 })
    fc.assert(
      fc.property(names, (name) => {
        expect(parseNameOrArn(SCOPE, formatArn(SCOPE, name))).toBe(name)
        expect(parseNameOrArn(SCOPE, name)).toBe(name)
      }),
    )
  })

  it('of another place are refused', () => {
    const wrong = [
      formatArn({ ...SCOPE, region: 'other' }, 'S'),
      formatArn({ ...SCOPE, accountId: '4' }, 'S'),
      formatArn(SCOPE, ''),
      'acs:',
      'acs:kms:local:42:secret',
      'acs:kms:local:42:key/S',
      'Acs:x',
      `${formatArn(SCOPE, 'S')}:x`,
      formatArn(SCOPE, 'x'.repeat(193)),
    ]
    for (const arn of wrong) expectFailure(() => parseNameOrArn(SCOPE, arn), 'INVALID_PARAMETER')
  })

  it('parts have 1 to 64 of their charset', () => {
    for (const part of ['x', '0', '-', '_', 'cn-hangzhou', 'x'.repeat(64)]) {
      expect(parseArnPart('region', part)).toBe(part)
    }
    for (const part of ['', 'x'.repeat(65), 'a/b', 'a:b', 'a.b', 'é', ' ', 'x\n']) {
      expectFailure(() => parseArnPart('region', part), 'INVALID_PARAMETER')
    }
  })
})

describe('text', () => {
  it('there and back, a byte order mark included', () => {
    fc.assert(
      fc.property(anyWellFormedText(), (text) => {
        expect(decodeText(encodeText('text', text))).toBe(text)
        expect(encodeText('text', text)).toEqual(new Uint8Array(Buffer.from(text, 'utf8')))
      }),
    )
    for (const text of ['', '\ufeff', '\ufeff\ufeffx', '\0', '\u{10ffff}']) {
      expect(decodeText(encodeText('text', text))).toBe(text)
    }
  })

  it('a lone surrogate is refused, not replaced', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd700, max: 0xe0ff })), (units) => {
        const text = String.fromCharCode(...units)
        const code = failureCode(() => encodeText('text', text))
        expect(code).toBe(text.isWellFormed() ? null : 'INVALID_PARAMETER')
      }),
    )
  })

  it('bytes decode to one text or to none', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        let text: string
        try {
          text = decodeText(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'MALFORMED_RECORD' })
          return
        }
        expect(encodeText('text', text)).toEqual(bytes)
      }),
    )
  })
})
