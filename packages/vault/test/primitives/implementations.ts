/** The implementations under test, and bytes to test them with. */
import * as nodeCrypto from 'node:crypto'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import {
  nodePrimitives,
  nodePrimitivesOver,
  type NodeCrypto,
} from '../../dist/platform/node-primitives.js'

type Callable = (...args: never[]) => unknown

/** The same function, which first lets `look` see the arguments. */
export function watched<F extends Callable>(real: F, look: (args: readonly unknown[]) => void): F {
  return new Proxy(real, {
    apply(target, self, args) {
      look(args)
      return Reflect.apply(target, self, args) as unknown
    },
  })
}

function refuseChaCha([algorithm]: readonly unknown[]): void {
  if (algorithm === 'chacha20-poly1305') throw new Error('Unknown cipher')
}

/** What Electron, Bun and old versions leave of `node:crypto`. */
const poorNodeCrypto: NodeCrypto = {
  createHash: nodeCrypto.createHash,
  createSecretKey: nodeCrypto.createSecretKey,
  createCipheriv: watched(nodeCrypto.createCipheriv, refuseChaCha),
  createDecipheriv: watched(nodeCrypto.createDecipheriv, refuseChaCha),
}

export const implementations: readonly (readonly [name: string, primitives: Primitives])[] = [
  ['noble', noblePrimitives],
  ['node', nodePrimitives],
  ['node without hash() and ChaCha20-Poly1305', nodePrimitivesOver(poorNodeCrypto)],
]

export const suites: readonly SuiteId[] = [1, 2]

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export interface SeededBytes {
  /** A whole number from 0 up to and without `end`. */
  below(end: number): number
  /** Bytes at an odd place in a larger buffer, as a decoder would hand them on. */
  bytes(length: number): Uint8Array
}

/** Marsaglia's xorshift128: the same everywhere, and none of the algorithms under test. */
export function seededBytes(seed: number): SeededBytes {
  let [x, y, z, w] = [seed, 362_436_069, 521_288_629, 88_675_123]
  const next = (): number => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w ^= (w >>> 19) ^ t ^ (t >>> 8)
    return w >>> 0
  }
  return {
    below: (end) => next() % end,
    bytes: (length) => {
      const offset = next() % 5
      const buffer = new Uint8Array(offset + length + 3)
      for (let i = 0; i < buffer.length; i += 4) {
        const word = next()
        for (let k = 0; k < 4 && i + k < buffer.length; k++) buffer[i + k] = word >>> (8 * k)
      }
      return buffer.subarray(offset, offset + length)
    },
  }
}
