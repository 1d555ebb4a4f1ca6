/**
 * Project Wycheproof (C2SP/wycheproof, folder testvectors_v1), next to the repository.
 * Goal F22: the relevant vectors pass in every implementation, all of them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { describe, expect, it, type TestContext } from 'vitest'
import { fromHex, implementations, toHex } from './implementations.js'

const FOLDER = new URL('../../../../../shared/vectors/wycheproof/', import.meta.url)
const ABSENT = 'Wycheproof vectors not run: no folder ../shared/vectors/wycheproof'
const isPresent = existsSync(fileURLToPath(FOLDER))
if (!isPresent) console.warn(ABSENT)

interface Vector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
  /** Every other field: hexadecimal, or a number. */
  readonly [field: string]: unknown
}

interface Group {
  readonly keySize: number
  readonly ivSize?: number
  readonly tagSize?: number
  readonly tests: readonly Vector[]
}

function readGroups(ctx: TestContext, file: string): readonly Group[] {
  if (!isPresent) ctx.skip(ABSENT)
  const { testGroups } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
    readonly testGroups: readonly Group[]
  }
  return testGroups
}

function field(vector: Vector, name: string): Uint8Array {
  const value = vector[name]
  if (typeof value !== 'string') throw new TypeError(`vector ${vector.tcId} has no ${name}`)
  return fromHex(value)
}

/** Runs `check` on each vector: the number of them, and those that came out wrong. */
function run(
  groups: readonly Group[],
  check: (vector: Vector, group: Group) => boolean,
): { readonly count: number; readonly wrong: readonly number[] } {
  let count = 0
  const wrong: number[] = []
  for (const group of groups) {
    for (const vector of group.tests) {
      count += 1
      if (!check(vector, group)) wrong.push(vector.tcId)
    }
  }
  return { count, wrong }
}

function checkAead(primitives: Primitives, suite: SuiteId, vector: Vector): boolean {
  const key = field(vector, 'key')
  const nonce = field(vector, 'iv')
  const aad = field(vector, 'aad')
  const box = fromHex(toHex(field(vector, 'ct')) + toHex(field(vector, 'tag')))
  const sealed = primitives.aeadSeal(suite, key, nonce, aad, field(vector, 'msg'))
  const opened = primitives.aeadOpen(suite, key, nonce, aad, box)
  const sealsSo = toHex(sealed) === toHex(box)
  return vector.result === 'valid'
    ? sealsSo && opened !== null && toHex(opened) === vector['msg']
    : !sealsSo && opened === null
}

/** RFC 5869 on the primitive. The key derivation of the format is Expand alone. */
function hkdf(
  primitives: Primitives,
  {
    ikm,
    salt,
    info,
    size,
  }: {
    readonly ikm: Uint8Array
    readonly salt: Uint8Array
    readonly info: Uint8Array
    readonly size: number
  },
): string | null {
  if (size > 255 * 32) return null
  const extracted = primitives.hmacSha256(salt.length === 0 ? new Uint8Array(32) : salt, ikm)
  let okm = ''
  let block: Uint8Array = new Uint8Array(0)
  for (let counter = 1; okm.length < 2 * size; counter++) {
    block = primitives.hmacSha256(extracted, block, info, Uint8Array.of(counter))
    okm += toHex(block)
  }
  return okm.slice(0, 2 * size)
}

describe.each(implementations)('%s', (_name, primitives) => {
  it('AES-256-GCM with 96-bit nonce and 128-bit tag', (ctx) => {
    const groups = readGroups(ctx, 'aes_gcm_test.json').filter(
      ({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128,
    )
    const outcome = run(groups, (vector) => checkAead(primitives, 2, vector))
    expect(outcome).toEqual({ count: 66, wrong: [] })
  })

  it('ChaCha20-Poly1305 with 96-bit nonce', (ctx) => {
    const groups = readGroups(ctx, 'chacha20_poly1305_test.json').filter(
      ({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128,
    )
    const outcome = run(groups, (vector) => checkAead(primitives, 1, vector))
    expect(outcome).toEqual({ count: 316, wrong: [] })
  })

  it('HMAC-SHA-256', (ctx) => {
    const outcome = run(readGroups(ctx, 'hmac_sha256_test.json'), (vector, { tagSize = 0 }) => {
      const tag = primitives.hmacSha256(field(vector, 'key'), field(vector, 'msg'))
      const isRight = toHex(tag.subarray(0, tagSize / 8)) === vector['tag']
      return isRight === (vector.result === 'valid')
    })
    expect(outcome).toEqual({ count: 174, wrong: [] })
  })

  it('HKDF-SHA-256 over HMAC', (ctx) => {
    const outcome = run(readGroups(ctx, 'hkdf_sha256_test.json'), (vector) => {
      const okm = hkdf(primitives, {
        ikm: field(vector, 'ikm'),
        salt: field(vector, 'salt'),
        info: field(vector, 'info'),
        size: Number(vector['size']),
      })
      return vector.result === 'valid' ? okm === vector['okm'] : okm === null
    })
    expect(outcome).toEqual({ count: 86, wrong: [] })
  })
})
