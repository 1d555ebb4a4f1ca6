/**
 * Goals F9 and F10: genuine records of an earlier time. What the vault sees, and, in tests named
 * "the limit", what it cannot see: nothing in a store shows that all of it is old. All vaults here
 * are opened afterwards; rollback-in-process.test.ts tests one that is open all the time.
 */

import { beforeAll, describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { openVault, rawKey } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { answerOf, judge } from '../support/read-probes.js'
import { dataOf, recordsOf } from '../support/sample-vault.js'
import { seededRandom } from '../support/seeded-random.js'
import { TEST_KEY } from '../support/test-vault.js'
import type { Epoch, Replay, VaultHistory } from '../support/vault-history.js'
import {
  HISTORY_PROBES,
  companionsOf,
  createVaultHistory,
  isConsistent,
  openEpoch,
  replaysOf,
} from '../support/vault-history.js'

let history: VaultHistory
/** Of each probe all answers that were right at some time. */
let genuine: Map<string, Set<string>>

beforeAll(async () => {
  history = await createVaultHistory()
  genuine = new Map(HISTORY_PROBES.map(({ name }) => [name, new Set()]))
  for (const epoch of history.epochs) {
    const vault = await openEpoch(epoch)
    for (const { name, run } of HISTORY_PROBES) {
      for (const answer of await run(vault)) genuine.get(name)?.add(answer)
    }
  }
})

function replayed(now: Epoch, replays: readonly Replay[]): Epoch {
  const records = new Map(now)
  for (const { key, value } of replays) {
    if (value === null) records.delete(key)
    else records.set(key, value)
  }
  return records
}

interface Outcome {
  readonly wrong: readonly string[]
  /** The records fit each other although some of them are old. */
  readonly isUndetectable: boolean
}

/** What becomes of a store that is partly old. */
async function replay(now: Epoch, replays: readonly Replay[]): Promise<Outcome> {
  const records = replayed(now, replays)
  const vault = await openEpoch(records)
  const wrong: string[] = []
  for (const { name, run } of HISTORY_PROBES) {
    for (const answer of await run(vault)) {
      if (genuine.get(name)?.has(answer) === true || judge('', answer) === 'refused') continue
      wrong.push(`${name} gives ${answer}`)
    }
  }
  const { isClean } = await vault.verify()
  const isUndetectable = isConsistent(records, history.epochs)
  if (isClean !== isUndetectable) wrong.push(`verify is ${isClean ? '' : 'not '}clean`)
  const what = replays.map(({ key, value }) => `${key} of ${String(value?.length ?? 0)} bytes`)
  return { wrong: wrong.map((each) => `${what.join(', ')}: ${each}`), isUndetectable }
}

describe('old records', () => {
  it('each alone, at every time: no answer that was never right; verify sees misfits', async () => {
    const wrong: string[] = []
    let [count, undetectable] = [0, 0]
    for (const [time, now] of history.epochs.entries()) {
      for (const each of replaysOf(history.epochs.slice(0, time + 1))) {
        const outcome = await replay(now, [each])
        wrong.push(...outcome.wrong)
        count += 1
        if (outcome.isUndetectable) undetectable += 1
      }
    }
    expect(wrong.slice(0, 10)).toEqual([])
    // Heads and roots that tell of the same records as the present ones: each commit has a root.
    expect(undetectable).toBeGreaterThan(0)
    expect(undetectable).toBeLessThan(count / 3)
    console.info(`${String(count)} replays, ${String(undetectable)} of them undetectable`)
  })

  it.each([8, 11, 14])(
    'in pairs, at time %i: the same',
    async (time) => {
      const now = history.epochs[time] ?? new Map<string, Uint8Array>()
      const replays = replaysOf(history.epochs.slice(0, time + 1))
      const wrong: string[] = []
      let count = 0
      for (const [i, first] of replays.entries()) {
        for (const second of replays.slice(i + 1)) {
          if (first.key === second.key) continue
          count += 1
          wrong.push(...(await replay(now, [first, second])).wrong)
        }
      }
      expect(wrong.slice(0, 10)).toEqual([])
      console.info(`${String(count)} pairs of replays`)
    },
    300_000,
  )
})

/** The store of a vault that was copied and then written to on both sides. */
async function fork(records: Epoch, name: string, secretData: string): Promise<Epoch> {
  const data = dataOf(records)
  const storage = createMemoryStorage({ data })
  const random = seededRandom(`fork with ${secretData}`)
  const vault = await openVault({ storage, unlock: rawKey(TEST_KEY), random })
  await vault.putSecretValue({ secretName: name, secretData })
  return recordsOf(data)
}

describe('records of a copy of the store that went another way', () => {
  it('another record of the same version is refused by the hash in the head', async () => {
    const before = history.epochs[0] ?? new Map<string, Uint8Array>()
    const ours = await fork(before, 'a', 'ours')
    const theirs = await fork(before, 'a', 'theirs')
    const key = [...ours.keys()].find((each) => each.startsWith('version!') && !before.has(each))
    const record = theirs.get(key ?? '')
    expect(record).toBeDefined()
    const vault = await openEpoch(new Map([...ours, [key ?? '', record ?? new Uint8Array()]]))
    await expectFailure(() => vault.getSecretValue({ secretName: 'a' }), 'RECORD_MISMATCH')
    expect((await vault.verify()).problems).toMatchObject([
      { code: 'RECORD_MISMATCH', storageKey: key },
    ])
  })

  it('another head of the same generation does not fit our versions', async () => {
    const before = history.epochs[0] ?? new Map<string, Uint8Array>()
    const ours = await fork(before, 'a', 'ours')
    const theirs = await fork(before, 'a', 'theirs')
    const head = theirs.get('secret!a!head') ?? new Uint8Array()
    const vault = await openEpoch(new Map([...ours, ['secret!a!head', head]]))
    await expectFailure(() => vault.getSecretValue({ secretName: 'a' }), 'RECORD_MISMATCH')
    expect((await vault.verify()).isClean).toBe(false)
  })
})

/** The limits are told in the threat model; these tests hold exactly what they are. */
describe('the limit of what is detected', () => {
  const epoch = (index: number): Epoch => history.epochs.at(index) ?? new Map<string, Uint8Array>()

  async function verifyOf(records: Epoch): Promise<boolean> {
    return (await (await openEpoch(records)).verify()).isClean
  }

  it('a whole store of an earlier time is opened, is clean, and gives its old values', async () => {
    for (const [index, records] of history.epochs.entries()) {
      expect([index, await verifyOf(records)]).toEqual([index, true])
    }
    const { secretData } = await (await openEpoch(epoch(0))).getSecretValue({ secretName: 'a' })
    expect(secretData).toBe('one of a')
  })

  it('a head whose versions are still the same: old tags and labels, and a clean verify', async () => {
    // Between the second and the third step nothing but tags and labels changed.
    const records = new Map([...epoch(3), ['secret!a!head', head('a', 1)] as const])
    const vault = await openEpoch(records)
    expect((await vault.describeSecret({ secretName: 'a' })).tags).toEqual([])
    expect((await vault.getSecretValue({ secretName: 'a' })).versionId).toBe('v2')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('an older head alone hides a newer version from reads, but not from verify', async () => {
    const records = new Map([...epoch(1), ['secret!a!head', head('a', 0)] as const])
    const vault = await openEpoch(records)
    expect((await vault.getSecretValue({ secretName: 'a' })).secretData).toBe('one of a')
    const { problems } = await vault.verify()
    expect(problems).toMatchObject([{ code: 'RECORD_MISMATCH' }])
    expect(problems[0]?.storageKey).toMatch(/^version!.*!00000002$/)
  })

  it('a destroyed version comes back with an old head, but not without', async () => {
    const withRecord = epoch(7)
    const key = [...withRecord.keys()].find((each) => /^version!.*!00000005$/.test(each)) ?? ''
    const record = withRecord.get(key) ?? new Uint8Array()
    const alone = new Map([...epoch(8), [key, record] as const])
    const vault = await openEpoch(alone)
    const version = { secretName: 'a', versionId: 'v5' }
    await expectFailure(() => vault.getSecretValue(version), 'VERSION_DISABLED')
    expect((await vault.verify()).problems).toMatchObject([
      { code: 'RECORD_MISMATCH', storageKey: key },
    ])

    const both = new Map([...alone, ['secret!a!head', head('a', 6)] as const])
    const fooled = await openEpoch(both)
    expect((await fooled.getSecretValue(version)).secretData).toBe('5')
    expect((await fooled.verify()).isClean).toBe(true)
  })

  it('a deleted secret comes back with all its records and the root, but not without', async () => {
    const before = epoch(11)
    const after = epoch(12)
    const gone = [...before].filter(([key]) => !after.has(key))
    expect(gone.map(([key]) => key)).toContain('secret!c!head')
    const withoutRoot = new Map([...after, ...gone])
    expect(await verifyOf(withoutRoot)).toBe(false)
    const whole = new Map([...withoutRoot, ['vault!root', before.get('vault!root')] as const])
    const vault = await openEpoch(whole as Epoch)
    expect(await answerOf(() => vault.getSecretValue({ secretName: 'c' }))).toContain('one of c')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('a secret is exchanged for one that had been deleted: the root counts them alone', async () => {
    const [before, after] = [epoch(11), epoch(12)]
    const old = [...before].filter(([key]) => !after.has(key))
    const records = new Map([...after, ...old])
    const removed = 'secret!b!head'
    for (const key of [removed, ...companionsOf(removed, after)]) records.delete(key)
    const vault = await openEpoch(records)
    expect(await answerOf(() => vault.getSecretValue({ secretName: 'c' }))).toContain('one of c')
    await expectFailure(() => vault.describeSecret({ secretName: 'b' }), 'SECRET_NOT_FOUND')
    expect((await vault.verify()).isClean).toBe(true)
  })

  function head(name: string, index: number): Uint8Array {
    return epoch(index).get(`secret!${name}!head`) ?? new Uint8Array()
  }
})
