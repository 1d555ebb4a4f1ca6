/**
 * After a conflict a version that keeps its place is written as it was sealed; one that gets
 * another place is sealed with randomness of its own.
 */

import { describe, expect, it } from 'vitest'
import type { Primitives, Vault } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { longText, withHashElsewhere } from '../support/hash-elsewhere.js'
import { heldStorage } from '../support/held-storage.js'
import { seededRandom } from '../support/seeded-random.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { appliedIn, logCommits } from './commit-log.js'
import type { LoggedCommit } from './commit-log.js'

const S = { secretName: 'S' }
const T = { secretName: 'T' }
const VALUE = 'the value that is sealed'

/** What a version is sealed with, in bytes: a seed for its key, and one for its wrap. */
const SEAL_RANDOM_BYTES = 64

/** What a change of one handle came to while another handle was faster, once. */
interface Race {
  /** How often the value was sealed. */
  readonly seals: number
  /** The draws of randomness for that. */
  readonly draws: readonly Uint8Array[]
  /** The version records that the change was to write, at first and at last. */
  readonly first: ReadonlyMap<string, Uint8Array>
  readonly last: ReadonlyMap<string, Uint8Array>
}

async function race(
  change: (vault: Vault) => Promise<unknown>,
  other: (vault: Vault) => Promise<unknown>,
  isHashedElsewhere = false,
): Promise<Race> {
  const test = await vaultWithSecret({ storage: createMemoryStorage() })
  await test.vault.createSecret({ ...T, secretData: 'x' })
  const log = logCommits(test.storage)
  const held = heldStorage(log.storage)
  const draws: Uint8Array[] = []
  let seals = 0
  const draw = seededRandom('sealed once')
  const random = (length: number): Uint8Array => {
    const bytes = draw(length)
    if (length === SEAL_RANDOM_BYTES) draws.push(bytes.slice())
    return bytes
  }
  const primitives: Primitives = {
    ...nodePrimitives,
    aeadSeal: (...parts) => {
      if (new TextDecoder().decode(parts[4]) === VALUE) seals += 1
      return nodePrimitives.aeadSeal(...parts)
    },
  }
  const slow = isHashedElsewhere
    ? await withHashElsewhere(
        () => Promise.resolve(),
        () => test.open({ storage: held.storage, random }),
      )
    : await test.open({ storage: held.storage, random, primitives })
  // Root and head are known to it, as to a handle that has been open for a while.
  await slow.describeSecret(S)
  held.hold('commits')
  const changing = change(slow)
  await held.arrival()
  await other(test.vault)
  held.release()
  await changing
  const [last, ...more] = appliedIn(log)
  const [first] = log.commits
  if (first?.outcome !== 'conflict' || last === undefined || more.length > 0) {
    throw new Error('it was no conflict, or more than one commit')
  }
  expect(await (await test.open()).verify()).toMatchObject({ isClean: true })
  return { seals, draws, first: versionsIn(first), last: versionsIn(last) }
}

function versionsIn({ commit }: LoggedCommit): ReadonlyMap<string, Uint8Array> {
  return new Map(
    commit.mutations.flatMap(({ key, value }) =>
      value !== null && key.startsWith('version!') ? [[key, value]] : [],
    ),
  )
}

const put = (vault: Vault) => vault.putSecretValue({ ...S, secretData: VALUE })
const putNamed = (vault: Vault) =>
  vault.putSecretValue({ ...S, secretData: VALUE, versionId: 'mine' })
const create = (vault: Vault) => vault.createSecret({ secretName: 'U', secretData: VALUE })
const putLong = (vault: Vault) => vault.putSecretValue({ ...S, secretData: longText(VALUE) })

const tagged = { tags: [{ tagKey: 'k', tagValue: 'v' }] }
const changeOfOther = (vault: Vault) => vault.tagResource({ ...T, ...tagged })
const changeOfSame = (vault: Vault) => vault.tagResource({ ...S, ...tagged })
const putOfSame = (vault: Vault) => vault.putSecretValue({ ...S, secretData: 'faster' })
const another = async (vault: Vault): Promise<void> => {
  await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
  await vault.createSecret({ ...S, secretData: 'another' })
}

describe('a version that keeps its place is sealed once', () => {
  it.each([
    ['a put, while another secret is changed', put, changeOfOther],
    ['a put, while the labels and dates of its secret change', put, changeOfSame],
    ['a put of a given id, while its secret is changed', putNamed, changeOfSame],
    ['a creation, while another secret gets a version', create, putOfSame],
  ])('%s', async (_name, change, other) => {
    const { seals, draws, first, last } = await race(change, other)
    expect(seals).toBe(1)
    expect(draws).toHaveLength(1)
    expect(first.size).toBe(1)
    expect(last).toEqual(first)
  })

  it('a long put, while its secret is changed', async () => {
    const { draws, first, last } = await race(putLong, changeOfSame, true)
    expect(draws).toHaveLength(1)
    expect(last).toEqual(first)
  })
})

describe('a version that gets another place is sealed again, with other randomness', () => {
  it.each([
    ['a put, while its secret gets a version', put, putOfSame],
    ['a put of a given id, while its secret gets a version', putNamed, putOfSame],
    ['a put, while another secret takes the name', put, another],
  ])('%s', async (_name, change, other) => {
    const { seals, draws, first, last } = await race(change, other)
    expect(seals).toBe(2)
    expectOther({ draws, first, last })
  })

  it('a long put, while its secret gets a version', async () => {
    expectOther(await race(putLong, putOfSame, true))
  })

  function expectOther({ draws, first, last }: Omit<Race, 'seals'>): void {
    expect(draws).toHaveLength(2)
    expect(draws[0]).not.toEqual(draws[1])
    const [[place, record] = [], [lastPlace, lastRecord] = []] = [[...first][0], [...last][0]]
    expect(lastPlace).not.toBe(place)
    expect(lastRecord).not.toEqual(record)
    expect(last.size).toBe(1)
  }
})
