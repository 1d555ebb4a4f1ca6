/** Handles of one process that write at once take turns. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import type { Unlock, Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import { createContention } from '../../dist/commit/turns-and-pauses.js'
import { seededRandom } from '../support/seeded-random.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'
import type { Counted, Script } from './made-up-time.js'
import {
  LOSES_ONCE,
  finish,
  makeUpTime,
  passes,
  scriptedStorage,
  slowStorage,
  timeOf,
} from './made-up-time.js'

const S = { secretName: 'S' }

beforeEach(makeUpTime)

afterEach(() => {
  vi.useRealTimers()
})

/** Between nothing and seven milliseconds. */
function anyDelay(): () => number {
  const random = seededRandom('turns')
  return () => (random(1)[0] ?? 0) % 8
}

/** Puts one value after another. @returns what ends that */
function write(vault: Vault): () => Promise<void> {
  const state = { isOver: false }
  const writing = (async () => {
    while (!state.isOver) await vault.putSecretValue({ ...S, secretData: 'x' })
  })()
  return () => {
    state.isOver = true
    return writing
  }
}

describe('a handle that writes without pause', () => {
  const CREATES = 140

  it.each([
    ['always takes as long', () => 2],
    ['takes now longer, now shorter', anyDelay()],
  ])(
    'lets fifteen others write, where storage %s',
    async (_, delay) => {
      const { vault, storage, open } = await vaultWithSecret()
      await vault.updateVaultSettings({ limits: { secretsMax: 10_000 } })
      const openSlow = async () => {
        const slow = slowStorage(storage, delay)
        return { slow, handle: await finish(open({ storage: slow.storage })) }
      }
      const busy = await openSlow()
      const others = await Promise.all(Array.from({ length: 15 }, openSlow))
      const stopWriting = write(busy.handle)
      let most = 0
      // None of them ends with CONFLICT.
      await finish(
        Promise.all(
          others.map(async ({ slow, handle }, i) => {
            for (let n = 0; n < CREATES; n++) {
              const before = slow.commits
              await handle.createSecret({ secretName: `${i}/${n}`, secretData: 'x' })
              most = Math.max(most, slow.commits - before)
            }
          }),
        ),
      )
      await finish(stopWriting())
      expect(most).toBeLessThanOrEqual(6)
      // It has its turns, too.
      expect(busy.slow.commits).toBeGreaterThanOrEqual(CREATES)
    },
    120_000,
  )

  it('waits for a slower one, once that has lost', async () => {
    const { storage, open } = await vaultWithSecret()
    const busy = await finish(open({ storage: slowStorage(storage, () => 2).storage }))
    const slow = slowStorage(storage, () => 3)
    const other = await finish(open({ storage: slow.storage }))
    const stopWriting = write(busy)
    await finish(passes(20))
    await finish(other.createSecret({ secretName: 'T', secretData: 'x' }))
    await finish(stopWriting())
    expect(slow.commits).toBeLessThanOrEqual(3)
  })
})

it('a handle that cannot see others asks for a turn from time to time', async () => {
  let asked = 0
  const contention = createContention({
    isWanted: () => null,
    take: () => {
      asked++
      return Promise.resolve(() => undefined)
    },
  })
  for (let commits = 0; commits < 170; commits++) {
    if (contention.isContended) await contention.wait(Infinity)
    contention.applied(1)
    if (commits === 10) expect(asked).toBe(0)
  }
  expect(asked).toBe(10)
})

/** A handle that loses its first commit and has a turn for the next, as the script says. */
async function holdTurn({ storage, open }: TestVault, script: Script): Promise<Counted> {
  const counted = scriptedStorage(storage, script)
  const handle = await open({ storage: counted.storage })
  void handle.putSecretValue({ ...S, secretData: 'held' }).catch(() => undefined)
  await finish(passes(5))
  return counted
}

const HANGS: Script = (commit) => (commit === 1 ? 'conflict' : 'hang')

describe('a turn whose commit hangs', () => {
  it('holds others for half of their time at most', async () => {
    const test = await vaultWithSecret()
    expect(await holdTurn(test, HANGS)).toMatchObject({ commits: 2 })
    const { storage } = scriptedStorage(test.storage, LOSES_ONCE)
    const other = await test.open({ storage, commitTimeoutSeconds: 1 })
    // Its first commit loses, and there is time for a second one.
    await finish(other.createSecret({ secretName: 'T', secretData: 'x' }))
  })

  it('is taken away: others wait for it once', async () => {
    const test = await vaultWithSecret()
    await holdTurn(test, HANGS)
    const put = (): Promise<unknown> => test.vault.putSecretValue({ ...S, secretData: 'x' })
    expect(await timeOf(put)).toBeGreaterThan(1_000)
    for (let i = 0; i < 20; i++) expect(await timeOf(put)).toBeLessThan(100)
  })
})

describe('a turn is given back', () => {
  it('for a pause', async () => {
    const test = await vaultWithSecret()
    let verdict: ReturnType<Script> = 'slow'
    const losing = scriptedStorage(test.storage, () => verdict)
    const loser = await test.open({ storage: losing.storage, commitTimeoutSeconds: 60 })
    await finish(loser.putSecretValue({ ...S, secretData: 'x' }))
    verdict = 'conflict'
    void loser.putSecretValue({ ...S, secretData: 'y' }).catch(() => undefined)
    await finish(passes(500))
    const { storage } = scriptedStorage(test.storage, LOSES_ONCE)
    const other = await test.open({ storage })
    const before = losing.commits
    await finish(other.createSecret({ secretName: 'T', secretData: 'x' }))
    expect(losing.commits - before).toBeLessThanOrEqual(2)
  })

  it('while a change is being prepared', async () => {
    const { vault, storage, open } = await vaultWithSecret()
    const unlock = rawKey(TEST_KEY)
    let isOffline = false
    const remote: Unlock = {
      ...rawKey(new Uint8Array(32).fill(1)),
      deriveKey: (kdf) =>
        isOffline
          ? new Promise(() => undefined)
          : rawKey(new Uint8Array(32).fill(1)).deriveKey(kdf),
    }
    // A slot that comes before its commit has to be tried too.
    const overtaken: StorageAdapter = {
      ...storage,
      commit: async (commit) => {
        isOffline = true
        const newUnlock = rawKey(new Uint8Array(32).fill(2))
        await vault.addUnlockSlot({ unlock, newUnlock })
        return storage.commit(commit)
      },
    }
    const waiting = await open({ storage: overtaken })
    void waiting.addUnlockSlot({ unlock, newUnlock: remote })
    await finish(passes(5))
    expect(isOffline).toBe(true)
    expect(await timeOf(() => vault.putSecretValue({ ...S, secretData: 'x' }))).toBeLessThan(100)
  })
})
