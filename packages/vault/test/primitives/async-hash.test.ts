/** Long hashes are made elsewhere: the result is the same, after any failure there. */

import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hmacAsync, sha256Async } from '../../dist/platform/async-hash.js'
import type { HashLongData } from '../../dist/platform/platform.js'
import { LONG_DATA_BYTES_MIN } from '../../dist/platform/platform.js'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { seededRandom } from '../support/seeded-random.js'

const random = seededRandom('async-hash')
const LONG = LONG_DATA_BYTES_MIN
const LENGTHS = [0, 1, 64, LONG - 1, LONG, LONG + 1, 30_720, 126_976]

/** Somewhere else that hashes, and what it was given. */
function elsewhere(hash: HashLongData) {
  const given: Uint8Array[] = []
  const hashLongData: HashLongData = (data) => {
    given.push(data)
    return hash(data)
  }
  return { given, hashing: { hashLongData, primitives: nodePrimitives } }
}

const sha256: HashLongData = (data) =>
  Promise.resolve(new Uint8Array(createHash('sha256').update(data).digest()))

const failing: HashLongData = () => Promise.reject(new Error('out of memory'))

describe.each([
  ['that works', sha256],
  ['that fails', failing],
])('with another place %s', (_what, hash) => {
  it.each(LENGTHS)('SHA-256 of %i bytes is the same', async (length) => {
    const { given, hashing } = elsewhere(hash)
    const data = random(length)
    expect(await sha256Async(hashing, data)).toEqual(nodePrimitives.sha256(data))
    expect(given).toHaveLength(length < LONG ? 0 : 1)
  })

  it.each(LENGTHS)(
    'HMAC-SHA-256 of %i bytes is the same, and nothing is left there',
    async (length) => {
      const { given, hashing } = elsewhere(hash)
      const data = random(length)
      for (const keyBytes of [0, 32, 64]) {
        const [key, context] = [random(keyBytes), random(100)]
        const mac = createHmac('sha256', key).update(context).update(data).digest()
        expect(await hmacAsync(hashing)(key, context, data)).toEqual(new Uint8Array(mac))
      }
      expect(given).toHaveLength(length < LONG ? 0 : 3)
      expect(given.every((message) => message.every((byte) => byte === 0))).toBe(true)
    },
  )
})

it('without another place they are made here', async () => {
  const here = { hashLongData: null, primitives: nodePrimitives }
  const data = random(30_720)
  expect(await sha256Async(here, data)).toEqual(nodePrimitives.sha256(data))
  const [key, context] = [random(32), random(100)]
  expect(await hmacAsync(here)(key, context, data)).toEqual(
    nodePrimitives.hmacSha256(key, context, data),
  )
})
