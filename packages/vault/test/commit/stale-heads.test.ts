/** Changes of a handle that remembers heads which another handle has changed since. */

import fc from 'fast-check'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { headKey, nameKey } from '@stagevault/core/records/layout'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { beforeEach, describe, expect, it } from 'vitest'

const unlock = rawKey(new Uint8Array(32).fill(5))

let storage: StorageAdapter
/** Remembers what it has seen, and is slower. */
let stale: Vault
let other: Vault

beforeEach(async () => {
  storage = createMemoryStorage()
  stale = await createVault({ storage, unlock })
  other = await openVault({ storage, unlock })
})

function outcomes(calls: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(calls.map((call) => call.then(() => 'done', codeOf)))
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? error)
}

const put = (vault: Vault, secretName: string): Promise<unknown> =>
  vault.putSecretValue({ secretName, secretData: 'x' })
const tag = (vault: Vault, secretName: string): Promise<unknown> =>
  vault.tagResource({ secretName, tags: [{ tagKey: 'k', tagValue: 'v' }] })
const rename = (vault: Vault, secretName: string, newSecretName: string): Promise<unknown> =>
  vault.renameSecret({ secretName, newSecretName })

async function expectClean(): Promise<void> {
  expect(await other.verify()).toMatchObject({ isClean: true, problems: [] })
}

describe('a version that another handle stored is no stranger', () => {
  beforeEach(async () => {
    await stale.createSecret({ secretName: 'a', secretData: '1' })
    await put(other, 'a')
  })

  it('where the secret is renamed and put in one turn', async () => {
    const calls = [rename(stale, 'a', 'b'), put(stale, 'b')]
    expect(await outcomes(calls)).toEqual(['done', 'done'])
    const { versionIds } = await other.listSecretVersionIds({
      secretName: 'b',
      includeDeprecated: true,
    })
    expect(versionIds.map(({ versionId }) => versionId)).toEqual(['v1', 'v2', 'v3'])
    await expectClean()
  })

  it('where it is renamed twice and put in one turn', async () => {
    const calls = [rename(stale, 'a', 'b'), rename(stale, 'b', 'c'), put(stale, 'c')]
    expect(await outcomes(calls)).toEqual(['done', 'done', 'done'])
    await expectClean()
  })

  it('where it takes the name of a secret that is deleted in the same turn', async () => {
    await stale.createSecret({ secretName: 'b', secretData: '1' })
    await put(other, 'a')
    // So that the root is known as it is, and the head of a is not.
    await outcomes([stale.describeSecret({ secretName: 'none' })])
    const calls = [
      stale.deleteSecret({ secretName: 'b', forceDeleteWithoutRecovery: true }),
      rename(stale, 'a', 'b'),
      put(stale, 'b'),
    ]
    expect(await outcomes(calls)).toEqual(['done', 'done', 'done'])
    await expectClean()
  })
})

it('a secret that another handle renamed is changed under its new name alone', async () => {
  await stale.createSecret({ secretName: 'a', secretData: '1' })
  await stale.createSecret({ secretName: 'x', secretData: '1' })
  await rename(other, 'a', 'b')
  await put(other, 'b')
  const calls = [
    tag(stale, 'b'),
    tag(stale, 'a'),
    rename(stale, 'b', 'c'),
    put(stale, 'x'),
    stale.createSecret({ secretName: 'y', secretData: '1' }),
  ]
  expect(await outcomes(calls)).toEqual(['done', 'SECRET_NOT_FOUND', 'done', 'done', 'done'])
  await expectClean()
})

it('a secret that stands under two names is changed under one after the other', async () => {
  await stale.createSecret({ secretName: 'a', secretData: '1' })
  const [head = null, name = null] = await storage.read([headKey('a'), nameKey('a')])
  await rename(stale, 'a', 'b')
  await stale.close()
  await storage.commit({
    guards: [],
    mutations: [
      { key: headKey('a'), value: head },
      { key: nameKey('a'), value: name },
    ],
  })
  const vault = await openVault({ storage, unlock })
  const calls = [
    put(vault, 'a'),
    put(vault, 'b'),
    vault.createSecret({ secretName: 'x', secretData: '1' }),
  ]
  // The version of the first is kept where that of the second would be: neither overwrites it.
  expect(await outcomes(calls)).toEqual(['done', 'RECORD_MISMATCH', 'done'])
})

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const name = fc.constantFrom(...NAMES)
type Turn = readonly ((vault: Vault) => Promise<unknown>)[]
const turn = (maxLength: number): fc.Arbitrary<Turn> =>
  fc.array(
    fc.oneof(
      fc.tuple(name, name).map(
        ([from, to]) =>
          (vault: Vault) =>
            rename(vault, from, to),
      ),
      name.map((each) => (vault: Vault) => put(vault, each)),
      name.map((each) => (vault: Vault) => tag(vault, each)),
    ),
    { minLength: 1, maxLength },
  )

it('turns of two handles that rename under each other find no damage', async () => {
  const refusals = ['done', 'SECRET_NOT_FOUND', 'SECRET_EXISTS', 'INVALID_PARAMETER']
  const turns = fc.array(fc.tuple(turn(2), turn(8)), { minLength: 5, maxLength: 15 })
  await fc.assert(
    fc.asyncProperty(turns, async (all) => {
      const store = createMemoryStorage()
      const first = await createVault({ storage: store, unlock })
      const second = await openVault({ storage: store, unlock })
      for (const each of ['a', 'b', 'c']) {
        await first.createSecret({ secretName: each, secretData: each })
      }
      for (const [theirs, ours] of all) {
        await outcomes(theirs.map((call) => call(second)))
        for (const code of await outcomes(ours.map((call) => call(first)))) {
          expect(refusals).toContain(code)
        }
      }
      expect((await second.verify()).problems).toEqual([])
    }),
    { numRuns: 60 },
  )
})
