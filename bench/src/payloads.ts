import { createHash } from 'node:crypto'

/**
 * Text of `bytes` ASCII characters as long passwords and tokens have it: nothing to compress, the
 * same for the same `seed`.
 */
export function payloadText(bytes: number, seed: string): string {
  const outputLength = Math.ceil((bytes * 3) / 4)
  const hash = createHash('shake256', { outputLength })
  return hash.update(`${seed} ${bytes}`).digest('base64url').slice(0, bytes)
}

/** The same text as bytes with memory of their own. */
export function payloadBytes(bytes: number, seed: string): Uint8Array {
  return new Uint8Array(Buffer.from(payloadText(bytes, seed)))
}

export function isSameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}

/** `100 B`, `1 KB`, `30 KB`. */
export function sizeName(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`
}

/** Numbers from 0 to `end` - 1, evenly spread and the same in every run (a 32-bit LCG). */
export function sequence(end: number, seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * end)
  }
}

/** 0, 1, … `end` - 1, and again from the start. */
export function cycle(end: number): () => number {
  let next = 0
  return () => {
    const value = next
    next = (next + 1) % end
    return value
  }
}
