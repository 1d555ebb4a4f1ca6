/** Goal F21, first part: a random source that fails, and what is written then: nothing. */

import { describe, expect, it } from 'vitest'
import type { RandomSource, Vault } from 'stagevault'
import { createVault, generateKey, openVault, rawKey } from 'stagevault'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { watchRandom } from '../../dist/keys/random-source.js'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import {
  SAMPLE_NAMES,
  createSampleVault,
  dataOf,
  openSample,
  recordsOf,
} from '../support/sample-vault.js'
import { seededRandom } from '../support/seeded-random.js'
import { TEST_KEY } from '../support/test-vault.js'

class Boaster extends Uint8Array {
  override get length(): number {
    return 64
  }
}

/** Sources that return something else than fresh bytes, for any requested length. */
const BROKEN: readonly (readonly [name: string, source: (length: number) => unknown])[] = [
  [
    'throws',
    () => {
      throw new Error('out of entropy')
    },
  ],
  ['gives zeros', (length) => new Uint8Array(length)],
  ['repeats itself', (length) => new Uint8Array(length).fill(0xa7)],
  [
    'repeats itself within 32 bytes',
    (length) => Uint8Array.from({ length }, (_, i) => 11 * (i % 32)),
  ],
  ['gives one byte too few', (length) => seededRandom('short')(length - 1)],
  ['gives one byte too many', (length) => seededRandom('long')(length + 1)],
  ['gives no bytes', () => new Uint8Array(0)],
  ['gives nothing', () => undefined],
  ['gives null', () => null],
  ['gives an array', (length) => Array.from({ length }, (_, i) => i)],
  ['gives a text', (length) => 'x'.repeat(length)],
  ['gives a promise', (length) => Promise.resolve(seededRandom('late')(length))],
  ['gives a buffer without a view', (length) => new ArrayBuffer(length)],
  ['gives wider elements', (length) => new Uint16Array(length)],
  ['gives clamped elements', (length) => new Uint8ClampedArray(length)],
  ['gives a view of data', (length) => new DataView(new ArrayBuffer(length))],
  ['lies about its length', () => new Boaster(8)],
]

type NamedOperation = readonly [name: string, run: (vault: Vault) => Promise<unknown>]

const unlock = rawKey(TEST_KEY)
const DB = { secretName: 'db' }
const APP = { secretName: 'db/app' }

/** Everything that draws random bytes in order to write. */
const OPERATIONS: readonly NamedOperation[] = [
  ['createSecret', (vault) => vault.createSecret({ secretName: 'new', secretData: 'x' })],
  ['putSecretValue', (vault) => vault.putSecretValue({ ...DB, secretData: 'x' })],
  ['putSecretValue with eviction', (vault) => vault.putSecretValue({ ...APP, secretData: 'x' })],
  ['addUnlockSlot', (vault) => vault.addUnlockSlot({ unlock, newUnlock: rawKey(generateKey()) })],
  ['replaceUnlockSlot', (vault) => vault.replaceUnlockSlot({ unlock, newUnlock: unlock })],
]

/** Everything else that writes. */
const WITHOUT_CHANCE: readonly NamedOperation[] = [
  ['updateSecret', (vault) => vault.updateSecret({ ...DB, description: 'new' })],
  [
    'updateSecretVersionStage',
    (vault) => vault.updateSecretVersionStage({ ...DB, versionStage: 'Blue', moveToVersion: 'v1' }),
  ],
  [
    'tagResource',
    (vault) => vault.tagResource({ ...DB, tags: [{ tagKey: 'k', tagValue: 'new' }] }),
  ],
  ['untagResource', (vault) => vault.untagResource({ ...DB, tagKeys: ['env'] })],
  ['disableVersion', (vault) => vault.disableVersion({ ...APP, versionId: 'v4' })],
  ['enableVersion', (vault) => vault.enableVersion({ ...APP, versionId: 'v2' })],
  ['destroyVersion', (vault) => vault.destroyVersion({ ...APP, versionId: 'v4' })],
  ['deleteSecret', (vault) => vault.deleteSecret(DB)],
  [
    'deleteSecret at once',
    (vault) => vault.deleteSecret({ ...DB, forceDeleteWithoutRecovery: true }),
  ],
  ['restoreSecret', (vault) => vault.restoreSecret({ secretName: 'gone' })],
  ['renameSecret', (vault) => vault.renameSecret({ ...DB, newSecretName: 'new' })],
  ['updateVaultSettings', (vault) => vault.updateVaultSettings({ limits: { secretsMax: 50 } })],
]

