import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInBlock, readIpAddress, readIpBlock } from '@stagevault/core/access/ip-address'
import { readBoolean, readDate, readNumber } from '@stagevault/core/access/typed-values'

describe('numbers and booleans', () => {
  it('read every safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(readNumber(String(value))).toBe(value)
      }),
    )
  })

  it('read 2^53', () => {
    expect(readNumber('9007199254740992')).toBe(2 ** 53)
    expect(readNumber('-9007199254740992')).toBe(-(2 ** 53))
  })

  it.each([
    '',
    '-',
    '+1',
    '1.0',
    '1e3',
    ' 1',
    '0x1',
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567',
    '١',
  ])('%j is no number', (text) => {
    expect(readNumber(text)).toBeNull()
  })

  it.each([
    ['true', true],
    ['false', false],
    ['True', null],
    ['1', null],
    ['', null],
  ])('%j as a boolean: %s', (text, expected) => {
    expect(readBoolean(text)).toBe(expected)
  })
})

describe('dates', () => {
  it('have nanoseconds', () => {
    expect(readDate('1970-01-01T00:00:01.000000001Z')).toBe(1_000_000_001n)
    expect(readDate('1969-12-31T23:59:59.5Z')).toBe(-500_000_000n)
  })

  it('read what Date writes', () => {
    const date = fc.date({
      min: new Date('0000-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (value) => {
        expect(readDate(value.toISOString())).toBe(BigInt(value.getTime()) * 1_000_000n)
      }),
    )
  })

  it.each([
    ['2026-11-30', Date.UTC(2026, 10, 30)],
    ['2026-11-30T09:30:00+08:00', Date.UTC(2026, 10, 30, 1, 30)],
    ['2026-11-30T00:00:00-00:30', Date.UTC(2026, 10, 30, 0, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('%s', (text, expected) => {
    expect(readDate(text)).toBe(BigInt(expected) * 1_000_000n)
  })

  it.each([
    '',
    '2026',
    '2026-11-31',
    '2025-02-29',
    '2026-13-01',
    '2026-11-30T24:00:00Z',
    '2026-11-30T23:59:60Z',
    '2026-11-30T09:30:00',
    '2026-11-30T09:30Z',
    '2026-11-30 09:30:00Z',
    '2026-11-30t09:30:00z',
    '2026-11-30T09:30:00.Z',
    '2026-11-30T09:30:00.1234567890Z',
    '2026-11-30T09:30:00+0800',
    '2026-11-30T09:30:00+24:00',
    '10000-01-01T00:00:00Z',
    '2026-11-30T09:30:00Z ',
    '2026-11-3',
    '2026-11-300',
  ])('%j is no date', (text) => {
    expect(readDate(text)).toBeNull()
  })
})

describe('addresses', () => {
  it('are those that Node takes, without zones', () => {
    const ipv4 = fc.ipV4()
    const ipv6 = fc.ipV6()
    const odd = fc
      .array(fc.constantFrom('1', '255', '256', '01', 'ffff', '::', ':', '.', 'g'), {
        maxLength: 12,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6, odd), (text) => {
        expect(readIpAddress(text) !== null).toBe(isIPv4(text) || isIPv6(text))
      }),
      { numRuns: 5_000 },
    )
    expect(readIpAddress('fe80::1%eth0')).toBeNull()
  })

  it('a mapped address is its IPv4 address', () => {
    expect(readIpAddress('::ffff:192.0.2.1')).toEqual([192, 0, 2, 1])
    expect(readIpAddress('::FFFF:c000:201')).toEqual([192, 0, 2, 1])
    expect(readIpBlock('::ffff:192.0.2.0/120')).toEqual({ address: [192, 0, 2, 0], bits: 24 })
  })

  it.each([
    ['192.0.2.1', '192.0.2.0/24', true],
    ['192.0.3.1', '192.0.2.0/24', false],
    ['192.0.2.127', '192.0.2.0/25', true],
    ['192.0.2.128', '192.0.2.0/25', false],
    ['8.8.8.8', '0.0.0.0/0', true],
    ['::1', '0.0.0.0/0', false],
    ['8.8.8.8', '::/0', false],
    ['192.0.2.1', '192.0.2.1/32', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1', true],
  ])('%s in %s: %s', (address, block, expected) => {
    const found = readIpAddress(address)
    const range = readIpBlock(block)
    if (found === null || range === null) throw new TypeError('the case is malformed')
    expect(isInBlock(found, range)).toBe(expected)
  })

  it.each([
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '::1/64',
    '::/129',
    '/8',
    '',
  ])('%j is no block', (text) => {
    expect(readIpBlock(text)).toBeNull()
  })
})
