/** Addresses and blocks as numbers. Policies and requests hold them as text. */

/** An address: its family, and its value as 32 or 128 bits. */
export interface ReferenceAddress {
  readonly family: 4 | 6
  readonly value: bigint
}

/** The addresses that share the first `prefix` bits of `value`. */
export interface ReferenceBlock extends ReferenceAddress {
  readonly prefix: number
}

/** The first 96 bits of an IPv4-mapped IPv6 address. */
const MAPPED = 0xffffn

/** An address, or `null`. An IPv4-mapped IPv6 address is its IPv4 address. */
export function parseAddress(text: string): ReferenceAddress | null {
  const address = parseUnmapped(text)
  if (address?.family !== 6 || address.value >> 32n !== MAPPED) return address
  return { family: 4, value: address.value & 0xffffffffn }
}

/** An address or a CIDR block whose host bits are zero, or `null`. */
export function parseBlock(text: string): ReferenceBlock | null {
  const [addressText = '', prefixText, ...more] = text.split('/')
  const address = parseUnmapped(addressText)
  if (address === null || more.length > 0) return null
  const bits = address.family === 4 ? 32 : 128
  const prefix = prefixText === undefined ? bits : parseDecimal(prefixText, bits)
  if (prefix === null) return null
  const hostBits = BigInt(bits - prefix)
  if ((address.value >> hostBits) << hostBits !== address.value) return null
  if (address.family === 6 && address.value >> 32n === MAPPED && prefix >= 96) {
    return { family: 4, value: address.value & 0xffffffffn, prefix: prefix - 96 }
  }
  return { ...address, prefix }
}

/** Whether a block holds an address; the families never match each other. */
export function blockHolds(block: ReferenceBlock, address: ReferenceAddress): boolean {
  if (block.family !== address.family) return false
  const hostBits = BigInt((block.family === 4 ? 32 : 128) - block.prefix)
  return block.value >> hostBits === address.value >> hostBits
}

function parseUnmapped(text: string): ReferenceAddress | null {
  if (text.includes(':')) {
    const value = parseIpv6(text)
    return value === null ? null : { family: 6, value }
  }
  const value = parseIpv4(text)
  return value === null ? null : { family: 4, value }
}

function parseIpv4(text: string): bigint | null {
  const parts = text.split('.').map((part) => parseDecimal(part, 255))
  if (parts.length !== 4) return null
  let value = 0n
  for (const part of parts) {
    if (part === null) return null
    value = value * 256n + BigInt(part)
  }
  return value
}

/** Decimal digits without leading zeros, at most `max`. */
function parseDecimal(text: string, max: number): number | null {
  if (text.length < 1 || text.length > 3) return null
  for (const char of text) if (char < '0' || char > '9') return null
  if (text.length > 1 && text.startsWith('0')) return null
  return Number(text) <= max ? Number(text) : null
}

function parseIpv6(text: string): bigint | null {
  const halves = withoutDottedTail(text)?.split('::')
  if (halves === undefined || halves.length > 2) return null
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  // `::` is one group of zeros or more.
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  let value = 0n
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    const number = parseHexGroup(group)
    if (number === null) return null
    value = value * 65_536n + number
  }
  return value
}

/** The text with `a.b.c.d` at its end as two groups of hexadecimal digits. */
function withoutDottedTail(text: string): string | null {
  const at = text.lastIndexOf(':') + 1
  if (!text.slice(at).includes('.')) return text
  const value = parseIpv4(text.slice(at))
  if (value === null) return null
  return `${text.slice(0, at)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}

function parseHexGroup(group: string): bigint | null {
  if (group.length < 1 || group.length > 4) return null
  for (const char of group) if (!'0123456789abcdefABCDEF'.includes(char)) return null
  return BigInt(`0x${group}`)
}
