import { createHash } from 'node:crypto'

/**
 * Random bytes that are the same in every run and never repeat: SHA-256 over a seed and a counter.
 */
export function seededRandom(seed: string): (length: number) => Uint8Array {
  let block = new Uint8Array(0)
  let position = 0
  let counter = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) {
      if (position === block.length) {
        block = new Uint8Array(createHash('sha256').update(`${seed} ${counter}`).digest())
        counter += 1
        position = 0
      }
      bytes[i] = block[position] ?? 0
      position += 1
    }
    return bytes
  }
}
