/**
 * Bytes that look random and are the same in every run: HMAC-SHA-256 in counter mode, as
 * docs/format/vectors/README.md describes it. Each input of a vector has a name of its own, so a
 * new case changes no old one.
 */

import { createHmac } from 'node:crypto'

const SEED = 'stagevault test vectors'
const BLOCK_BYTES = 32

function block(name: string, counter: number): Uint8Array {
  const number = new Uint8Array(4)
  new DataView(number.buffer).setUint32(0, counter)
  const hmac = createHmac('sha256', SEED)
  return new Uint8Array(hmac.update(name, 'latin1').update('\0').update(number).digest())
}

/** The first `length` bytes of the stream with this name. */
export function namedBytes(name: string, length: number): Uint8Array {
  return namedStream(name)(length)
}

/** Takes the bytes of the stream with this name, piece after piece: a source for a vault. */
export function namedStream(name: string): (length: number) => Uint8Array {
  let position = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) {
      const at = position + i
      bytes[i] = block(name, Math.floor(at / BLOCK_BYTES))[at % BLOCK_BYTES] ?? 0
    }
    position += length
    return bytes
  }
}
