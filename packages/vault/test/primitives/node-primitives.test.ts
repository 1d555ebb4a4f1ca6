/** How the primitives use `node:crypto`, where the results alone do not show it. */
import * as nodeCrypto from 'node:crypto'
import { expect, it } from 'vitest'
import { nodePrimitives, nodePrimitivesOver } from '../../dist/platform/node-primitives.js'
import { seededBytes, suites, watched } from './implementations.js'

const random = seededBytes(11)
const key = random.bytes(32)
const nonce = random.bytes(12)
const aad = random.bytes(5)

it.each(suites)('suite %i asks for full tags: left alone, Node accepts shorter ones', (suite) => {
  const options: unknown[] = []
  const look = (args: readonly unknown[]): void => {
    options.push(args[3])
  }
  const primitives = nodePrimitivesOver({
    ...nodeCrypto,
    createCipheriv: watched(nodeCrypto.createCipheriv, look),
    createDecipheriv: watched(nodeCrypto.createDecipheriv, look),
  })
  options.length = 0
  primitives.aeadOpen(suite, key, nonce, aad, primitives.aeadSeal(suite, key, nonce, aad, aad))
  expect(options).toEqual([{ authTagLength: 16 }, { authTagLength: 16 }])
})

it('without ChaCha20-Poly1305, as in Electron, asks for it once and never again', () => {
  const asked: unknown[] = []
  const look = ([algorithm]: readonly unknown[]): void => {
    asked.push(algorithm)
    if (algorithm === 'chacha20-poly1305') throw new Error('Unknown cipher')
  }
  const primitives = nodePrimitivesOver({
    ...nodeCrypto,
    createCipheriv: watched(nodeCrypto.createCipheriv, look),
    createDecipheriv: watched(nodeCrypto.createDecipheriv, look),
  })
  for (const suite of suites) {
    const box = primitives.aeadSeal(suite, key, nonce, aad, aad)
    expect(box).toEqual(nodePrimitives.aeadSeal(suite, key, nonce, aad, aad))
    expect(primitives.aeadOpen(suite, key, nonce, aad, box)).toEqual(aad)
  }
  expect(asked).toEqual(['chacha20-poly1305', 'aes-256-gcm', 'aes-256-gcm'])
})

it('wipes what Node decrypted before the tag turned out wrong', () => {
  const box = nodePrimitives.aeadSeal(2, key, nonce, aad, random.bytes(50))
  box.set([(box[0] ?? 0) ^ 1])
  const released: Uint8Array[] = []
  const createDecipheriv = new Proxy(nodeCrypto.createDecipheriv, {
    apply(target, self, args) {
      const decipher = Reflect.apply(target, self, args) as nodeCrypto.DecipherGCM
      const update = decipher.update.bind(decipher)
      decipher.update = (data: nodeCrypto.BinaryLike) => {
        const plaintext = update(data as Uint8Array)
        released.push(plaintext)
        return plaintext as never
      }
      return decipher
    },
  })
  const primitives = nodePrimitivesOver({ ...nodeCrypto, createDecipheriv })
  expect(primitives.aeadOpen(2, key, nonce, aad, box)).toBeNull()
  expect(released.map((bytes) => new Uint8Array(bytes))).toEqual([new Uint8Array(50)])
})

it('takes a key as bytes alone, copies them out of shared memory, and wipes them there', () => {
  const pooled: Uint8Array[] = []
  const hash = ((algorithm: string, data: Uint8Array, encoding: 'binary' | 'buffer') => {
    const digest = nodeCrypto.createHash(algorithm).update(data).digest()
    if (encoding !== 'buffer') return digest.toString(encoding)
    const window = Buffer.from(new ArrayBuffer(100), 10, digest.length)
    digest.copy(window)
    pooled.push(window)
    return window
  }) as unknown as typeof nodeCrypto.hash
  const derived = nodePrimitivesOver({ ...nodeCrypto, hash }).hmacSha256(key, aad)
  expect(derived).toEqual(nodePrimitives.hmacSha256(key, aad))
  expect(derived.buffer.byteLength).toBe(32)
  expect(pooled.map((bytes) => new Uint8Array(bytes))).toEqual([new Uint8Array(32)])
})