/** Makes an open vault remember the heads of all secrets. */
async function rememberHeads(vault: Vault): Promise<void> {
  for (const secretName of SAMPLE_NAMES) await vault.describeSecret({ secretName })
  await vault.getSecretValue(DB)
}

describe.each(BROKEN)('a random source that %s', (_name, broken) => {
  it('makes no vault', async () => {
    const data = createMemoryData()
    const storage = createMemoryStorage({ data })
    const random = broken as RandomSource
    const create = (): Promise<Vault> => createVault({ storage, unlock: rawKey(TEST_KEY), random })
    const error = await expectFailure(create, 'RANDOM_FAILED')
    expect(error.cause).toBeUndefined()
    expect(recordsOf(data).size).toBe(0)
  })

  describe.each([
    ['fresh', () => Promise.resolve()],
    ['warm', rememberHeads],
  ])('in a %s vault', (_state, prepare) => {
    it.each(OPERATIONS)(
      'writes nothing in %s, and the vault goes on without it',
      async (_op, run) => {
        const { data } = await createSampleVault()
        const before = recordsOf(data)
        let isBroken = true
        const whole = seededRandom('whole')
        const random = (length: number): Uint8Array =>
          (isBroken ? broken : whole)(length) as Uint8Array
        const storage = createMemoryStorage({ data })
        const vault = await openVault({ storage, unlock: rawKey(TEST_KEY), random })
        await prepare(vault)
        await expectFailure(() => run(vault), 'RANDOM_FAILED')
        expect(recordsOf(data)).toEqual(before)
        isBroken = false
        await run(vault)
        expect((await vault.verify()).isClean).toBe(true)
      },
    )
  })
})

describe('a random source that fails once', () => {
  /** Fails at the call with this index, counted from 0; `calls` tells how many there were. */
  function failingAt(index: number, seed: string): { random: RandomSource; calls: () => number } {
    const whole = seededRandom(seed)
    let calls = 0
    return {
      random: (length) => {
        calls += 1
        return calls - 1 === index ? new Uint8Array(length - 1) : whole(length)
      },
      calls: () => calls,
    }
  }

  it('at any draw of createVault: nothing is written', async () => {
    const create = async (index: number): Promise<readonly [written: number, calls: number]> => {
      const data = createMemoryData()
      const storage = createMemoryStorage({ data })
      const { random, calls } = failingAt(index, 'create')
      const attempt = (): Promise<unknown> =>
        createVault({ storage, unlock: rawKey(TEST_KEY), random })
      if (index < 0) await attempt()
      else await expectFailure(attempt, 'RANDOM_FAILED')
      return [recordsOf(data).size, calls()]
    }
    const [written, draws] = await create(-1)
    expect([written, draws]).toEqual([4, 7])
    for (let index = 0; index < draws; index++) {
      expect(await create(index)).toEqual([0, index + 1])
    }
  })

  /** Lets the source fail at each draw of an operation. @returns how many there were */
  async function failAtEachDraw(
    base: ReadonlyMap<string, Uint8Array>,
    prepare: (vault: Vault) => Promise<void>,
    run: (vault: Vault) => Promise<unknown>,
  ): Promise<number> {
    for (let index = 0; ; index++) {
      const data = dataOf(base)
      const { random, calls } = failingAt(index, 'operation')
      const { storage, take } = countingStorage(createMemoryStorage({ data }))
      const vault = await openVault({ storage, unlock: rawKey(TEST_KEY), random })
      await prepare(vault)
      expect(calls()).toBe(0)
      take()
      const answer = run(vault).then(
        () => 'done',
        (error: unknown) => error,
      )
      if ((await answer) === 'done') {
        expect(calls()).toBe(index)
        return index
      }
      await expectFailure(
        () => answer.then((error) => Promise.reject(error as Error)),
        'RANDOM_FAILED',
      )
      // It is told at once: no second attempt draws other bytes.
      expect([calls(), take().commits]).toEqual([index + 1, 0])
      expect(recordsOf(data)).toEqual(base)
    }
  }

  it.each([
    ['fresh', () => Promise.resolve()],
    ['warm', rememberHeads],
  ])('at any draw of an operation in a %s vault: nothing is written', async (_state, prepare) => {
    const base = recordsOf((await createSampleVault()).data)
    for (const [name, run] of OPERATIONS) {
      expect(await failAtEachDraw(base, prepare, run), name).toBeGreaterThan(0)
    }
    for (const [name, run] of WITHOUT_CHANCE) {
      expect(await failAtEachDraw(base, prepare, run), name).toBe(0)
    }
  })
})

