/** What is stored: made without anything that only Node or only a browser has. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Text of `bytes` ASCII characters as long passwords and tokens have it: nothing to compress, the
 * same for the same `seed`.
 */
export function payloadText(bytes: number, seed: string): string {
  const next = sequence(ALPHABET.length, hash(`${seed} ${bytes}`))
  let text = ''
  for (let i = 0; i < bytes; i++) text += ALPHABET.charAt(next())
  return text
}

/** The same text as bytes with memory of their own. */
export function payloadBytes(bytes: number, seed: string): Uint8Array {
  return new TextEncoder().encode(payloadText(bytes, seed))
}

export function isSameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a?.length === b.length && a.every((byte, i) => byte === b[i])
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

/** FNV-1a. */
function hash(text: string): number {
  let state = 0x811c_9dc5
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x0100_0193) >>> 0
  }
  return state
}
