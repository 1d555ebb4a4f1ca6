import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KEYRING_KEY } from '@stagevault/core/records/layout'
import { openRecord, recordTag } from '@stagevault/core/records/record-frame'
import { TEST_KEYS, withMac } from '../support/record-keys.js'

/** A keyring's header, and any fields. */
const bodies = fc
  .uint8Array({ maxLength: 200 })
  .map((fields) => Uint8Array.from([0x53, 0x56, 0x4b, 0x52, 1, ...fields]))

it('is the first half of the MAC, and no window on the record', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const record = withMac(KEYRING_KEY, body)
      openRecord(TEST_KEYS, 'keyring', KEYRING_KEY, record)
      const tag = recordTag(record)
      expect(tag).toEqual(record.slice(body.length, body.length + 16))
      expect(tag.buffer).not.toBe(record.buffer)
    }),
  )
})

it('differs where the records do', () => {
  fc.assert(
    fc.property(bodies, bodies, (a, b) => {
      const tags = [a, b].map((body) => recordTag(withMac(KEYRING_KEY, body)).join())
      expect(tags[0] === tags[1]).toBe(a.join() === b.join())
    }),
  )
})

it('of what is shorter than a MAC is what there is', () => {
  expect(recordTag(new Uint8Array(0))).toHaveLength(0)
  expect(recordTag(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3))
})
