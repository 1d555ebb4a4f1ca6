/**
 * Goal F13: a version record that two keys open. A party that may wrap keys could show two
 * readers two values; AES-GCM alone lets them.
 */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { VersionAddress } from '@stagevault/core/crypto/associated-data'
import { dekWrapContext, valueContext } from '@stagevault/core/crypto/associated-data'
import { ZERO_NONCE, expandTwoKeys, unwrapKey, wrapKey } from '@stagevault/core/crypto/key-wrapping'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { Kek, SealedVersion } from '@stagevault/core/records/envelope'
import { openVersion, parseVersion, sealVersion } from '@stagevault/core/records/envelope'
import { ascii, fromHex, implementations, seededBytes } from '../primitives/implementations.js'
import { buildSalamander, keystream } from '../primitives/salamander.js'
import { expectFailure } from '../support/failures.js'

const SUITE = 2

/** The keys of the stored two-key box, as the two DEKs of an envelope. */
const stored = JSON.parse(
  readFileSync(new URL('../../../../docs/format/vectors/salamander.json', import.meta.url), 'utf8'),
) as Record<'key1' | 'key2', string>
const DEKS = [fromHex(stored.key1), fromHex(stored.key2)] as const

const random = seededBytes(13)
const kek: Kek = {
  keyId: random.bytes(16),
  keyVersion: 1,
  key: random.bytes(32),
  hedgeKey: random.bytes(32),
}
const address: VersionAddress = {
  vaultId: random.bytes(16),
  secretId: random.bytes(16),
  number: 1,
  versionId: 'v1',
}
const facts = { contentType: 0, createTime: 1_900_000_000_000, padding: 0 }
const context = valueContext(SUITE, address, facts)
const salt = random.bytes(32)

interface Collision {
  /** The same box, under each of the two DEKs; both with the commitment of the first. */
  readonly records: readonly [SealedVersion, SealedVersion]
  readonly valueKeys: readonly [Uint8Array, Uint8Array]
  readonly commitments: readonly [Uint8Array, Uint8Array]
}

/** A box that says one thing under the first DEK, and another under the second. */
function collide(primitives: Primitives): Collision {
  const [first, second] = DEKS.map((dek) => expandTwoKeys(primitives, dek, context))
  if (first === undefined || second === undefined) throw new Error('two DEKs are needed')
  const body = new Uint8Array(48)
  body.set(xor(ascii('rotate on Monday'), keystreamOf(first[0], 0)), 0)
  body.set(xor(ascii('rotate on Friday'), keystreamOf(second[0], 16)), 16)
  const box = buildSalamander([first[0], second[0]], ZERO_NONCE, context, body)
  const wrapContext = dekWrapContext(SUITE, address, { ...kek, salt })
  const record = (dek: Uint8Array): SealedVersion => ({
    ...facts,
    suite: SUITE,
    versionId: address.versionId,
    keyId: kek.keyId,
    keyVersion: kek.keyVersion,
    salt,
    wrapped: wrapKey(primitives, SUITE, kek.key, wrapContext, dek),
    commitment: first[1],
    box,
  })
  return {
    records: [record(DEKS[0]), record(DEKS[1])],
    valueKeys: [first[0], second[0]],
    commitments: [first[1], second[1]],
  }
}

/** The 16 bytes of keystream at `start`. */
function keystreamOf(key: Uint8Array, start: number): Uint8Array {
  return keystream(key, ZERO_NONCE, start + 16).subarray(start)
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

describe.each(implementations)('an envelope with a box of two keys (%s)', (_name, primitives) => {
  const { records, valueKeys, commitments } = collide(primitives)
  const open = (sealed: SealedVersion): Uint8Array =>
    openVersion(primitives, SUITE, kek, address, sealed).bytes

  it('is real: without the commitment it has a meaning under either DEK', () => {
    const texts = valueKeys.map((key) =>
      primitives.aeadOpen(SUITE, key, ZERO_NONCE, context, records[0].box),
    )
    expect(texts[0]?.subarray(0, 16)).toEqual(ascii('rotate on Monday'))
    expect(texts[1]?.subarray(16, 32)).toEqual(ascii('rotate on Friday'))
    for (const [i, record] of records.entries()) {
      const wrapContext = dekWrapContext(SUITE, address, record)
      expect(unwrapKey(primitives, SUITE, kek.key, wrapContext, record.wrapped)).toEqual(DEKS[i])
    }
  })

  it('opens under the DEK that it commits to, and not under the other', async () => {
    expect(open(records[0]).subarray(0, 16)).toEqual(ascii('rotate on Monday'))
    await expectFailure(() => open(records[1]), 'DECRYPTION_FAILED')
  })

  it('can commit to one of the two only', async () => {
    const [toFirst, toSecond] = commitments
    expect(toFirst).not.toEqual(toSecond)
    const turned = records.map((record) => ({ ...record, commitment: toSecond }))
    await expectFailure(() => open(turned[0] ?? records[0]), 'DECRYPTION_FAILED')
    expect(open(turned[1] ?? records[0]).subarray(16, 32)).toEqual(ascii('rotate on Friday'))
  })
})

describe('the commitment of an envelope', () => {
  it.each(implementations)('binds every field of the context (%s)', async (_name, primitives) => {
    for (const suite of [1, 2] as const) {
      const value = { type: 'text', bytes: ascii('a value') } as const
      const { createTime } = facts
      const version = { suite, address, createTime, value, digest: random.bytes(32) }
      const record = sealVersion(primitives, kek, version, random.bytes(64))
      const sealed = parseVersion(record)
      const open = (changed: Partial<SealedVersion>, at: Partial<VersionAddress> = {}): unknown =>
        openVersion(primitives, suite, kek, { ...address, ...at }, { ...sealed, ...changed })
      expect(open({})).toEqual(value)
      await expectFailure(() => open({ contentType: 1 }), 'DECRYPTION_FAILED')
      await expectFailure(() => open({ createTime: sealed.createTime + 1 }), 'DECRYPTION_FAILED')
      await expectFailure(() => open({ padding: 1 }), 'UNSUPPORTED_FORMAT')
      await expectFailure(() => open({ suite: 3 - suite }), 'UNSUPPORTED_FORMAT')
      await expectFailure(() => open({}, { number: 2 }), 'DECRYPTION_FAILED')
      const renamed = { versionId: 'v2' }
      await expectFailure(() => open({}, renamed), 'RECORD_MISMATCH')
      await expectFailure(() => open(renamed, renamed), 'DECRYPTION_FAILED')
      await expectFailure(() => open({}, { secretId: random.bytes(16) }), 'DECRYPTION_FAILED')
      await expectFailure(() => open({}, { vaultId: random.bytes(16) }), 'DECRYPTION_FAILED')
      for (let bit = 0; bit < 256; bit++) {
        const commitment = new Uint8Array(sealed.commitment)
        commitment[bit >>> 3] = (commitment[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
        await expectFailure(() => open({ commitment }), 'DECRYPTION_FAILED')
      }
    }
  })
})
