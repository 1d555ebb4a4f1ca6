/**
 * Goal F21, second part: one state of the random source used twice, as after a virtual machine is
 * resumed twice from one snapshot. Two different values must still share nothing.
 */

import { beforeAll, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { SealedVersion } from '@stagevault/core/records/envelope'
import { parseVersion } from '@stagevault/core/records/envelope'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { ascii } from '../primitives/implementations.js'
import { CIPHERS, createSampleVault, dataOf, kindOf, recordsOf } from '../support/sample-vault.js'
import { seededRandom } from '../support/seeded-random.js'
import { START_TIME } from '../support/test-clock.js'
import { TEST_KEY } from '../support/test-vault.js'

type Records = ReadonlyMap<string, Uint8Array>

/** Resumes a copy of the store, with the same state of the random source each time. */
async function resume(base: Records, run: (vault: Vault) => Promise<unknown>): Promise<Records> {
  const data = dataOf(base)
  const vault = await openVault({
    storage: createMemoryStorage({ data }),
    unlock: rawKey(TEST_KEY),
    random: seededRandom('resumed'),
    clock: () => START_TIME,
  })
  await run(vault)
  return recordsOf(data)
}

/** The version record that is there since the copy was made. */
function newVersion(base: Records, after: Records): SealedVersion {
  const key = [...after.keys()].find((each) => kindOf(each) === 'version' && !base.has(each))
  return parseVersion(after.get(key ?? '') ?? new Uint8Array())
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

function expectNothingShared(one: SealedVersion, two: SealedVersion): void {
  for (const field of ['salt', 'wrapped', 'commitment', 'box'] as const) {
    expect(one[field]).not.toEqual(two[field])
    // Not even a part: one key with two contexts would show in the first bytes.
    expect(one[field].subarray(0, 8)).not.toEqual(two[field].subarray(0, 8))
  }
}

/** A keystream that was used twice shows the difference of the two texts. */
function expectOtherKeystream(
  [one, two]: readonly [SealedVersion, SealedVersion],
  texts: readonly [string, string],
): void {
  const difference = xor(ascii(texts[0]), ascii(texts[1]))
  expect(xor(one.box, two.box).subarray(0, difference.length)).not.toEqual(difference)
}

describe.each(CIPHERS)('a random state that was used twice (%s)', (cipher) => {
  let base: Records

  beforeAll(async () => {
    base = recordsOf((await createSampleVault({ cipher })).data)
  })

  const put =
    (secretData: string | Uint8Array, others: { versionId?: string } = {}) =>
    (vault: Vault): Promise<unknown> =>
      vault.putSecretValue({ secretName: 'db', secretData, versionId: 'x', ...others })

  async function versionsOf(
    first: (vault: Vault) => Promise<unknown>,
    second: (vault: Vault) => Promise<unknown>,
  ): Promise<readonly [SealedVersion, SealedVersion]> {
    return [
      newVersion(base, await resume(base, first)),
      newVersion(base, await resume(base, second)),
    ]
  }

  it('two values of one version share no key, salt or ciphertext', async () => {
    const texts = ['pay 100 to Alice', 'pay 999 to Mallo'] as const
    const pair = await versionsOf(put(texts[0]), put(texts[1]))
    expectNothingShared(...pair)
    expectOtherKeystream(pair, texts)
  })

  it('values that differ in one bit, in length or only in type share nothing either', async () => {
    for (const other of ['abd', 'abcd', 'ab', ascii('abc')]) {
      expectNothingShared(...(await versionsOf(put('abc'), put(other))))
    }
  })

  it('two first values of one new secret share nothing', async () => {
    const create =
      (secretData: string) =>
      (vault: Vault): Promise<unknown> =>
        vault.createSecret({ secretName: 'new', secretData })
    expectNothingShared(...(await versionsOf(create('one value'), create('another'))))
  })

  it('one value under two version ids, or in two secrets, shares nothing', async () => {
    expectNothingShared(...(await versionsOf(put('same'), put('same', { versionId: 'y' }))))
    const elsewhere = (vault: Vault): Promise<unknown> =>
      vault.putSecretValue({ secretName: '__proto__', secretData: 'same', versionId: 'x' })
    expectNothingShared(...(await versionsOf(put('same'), elsewhere)))
  })

  it('one value twice: the same record, and nothing but that equality is told', async () => {
    const [one, two] = await versionsOf(put('same'), put('same'))
    expect(one).toEqual(two)
  })

  it('one state again in a later session: the next version shares nothing', async () => {
    const first = await resume(base, put('same'))
    const second = await resume(first, put('same', { versionId: 'y' }))
    expectNothingShared(newVersion(base, first), newVersion(first, second))
  })
})

describe.each(CIPHERS)('two vaults made with one random state (%s)', (cipher) => {
  async function create(key: Uint8Array, secretData: string): Promise<Records> {
    const data = createMemoryData()
    const vault = await createVault({
      storage: createMemoryStorage({ data }),
      unlock: rawKey(key),
      random: seededRandom('created'),
      clock: () => START_TIME,
      cipher,
    })
    await vault.createSecret({ secretName: 'a', secretData })
    return recordsOf(data)
  }

  it('have the same root key: that is all chance; their values still share nothing', async () => {
    const nothing = new Map<string, Uint8Array>()
    const texts = ['pay 100 to Alice', 'pay 999 to Mallo'] as const
    const one = await create(TEST_KEY, texts[0])
    const two = await create(
      TEST_KEY.map((byte) => byte ^ 1),
      texts[1],
    )
    expect(one.get('vault!keyring')).toEqual(two.get('vault!keyring'))
    const pair = [newVersion(nothing, one), newVersion(nothing, two)] as const
    expectNothingShared(...pair)
    expectOtherKeystream(pair, texts)
    const [slotOne, slotTwo] = [one, two].map(
      (records) => [...records].find(([key]) => kindOf(key) === 'slot')?.[1],
    )
    // Behind id, time and kind: the key check, the salt and the wrapped key.
    for (const [start, end] of [
      [32, 48],
      [48, 80],
      [80, 128],
    ] as const) {
      expect(slotOne?.subarray(start, end)).not.toEqual(slotTwo?.subarray(start, end))
    }
  })
})
