import type { StorageAdapter, StorageEntry, StorageKey, StorageRange } from '../contract.js'
import { SCAN_LIMIT_MAX } from '../limits.js'
import { same } from './expect.js'

/** A range that contains all keys of the suite. */
export const EVERYTHING: StorageRange = { start: '!', end: '~~~~', limit: SCAN_LIMIT_MAX }

/** The bytes of an ASCII text. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** The ASCII text of some bytes. */
export function text(value: Uint8Array): string {
  return String.fromCharCode(...value)
}

export function filled(length: number, byte: number): Uint8Array {
  return new Uint8Array(length).fill(byte)
}

/** `count` keys that sort in the order of their numbers: `k0000`, `k0001` and so on. */
export function numberedKeys(count: number): StorageKey[] {
  return Array.from({ length: count }, (_, i) => `k${String(i).padStart(4, '0')}`)
}

export function entry(key: StorageKey, value: string): StorageEntry {
  return { key, value: bytes(value) }
}

/** Writes entries without guards, which must succeed. */
export async function write(
  storage: StorageAdapter,
  ...mutations: readonly StorageEntry[]
): Promise<void> {
  for (let i = 0; i < mutations.length; i += 128) {
    const outcome = await storage.commit({ guards: [], mutations: mutations.slice(i, i + 128) })
    same(outcome, 'applied', 'outcome of a commit without guards')
  }
}

/** Writes each key with itself as its value. */
export async function writeKeys(
  storage: StorageAdapter,
  keys: readonly StorageKey[],
): Promise<void> {
  await write(storage, ...keys.map((key) => entry(key, key)))
}

/** Random numbers from 0 to `below` - 1, repeatable by the seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
