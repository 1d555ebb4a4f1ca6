/** Contexts are injective: different facts never give the same bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as contexts from '@stagevault/core/crypto/associated-data'
import type { SuiteId } from '@stagevault/core/crypto/primitives'

/** What a context says, read by the rule in its documentation and not by its code. */
interface Decoded {
  readonly purpose: number
  readonly fields: readonly (readonly [tag: number, hex: string])[]
}

function decode(context: Uint8Array): Decoded {
  const view = new DataView(context.buffer, context.byteOffset, context.length)
  expect(Buffer.from(context.subarray(0, 5)).toString('latin1')).toBe('slv1\0')
  const fields: [number, string][] = []
  let at = 6
  while (at < context.length) {
    const length = view.getUint32(at + 1)
    fields.push([
      view.getUint8(at),
      Buffer.from(context.subarray(at + 5, at + 5 + length)).toString('hex'),
    ])
    at += 5 + length
  }
  expect(at).toBe(context.length)
  return { purpose: view.getUint8(5), fields }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const number =
  (width: number) =>
  (value: number): string =>
    value.toString(16).padStart(2 * width, '0')
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex')

const id = fc.uint8Array({ minLength: 0, maxLength: 20 })
const u8 = fc.integer({ min: 0, max: 0xff })
const u32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 1, 0xffff_ffff))
const u64 = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32))
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 70 })
const suite = fc.constantFrom<SuiteId>(1, 2)
const address = fc.record({ vaultId: id, secretId: id, number: u32, versionId: ascii })
const kek = fc.record({ keyId: id, keyVersion: u32, salt: id })
const sealedValue = fc.record({ contentType: u8, createTime: u64, padding: u8 })

/** A purpose: its facts, what it encodes them to, and what must stand in the bytes. */
interface Purpose<Facts extends unknown[]> {
  readonly name: string
  readonly purpose: number
  readonly facts: { readonly [I in keyof Facts]: fc.Arbitrary<Facts[I]> }
  readonly encode: (...facts: Facts) => Uint8Array
  readonly fields: (...facts: Facts) => Decoded['fields']
}

const purpose = <Facts extends unknown[]>(entry: Purpose<Facts>): Purpose<unknown[]> =>
  entry as unknown as Purpose<unknown[]>

type Address = contexts.VersionAddress
const addressFields = (at: Address): Decoded['fields'] => [
  [2, hex(at.vaultId)],
  [3, hex(at.secretId)],
  [4, number(4)(at.number)],
  [5, text(at.versionId)],
]

