/** Ids of secrets stay apart where the random source repeats itself. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECRET_ID_BYTES, hedgedSecretId } from '@stagevault/core/crypto/key-wrapping'
import { TEST_KEYS, TEST_PRIMITIVES, someBytes } from '../support/record-keys.js'

interface Facts {
  readonly hedgeKey: Uint8Array
  readonly vaultId: Uint8Array
  readonly secretName: string
  readonly createTime: number
  readonly random: Uint8Array
  readonly value: Uint8Array
}

const FACTS: Facts = {
  hedgeKey: someBytes(32, 40),
  vaultId: TEST_KEYS.vaultId,
  secretName: 'app/db',
  createTime: 1_000,
  random: someBytes(32, 41),
  value: someBytes(9, 42),
}

function idOf({ hedgeKey, random, value, ...secret }: Facts): Uint8Array {
  return hedgedSecretId(TEST_PRIMITIVES, hedgeKey, secret, random, value)
}

const names = fc.string({ unit: fc.constantFrom('a', 'b', '/', '0'), minLength: 1, maxLength: 9 })

it('has 16 bytes, and follows from its facts alone', () => {
  expect(idOf(FACTS)).toHaveLength(SECRET_ID_BYTES)
  expect(SECRET_ID_BYTES).toBe(16)
  expect(idOf(structuredClone(FACTS))).toEqual(idOf(FACTS))
})

describe('with the same random bytes', () => {
  it.each<[what: string, change: Partial<Facts>]>([
    ['another name', { secretName: 'app/dc' }],
    ['another time', { createTime: 1_001 }],
    ['another value', { value: someBytes(9, 43) }],
    ['another vault', { vaultId: someBytes(16, 44) }],
    ['another hedge key', { hedgeKey: someBytes(32, 45) }],
  ])('%s is another id', (_what, change) => {
    expect(idOf({ ...FACTS, ...change })).not.toEqual(idOf(FACTS))
  })

  it('two names or values never have one id', () => {
    fc.assert(
      fc.property(names, names, fc.uint8Array(), fc.uint8Array(), (a, b, one, other) => {
        const first = idOf({ ...FACTS, secretName: a, value: one })
        const second = idOf({ ...FACTS, secretName: b, value: other })
        const isSame = a === b && one.join() === other.join()
        expect(first.join() === second.join()).toBe(isSame)
      }),
    )
  })
})

it('other random bytes are another id of the same secret', () => {
  expect(idOf({ ...FACTS, random: someBytes(32, 46) })).not.toEqual(idOf(FACTS))
})
