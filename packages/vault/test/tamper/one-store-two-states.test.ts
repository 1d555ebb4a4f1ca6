/**
 * Goal F21, third part: two handles of one store that draw the same random bytes, as two processes
 * of a virtual machine that was resumed twice do. Nothing that is stored may be overwritten.
 */

import { expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { openVault, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf } from '../support/failures.js'
import {
  SAMPLE_NAMES,
  createSampleVault,
  dataOf,
  openSample,
  recordsOf,
} from '../support/sample-vault.js'
import { seededRandom } from '../support/seeded-random.js'
import { START_TIME } from '../support/test-clock.js'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const keyOf = (byte: number) => rawKey(new Uint8Array(32).fill(byte))

/** What a handle writes with fresh random bytes: a value, or a slot. */
interface Write {
  readonly name: string
  readonly run: (vault: Vault) => Promise<unknown>
  /** The value that must be there afterwards. */
  readonly value?: readonly [secretName: string, secretData: string]
}

const create = (secretName: string, secretData: string): Write => ({
  name: `create ${secretName}`,
  run: (vault) => vault.createSecret({ secretName, secretData }),
  value: [secretName, secretData],
})
const put = (secretName: string, secretData: string): Write => ({
  name: `put ${secretName}`,
  run: (vault) => vault.putSecretValue({ secretName, secretData }),
  value: [secretName, secretData],
})

const WRITES: readonly Write[] = [
  create('new', 'one'),
  create('newer', 'one'),
  create('newest', 'another'),
  put('db', 'one'),
  put('db/app', 'one'),
  put('__proto__', 'another'),
  { name: 'addUnlockSlot', run: (vault) => vault.addUnlockSlot({ unlock, newUnlock: keyOf(5) }) },
  {
    name: 'addUnlockSlot of another',
    run: (vault) => vault.addUnlockSlot({ unlock, newUnlock: keyOf(6) }),
  },
  {
    name: 'replaceUnlockSlot',
    run: (vault) => vault.replaceUnlockSlot({ unlock, newUnlock: unlock }),
  },
]

/** Records that are never written over: those of versions, and slots. */
const ONCE = /^(version|slot)!/

/** The store, and the keys of such records that were written over. */
function watched(data: MemoryData): { storage: StorageAdapter; overwritten: string[] } {
  const inner = createMemoryStorage({ data })
  const overwritten: string[] = []
  const storage: StorageAdapter = {
    ...inner,
    commit: async (commit) => {
      const before = recordsOf(data)
      const outcome = await inner.commit(commit)
      const after = recordsOf(data)
      for (const [key, value] of before) {
        const now = after.get(key)
        if (ONCE.test(key) && now !== undefined && !Buffer.from(now).equals(value)) {
          overwritten.push(key)
        }
      }
      return outcome
    },
  }
  return { storage, overwritten }
}

const PAIRS = WRITES.flatMap((first) => WRITES.map((second) => [first, second] as const))

it.each([
  ['fresh', () => Promise.resolve()],
  [
    'warm',
    async (vault: Vault) => {
      for (const secretName of SAMPLE_NAMES) await vault.describeSecret({ secretName })
    },
  ],
])('%s handles of one random state write over nothing in any operation', async (_, prepare) => {
  const base = recordsOf((await createSampleVault()).data)
  let refused = 0
  for (const [first, second] of PAIRS) {
    const data = dataOf(base)
    const { storage, overwritten } = watched(data)
    const open = (): Promise<Vault> =>
      openVault({ storage, unlock, random: seededRandom('twin'), clock: () => START_TIME })
    const handles = [await open(), await open()] as const
    for (const handle of handles) await prepare(handle)
    const what = `${first.name}, ${second.name}`
    await first.run(handles[0])
    const answer = await second.run(handles[1]).then(() => 'done', codeOf)
    if (answer !== 'done') {
      refused += 1
      expect(['SECRET_EXISTS', 'RECORD_MISMATCH', 'INVALID_PARAMETER'], what).toContain(answer)
    }
    expect(overwritten, what).toEqual([])
    const vault = await openSample(data)
    const written =
      answer === 'done' && second.value?.[0] !== first.value?.[0]
        ? [first.value, second.value]
        : [answer === 'done' ? second.value : first.value]
    for (const [secretName, secretData] of written.flatMap((value) => (value ? [value] : []))) {
      const found = await vault.getSecretValue({ secretName })
      expect(found.secretData, what).toBe(secretData)
    }
    expect((await vault.verify()).problems, what).toEqual([])
  }
  // Two creations of one name; slots, whose ids are chance alone.
  expect(refused).toBeGreaterThan(0)
})
