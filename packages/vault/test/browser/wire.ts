/** Values between a test and a page, whose calls are JSON: dates and bytes among them. */

import type { Tombstone } from '@stagevault/core/model/tombstones'
import { Tombstones } from '@stagevault/core/model/tombstones'

/** @returns what `JSON.stringify` keeps, and {@link fromWire} turns back */
export function toWire(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Uint8Array) return { $bytes: [...value] }
  if (value instanceof Tombstones) return { $tombstones: [...value].map(toWire) }
  if (Array.isArray(value)) return value.map(toWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toWire(item)]))
}

export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire)
  if (typeof value !== 'object' || value === null) return value
  if ('$date' in value) return new Date(value.$date as number)
  if ('$tombstones' in value) return Tombstones.of(fromWire(value.$tombstones) as Tombstone[])
  if ('$bytes' in value) return Uint8Array.from(value.$bytes as number[])
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromWire(item)]))
}
