/**
 * Addresses and blocks of addresses: IPv4 in dotted decimal without leading zeros, IPv6 as in
 * RFC 4291, section 2.2, without a zone. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is its
 * IPv4 address; besides that, addresses of the two families never match each other.
 */

import { readDigits } from './typed-values.js'

/** An address: 4 bytes for IPv4, 16 for IPv6. */
export type IpAddress = readonly number[]

/** A block in CIDR notation; an address alone is a block of one. */
export interface IpBlock {
  readonly address: IpAddress
  /** How many leading bits an address shares with `address` to be in the block. */
  readonly bits: number
}

const HEXADECIMAL = '0123456789abcdef'

/** The first 12 bytes of an IPv4-mapped address. */
const MAPPED: IpAddress = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
const MAPPED_BITS = 96

/** An address, or `null` for what is none. */
export function readIpAddress(text: string): IpAddress | null {
  const address = text.includes(':') ? readIpv6(text) : readIpv4(text)
  return address !== null && isMapped(address) ? address.slice(MAPPED.length) : address
}

/** An address or a block whose host bits are zero, or `null` for what is neither. */
export function readIpBlock(text: string): IpBlock | null {
  const slash = text.indexOf('/')
  if (slash < 0) {
    const address = readIpAddress(text)
    return address === null ? null : { address, bits: 8 * address.length }
  }
  const written = text.slice(0, slash)
  const address = written.includes(':') ? readIpv6(written) : readIpv4(written)
  const bits = readDecimal(text.slice(slash + 1))
  if (address === null || bits === null || bits > 8 * address.length) return null
  if (!hasZeroHostBits(address, bits)) return null
  // A shorter prefix of mapped addresses would hold addresses of both families.
  return isMapped(address) && bits >= MAPPED_BITS
    ? { address: address.slice(MAPPED.length), bits: bits - MAPPED_BITS }
    : { address, bits }
}

/** Whether an address lies in a block. */
export function isInBlock(address: IpAddress, block: IpBlock): boolean {
  return address.length === block.address.length && sharesBits(address, block.address, block.bits)
}

function sharesBits(a: IpAddress, b: IpAddress, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const left = bits & 7
  if (left === 0) return true
  const mask = 0xff << (8 - left)
  return (((a[whole] ?? 0) ^ (b[whole] ?? 0)) & mask & 0xff) === 0
}

function hasZeroHostBits(address: IpAddress, bits: number): boolean {
  return address.every((byte, i) => {
    const network = Math.min(8, Math.max(0, bits - 8 * i))
    return (byte & (0xff >> network)) === 0
  })
}

function isMapped(address: IpAddress): boolean {
  return address.length === 16 && sharesBits(address, MAPPED, MAPPED_BITS)
}

function readIpv4(text: string): IpAddress | null {
  const address: number[] = []
  for (const octet of text.split('.')) {
    const value = readDecimal(octet)
    if (value === null || value > 255) return null
    address.push(value)
  }
  return address.length === 4 ? address : null
}

/** One to three decimal digits without a leading zero, which some programs take as octal. */
function readDecimal(text: string): number | null {
  const hasLeadingZero = text.length > 1 && text.startsWith('0')
  return text.length > 3 || hasLeadingZero ? null : readDigits(text)
}

function readIpv6(text: string): IpAddress | null {
  const gap = text.indexOf('::')
  if (gap < 0) {
    const address = readGroups(text)
    return address?.length === 16 ? address : null
  }
  const before = text.slice(0, gap)
  const after = text.slice(gap + 2)
  const head = before === '' ? [] : readGroups(before, false)
  const tail = after === '' ? [] : readGroups(after)
  if (head === null || tail === null) return null
  // `::` stands for at least one group.
  const missing = 16 - head.length - tail.length
  return missing < 2 ? null : [...head, ...Array<number>(missing).fill(0), ...tail]
}

/** Groups of hexadecimal digits; the last may be an IPv4 address where `mayEndInIpv4`. */
function readGroups(text: string, mayEndInIpv4 = true): IpAddress | null {
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    const value = readHexadecimal(group)
    if (value !== null) {
      bytes.push(value >> 8, value & 0xff)
      continue
    }
    const isLast = i === groups.length - 1
    const ipv4 = isLast && mayEndInIpv4 ? readIpv4(group) : null
    if (ipv4 === null) return null
    bytes.push(...ipv4)
  }
  return bytes.length <= 16 ? bytes : null
}

/** One to four hexadecimal digits. */
function readHexadecimal(text: string): number | null {
  if (text.length < 1 || text.length > 4) return null
  let value = 0
  for (const digit of text) {
    const digitValue = HEXADECIMAL.indexOf(digit.toLowerCase())
    if (digitValue < 0) return null
    value = 16 * value + digitValue
  }
  return value
}