describe('a random source that goes back', () => {
  /** Blocks that tell their index; `next` may be set back. */
  function countingSource(): { readonly random: RandomSource; next: number } {
    const source = {
      next: 0,
      random: (length: number): Uint8Array => {
        const block = new Uint8Array(length)
        new DataView(block.buffer).setUint32(0, source.next++)
        return block
      },
    }
    return source
  }

  it.each([1, 2, 4095, 4096])('by %i blocks is found out', (blocks) => {
    for (const ahead of [0, 1, 2500, 4096]) {
      const source = countingSource()
      const random = watchRandom(source.random)
      for (let i = 0; i < ahead + blocks; i++) random(32)
      source.next -= blocks
      expect(() => random(32)).toThrow(expect.objectContaining({ code: 'RANDOM_FAILED' }))
    }
  })

  it('by very many is not: what is remembered has a bound', () => {
    const source = countingSource()
    const random = watchRandom(source.random)
    for (let i = 0; i < 10_000; i++) random(32)
    source.next = 0
    expect(random(32)).toHaveLength(32)
  })
})

describe('a random source that is unusual, and right', () => {
  it.each([
    [
      'reuses its buffer',
      () => {
        const buffer = new Uint8Array(64)
        const whole = seededRandom('reused')
        return (length: number): Uint8Array => {
          buffer.set(whole(length))
          return buffer.subarray(0, length)
        }
      },
    ],
    [
      'gives shared memory that it overwrites at the next call',
      () => {
        const shared = new Uint8Array(new SharedArrayBuffer(64))
        const whole = seededRandom('shared')
        return (length: number): Uint8Array => {
          shared.fill(0)
          shared.set(whole(length))
          return shared.subarray(0, length)
        }
      },
    ],
    [
      'gives a Buffer of the pool',
      () => {
        const whole = seededRandom('pool')
        return (length: number): Uint8Array => Buffer.from(whole(length))
      },
    ],
  ])('%s', async (_name, create) => {
    const data = createMemoryData()
    const random = create()
    const storage = createMemoryStorage({ data })
    const vault = await createVault({ storage, unlock: rawKey(TEST_KEY), random })
    await vault.createSecret({ secretName: 'a', secretData: 'one' })
    await vault.putSecretValue({ secretName: 'a', secretData: 'two' })
    random(64)
    const again = await openSample(data)
    expect((await again.getSecretValue({ secretName: 'a' })).secretData).toBe('two')
    expect((await again.verify()).isClean).toBe(true)
  })
})
