/** What verify takes, how far it goes, and that writers at work neither hide nor make a problem. */

import { describe, expect, it } from 'vitest'
import type { Vault, VerifyProgress } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { SECRET_KEYS, nameKey } from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { failureOf } from '../support/failures.js'
import { put } from '../support/put.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY, newTestVault, sharedMemory } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)

async function fill(vault: Vault, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await vault.createSecret({ secretName: `s${String(i).padStart(4, '0')}`, secretData: 'x' })
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A store that does something before each of its calls. */
function before(storage: StorageAdapter, act: () => Promise<unknown>): StorageAdapter {
  return {
    read: async (keys) => act().then(() => storage.read(keys)),
    scan: async (range) => act().then(() => storage.scan(range)),
    commit: (commit) => storage.commit(commit),
    close: () => storage.close(),
  }
}

/** Where the versions of a secret are, by the id in its head: behind the hash of the one before. */
async function versionKeysOf(storage: StorageAdapter, secretName: string): Promise<string[]> {
  const head = await recordAt(storage, `secret!${secretName}!head`)
  return keysOf(storage, `version!${Buffer.from(head.slice(45, 61)).toString('hex')}`)
}

async function removeWithEveryTrace(storage: StorageAdapter, secretName: string): Promise<void> {
  const keys = await versionKeysOf(storage, secretName)
  for (const key of [`secret!${secretName}!head`, `secret!${secretName}!name`, ...keys]) {
    await overwrite(storage, key, null)
  }
}

describe('verify', () => {
  it('tells how far it is, and ends with all records', async () => {
    const { vault, dump } = await newTestVault()
    await fill(vault, 300)
    const seen: VerifyProgress[] = []
    const result = await vault.verify({ onProgress: (progress) => seen.push(progress) })
    expect(result).toEqual({
      isClean: true,
      isComplete: true,
      secretCount: 300,
      versionCount: 300,
      problems: [],
    })
    const records = seen.map((progress) => progress.records)
    expect(records).toEqual([256, 512, 768, (await dump()).size])
  })

  it('reports the name record of an earlier secret of that name', async () => {
    const { vault, storage } = await newTestVault()
    const secret = { secretName: 'S', secretData: 'x' }
    await vault.createSecret(secret)
    const key = nameKey('S')
    const earlier = await recordAt(storage, key)
    await vault.deleteSecret({ secretName: 'S', forceDeleteWithoutRecovery: true })
    await vault.createSecret(secret)
    expect((await vault.verify()).isClean).toBe(true)
    await overwrite(storage, key, earlier)
    expect((await vault.verify()).problems).toMatchObject([
      { storageKey: key, code: 'RECORD_MISMATCH' },
    ])
  })

  it('reports the record of a version that was evicted', async () => {
    const { vault, storage } = await newTestVault({ limits: { versionsMax: 2 } })
    await vault.createSecret({ secretName: 'S', secretData: 'one' })
    const [key = ''] = await keysOf(storage, 'version!')
    const evicted = await recordAt(storage, key)
    await put(vault, 'v2')
    await put(vault, 'v3')
    expect(await vault.verify()).toMatchObject({ isClean: true, versionCount: 2 })
    await overwrite(storage, key, evicted)
    expect((await vault.verify()).problems).toMatchObject([
      { storageKey: key, code: 'RECORD_MISMATCH' },
    ])
  })

  it('ends with the reason of its signal, soon after that comes', async () => {
    const memory = sharedMemory()
    await fill(await createVault({ storage: memory.open(), unlock }), 40)
    // A stray record, so that every pass over the store is made.
    await overwrite(memory.open(), `version!${'0'.repeat(32)}!00000001`, Uint8Array.of(1))
    const reason = new Error('enough')
    const run = async (abortAt: number): Promise<{ outcome: unknown; calls: number }> => {
      const controller = new AbortController()
      let calls = 0
      const storage = before(memory.open(), () => {
        if (calls++ === abortAt) controller.abort(reason)
        return Promise.resolve()
      })
      const vault = await openVault({ storage, unlock })
      calls = 0
      const outcome = await vault.verify({ signal: controller.signal }).catch((e: unknown) => e)
      return { outcome, calls }
    }
    const { outcome, calls } = await run(Infinity)
    expect(outcome).toMatchObject({ isClean: false, isComplete: true })
    expect(calls).toBeGreaterThan(40)
    // The last call reads the record that is in question: nothing is left to be ended.
    for (let call = 0; call < calls - 1; call++) {
      const aborted = await run(call)
      expect([call, aborted.outcome]).toEqual([call, reason])
      // What is read together is read to its end.
      expect(aborted.calls).toBeLessThanOrEqual(call + 5)
    }
  })

  it('is aborted before it begins: nothing is read', async () => {
    let calls = 0
    const storage = before(createMemoryStorage(), () => Promise.resolve(calls++))
    const vault = await createVault({ storage, unlock })
    calls = 0
    const signal = AbortSignal.abort(new Error('never'))
    expect((await failureOf(() => vault.verify({ signal }))).message).toBe('never')
    expect((await failureOf(() => vault.listSecrets({ signal }))).message).toBe('never')
    expect(calls).toBe(0)
  })
})

describe('verify while others write', () => {
  it('misses a secret that is gone, though this vault creates others at the same time', async () => {
    const storage = createMemoryStorage()
    // A writer whose store answers at once would never give up the thread.
    const { vault } = await newTestVault({ storage: before(storage, turn) })
    await fill(vault, 50)
    await removeWithEveryTrace(storage, 's0025')
    const over = new AbortController()
    let created = 0
    const writing = (async () => {
      while (!over.signal.aborted) {
        await vault.createSecret({ secretName: `t${created++}`, secretData: 'x' })
        // Now and then the secrets can be counted: that takes three calls of the store.
        for (let i = 0; i < 20; i++) await turn()
      }
    })()
    const { isClean, isComplete, problems } = await vault.verify()
    expect(created).toBeGreaterThan(3)
    over.abort()
    await writing
    expect([isClean, isComplete]).toEqual([false, true])
    expect(problems.map(({ code, storageKey }) => [code, storageKey])).toEqual([
      ['RECORD_MISMATCH', 'vault!root'],
    ])
  })

  it('does not call clean what it could not count', async () => {
    const memory = sharedMemory()
    const busy = await createVault({ storage: memory.open(), unlock })
    let next = 0
    const create = (): Promise<unknown> =>
      busy.createSecret({ secretName: `t${next++}`, secretData: 'x' })
    const vault = await openVault({ storage: before(memory.open(), create), unlock })
    const result = await vault.verify()
    expect(result).toMatchObject({ isClean: false, isComplete: false, problems: [] })
    expect(await busy.verify()).toMatchObject({ isClean: true, isComplete: true })
  })

  it('checks a secret that is renamed to a place that was passed, and counts it once', async () => {
    const memory = sharedMemory()
    const other = await createVault({ storage: memory.open(), unlock })
    await fill(other, 300)
    await other.createSecret({ secretName: 'z', secretData: 'in question' })
    const verifyWhileRenamed = async (): Promise<readonly [number, boolean]> => {
      let calls = 0
      // Past the first page of secrets, before the last.
      const storage = before(memory.open(), async () => {
        if (++calls === 200) await other.renameSecret({ secretName: 'z', newSecretName: 'a' })
      })
      const { secretCount, isClean } = await (await openVault({ storage, unlock })).verify()
      await other.renameSecret({ secretName: 'a', newSecretName: 'z' })
      return [secretCount, isClean]
    }
    expect(await verifyWhileRenamed()).toEqual([301, true])
    const [key = ''] = await versionKeysOf(memory.open(), 'z')
    const damaged = await recordAt(memory.open(), key)
    damaged[20] = (damaged[20] ?? 0) ^ 1
    await overwrite(memory.open(), key, damaged)
    expect(await verifyWhileRenamed()).toEqual([301, false])
  })

  it.each([
    ['zzz', 'aaa'],
    ['aaa', 'zzz'],
  ])('counts right while %s is renamed to %s between two pages', async (from, to) => {
    const memory = sharedMemory()
    const store = memory.open()
    let vault: Vault | null = null
    let isCounting = false
    // The names are read in pages, of which 600 secrets have several.
    const storage: StorageAdapter = {
      ...store,
      scan: async (range) => {
        const page = await store.scan(range)
        if (isCounting && range.end === SECRET_KEYS.end) {
          isCounting = false
          await vault?.renameSecret({ secretName: from, newSecretName: to })
        }
        return page
      },
    }
    vault = await createVault({ storage, unlock })
    await vault.createSecret({ secretName: from, secretData: 'x' })
    await fill(vault, 600)
    isCounting = true
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 601, problems: [] })
    expect(isCounting).toBe(false)
  })

  it('takes no version for a stray whose secret is renamed before each look at it', async () => {
    const memory = sharedMemory()
    const store = memory.open()
    let vault: Vault | null = null
    let renames = -1
    const names = ['a', 'b'] as const
    const storage: StorageAdapter = {
      ...store,
      read: async (keys) => {
        const values = await store.read(keys)
        // When the secret has been checked, it gets a version that the check has not seen.
        if (renames === 0 && keys.some((key) => key.startsWith('version!'))) {
          renames = 1
          await vault?.putSecretValue({ secretName: 'a', secretData: 'later' })
        }
        return values
      },
      scan: async (range) => {
        const page = await store.scan(range)
        // After the names were read, and before the version is looked for under them.
        if (renames >= 1 && renames <= 2 && range.end === SECRET_KEYS.end) {
          const [secretName = 'a', newSecretName = 'b'] = renames === 1 ? names : names.toReversed()
          renames += 1
          await vault?.renameSecret({ secretName, newSecretName })
        }
        return page
      },
    }
    vault = await createVault({ storage, unlock })
    await vault.createSecret({ secretName: 'a', secretData: 'x' })
    // Enough that version records come by later than the first page.
    await fill(vault, 300)
    renames = 0
    expect(await vault.verify()).toMatchObject({ isClean: true, problems: [] })
    expect(renames).toBe(3)
  })
})