const PURPOSES: readonly Purpose<unknown[]>[] = [
  purpose({
    name: 'slotWrapContext',
    purpose: 1,
    facts: [fc.record({ suite, vaultId: id, slotId: id, kind: u8, kdf: id, salt: id })],
    encode: contexts.slotWrapContext,
    fields: (slot) => [
      [1, number(2)(slot.suite)],
      [2, hex(slot.vaultId)],
      [12, hex(slot.slotId)],
      [13, number(1)(slot.kind)],
      [14, hex(slot.kdf)],
      [8, hex(slot.salt)],
    ],
  }),
  purpose({
    name: 'slotCheckContext',
    purpose: 2,
    facts: [id],
    encode: contexts.slotCheckContext,
    fields: (slotId) => [[12, hex(slotId)]],
  }),
  purpose({
    name: 'subkeyContext',
    purpose: 3,
    facts: [id, ascii],
    encode: contexts.subkeyContext,
    fields: (vaultId, label) => [
      [2, hex(vaultId)],
      [15, text(label)],
    ],
  }),
  purpose({
    name: 'kekWrapContext',
    purpose: 4,
    facts: [fc.record({ suite, vaultId: id, keyId: id, keyVersion: u32, salt: id })],
    encode: contexts.kekWrapContext,
    fields: (key) => [
      [1, number(2)(key.suite)],
      [2, hex(key.vaultId)],
      [6, hex(key.keyId)],
      [7, number(4)(key.keyVersion)],
      [8, hex(key.salt)],
    ],
  }),
  purpose({
    name: 'kekCheckContext',
    purpose: 5,
    facts: [id, u32],
    encode: contexts.kekCheckContext,
    fields: (keyId, keyVersion) => [
      [6, hex(keyId)],
      [7, number(4)(keyVersion)],
    ],
  }),
  purpose({
    name: 'dekWrapContext',
    purpose: 6,
    facts: [suite, address, kek],
    encode: contexts.dekWrapContext,
    fields: (suiteId, at, key) => [
      [1, number(2)(suiteId)],
      ...addressFields(at),
      [6, hex(key.keyId)],
      [7, number(4)(key.keyVersion)],
      [8, hex(key.salt)],
    ],
  }),
  purpose({
    name: 'valueContext',
    purpose: 7,
    facts: [suite, address, sealedValue],
    encode: contexts.valueContext,
    fields: (suiteId, at, value) => [
      [1, number(2)(suiteId)],
      ...addressFields(at),
      [9, number(1)(value.contentType)],
      [10, number(8)(value.createTime)],
      [11, number(1)(value.padding)],
    ],
  }),
  purpose({
    name: 'dekHedgeContext',
    purpose: 8,
    facts: [address],
    encode: contexts.dekHedgeContext,
    fields: addressFields,
  }),
  purpose({
    name: 'saltHedgeContext',
    purpose: 9,
    facts: [id],
    encode: contexts.saltHedgeContext,
    fields: (vaultId) => [[2, hex(vaultId)]],
  }),
  purpose({
    name: 'valueDigestContext',
    purpose: 10,
    facts: [fc.record({ vaultId: id, secretId: id, versionId: ascii, contentType: u8 })],
    encode: contexts.valueDigestContext,
    fields: (value) => [
      [2, hex(value.vaultId)],
      [3, hex(value.secretId)],
      [5, text(value.versionId)],
      [9, number(1)(value.contentType)],
    ],
  }),
  purpose({
    name: 'recordMacContext',
    purpose: 11,
    facts: [id, ascii],
    encode: contexts.recordMacContext,
    fields: (vaultId, storageKey) => [
      [2, hex(vaultId)],
      [16, text(storageKey)],
    ],
  }),
  purpose({
    name: 'secretIdContext',
    purpose: 12,
    facts: [id, ascii, u64],
    encode: contexts.secretIdContext,
    fields: (vaultId, secretName, createTime) => [
      [2, hex(vaultId)],
      [17, text(secretName)],
      [10, number(8)(createTime)],
    ],
  }),
]

it('every context has an entry here, and a purpose of its own', () => {
  const functions = Object.keys(contexts).filter((name) => name.endsWith('Context'))
  expect(PURPOSES.map(({ name }) => name).sort()).toEqual(functions.sort())
  expect(new Set(PURPOSES.map((each) => each.purpose)).size).toBe(PURPOSES.length)
})

describe.each(PURPOSES)('$name', ({ purpose: expected, facts, encode, fields }) => {
  it('holds every fact, so that none can be read in two ways', () => {
    fc.assert(
      fc.property(fc.tuple(...facts), (values) => {
        expect(decode(encode(...values))).toEqual({ purpose: expected, fields: fields(...values) })
      }),
    )
  })

  it('differs where the facts differ, and only there', () => {
    fc.assert(
      fc.property(fc.tuple(...facts), fc.tuple(...facts), (first, second) => {
        const isSame = JSON.stringify(fields(...first)) === JSON.stringify(fields(...second))
        expect(hex(encode(...first)) === hex(encode(...second))).toBe(isSame)
      }),
    )
  })
})

it('no two purposes ever share a context', () => {
  const any = fc
    .constantFrom(...PURPOSES)
    .chain((each) =>
      fc.tuple(...each.facts).map((values) => [each.name, hex(each.encode(...values))] as const),
    )
  fc.assert(
    fc.property(any, any, ([nameA, a], [nameB, b]) => {
      if (nameA !== nameB) expect(a).not.toBe(b)
    }),
  )
})

it('facts that slide from one field into the next are other facts', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
  const split = (a: number[], b: number[]): string =>
    hex(
      contexts.dekHedgeContext({
        vaultId: bytes(...a),
        secretId: bytes(...b),
        number: 1,
        versionId: 'v1',
      }),
    )
  expect(split([1, 2], [3])).not.toBe(split([1], [2, 3]))
  expect(split([1, 2, 3], [])).not.toBe(split([], [1, 2, 3]))
})
