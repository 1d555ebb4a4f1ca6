/** Sweeps on the way of other calls: what they cost, and that they keep none from what it does. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { StorageError } from 'stagevault'
import {
  DELETION_LOOK_MS_MIN,
  PENDING_CHANGES_MAX,
  SWEPT_SECRETS_MAX,
} from '@stagevault/core/limits'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { DAY_MS } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

describe('a sweep that stops at its bound', () => {
  it('is gone on with where a wrong clock has led it beyond what is due', async () => {
    const { vault, clock } = await vaultWithSecret()
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    // The first sweep of a handle goes further than others.
    await vault.listSecrets()
    clock.advance(1)
    for (let i = 0; i <= SWEPT_SECRETS_MAX; i++) {
      await vault.createSecret({ secretName: `s${i}`, secretData: 'x' })
      await vault.deleteSecret({ secretName: `s${i}` })
    }
    const right = clock.now()
    clock.advance(365 * DAY_MS)
    await vault.listSecrets()
    clock.set(right + 7 * DAY_MS)
    for (let sweep = 0; sweep < 3; sweep++) {
      await vault.listSecrets()
      clock.advance(DELETION_LOOK_MS_MIN)
    }
    await expectFailure(() => vault.describeSecret(S), 'SECRET_NOT_FOUND')
    const left = SWEPT_SECRETS_MAX + 1
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: left })
  })
})

describe('what is due holds up no other call', () => {
  /** Found due by one look, and to be deleted by the next. */
  async function withDue(count: number): Promise<Vault> {
    const inner = createMemoryStorage()
    const inNextTurn = (): Promise<void> =>
      new Promise((resolve) => {
        setImmediate(resolve)
      })
    // Answers come later, so that what is asked at once overlaps.
    const { vault, clock } = await newTestVault({
      storage: {
        ...inner,
        read: (keys) => inNextTurn().then(() => inner.read(keys)),
        commit: (commit) => inNextTurn().then(() => inner.commit(commit)),
      },
    })
    const names = Array.from({ length: count }, (_, i) => `s${i}`)
    await Promise.all(
      names.map((secretName) => vault.createSecret({ secretName, secretData: 'x' })),
    )
    await Promise.all(names.map((secretName) => vault.deleteSecret({ secretName })))
    clock.advance(30 * DAY_MS)
    for (let sweep = 0; sweep < 2; sweep++) await vault.listSecrets()
    clock.advance(DELETION_LOOK_MS_MIN)
    return vault
  }

  it('when many lists are asked for at once, while others are created', async () => {
    const vault = await withDue(120)
    const lists = Array.from({ length: 10 }, () => vault.listSecrets())
    const creations = Array.from({ length: 10 }, (_, i) =>
      vault.createSecret({ secretName: `new${i}`, secretData: 'x' }),
    )
    await Promise.all([...lists, ...creations])
    expect((await vault.listSecrets()).secrets).toHaveLength(10)
    expect(await vault.verify()).toMatchObject({ isClean: true, problems: [] })
  })

  it('when each name is created again at once', async () => {
    const vault = await withDue(40)
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        vault.createSecret({ secretName: `s${i}`, secretData: 'again' }),
      ),
    )
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 40, problems: [] })
  })
})

describe('what is due is deleted before an operation ends', () => {
  it('also where a list fails', async () => {
    const { vault, clock, storage, open } = await vaultWithSecret()
    await vault.deleteSecret(S)
    let isFailing = false
    let calls = 0
    // Slow, and failing for reads of nothing but the vault root.
    const slow: StorageAdapter = {
      ...storage,
      read: async (keys) => {
        calls += 1
        if (isFailing && keys.length === 1 && keys[0] === 'vault!root') {
          throw new StorageError('STORAGE_UNAVAILABLE', 'made to fail')
        }
        await turns()
        return storage.read(keys)
      },
      scan: async (range) => {
        calls += 1
        await turns()
        return storage.scan(range)
      },
    }
    const reader = await open({ storage: slow })
    clock.advance(30 * DAY_MS)
    await reader.listSecrets()
    clock.advance(DELETION_LOOK_MS_MIN)
    isFailing = true
    await expectFailure(() => reader.listSecrets(), 'STORAGE_UNAVAILABLE')
    const before = calls
    for (let i = 0; i < 20; i++) await turns()
    expect(calls).toBe(before)
  })
})

describe('a sweep that fails', () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => {
    unhandled.push(reason)
  }

  afterEach(() => {
    process.off('unhandledRejection', note)
  })

  it('tells of a store that went back, and leaves no rejection to the process', async () => {
    const { vault, clock, storage, open } = await vaultWithSecret()
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    const earlier = await recordAt(storage, 'secret!S!head')
    await vault.restoreSecret(S)
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    // Behind the entry of the secret, and so many that they take another page.
    const [entry = ''] = await keysOf(storage, 'due!')
    for (let i = 0; i < 300; i++) {
      const key = `${entry.slice(0, -32)}${String(i).padStart(32, 'f')}`
      await overwrite(storage, key, new Uint8Array(8))
    }
    const slow: StorageAdapter = {
      ...storage,
      scan: async (range) => {
        await turns()
        return storage.scan(range)
      },
    }
    const reader = await open({ storage: slow })
    await reader.describeSecret(S)
    await overwrite(storage, 'secret!S!head', earlier)
    clock.advance(7 * DAY_MS)
    process.on('unhandledRejection', note)
    await expectFailure(() => reader.listSecrets(), 'ROLLBACK_DETECTED')
    await turns()
    expect(unhandled).toEqual([])
  })

  it('for too many changes that wait keeps no list from being read', async () => {
    const { vault, clock, storage, open } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'x' })
    await vault.deleteSecret(S)
    let letGo = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const held: StorageAdapter = {
      ...storage,
      commit: (commit) => gate.then(() => storage.commit(commit)),
    }
    const busy = await open({ storage: held })
    clock.advance(30 * DAY_MS)
    const changes = Array.from({ length: PENDING_CHANGES_MAX }, (_, i) =>
      busy.updateSecret({ secretName: 'T', description: `${i}` }),
    )
    expect((await busy.listSecrets()).secrets).toHaveLength(2)
    letGo()
    await Promise.all(changes)
    expect((await busy.describeSecret({ secretName: 'T' })).description).toBe(
      String(PENDING_CHANGES_MAX - 1),
    )
  })
})

describe('what is due is found by its deletion entry', () => {
  async function costs(secretCount: number): Promise<Record<string, unknown>> {
    const counting = countingStorage(createMemoryStorage())
    const limits = { secretsMax: secretCount }
    const { vault, clock, open } = await newTestVault({ storage: counting.storage, limits })
    for (let i = 0; i < secretCount; i++) {
      await vault.createSecret({ secretName: `s${String(i).padStart(3, '0')}`, secretData: 'x' })
    }
    const schedule = async (...names: string[]): Promise<void> => {
      for (const secretName of names) await vault.deleteSecret({ secretName })
      clock.advance(30 * DAY_MS)
      counting.take()
    }
    const twice = async (call: () => Promise<unknown>): Promise<unknown[]> => {
      await call()
      const first = counting.take()
      clock.advance(DELETION_LOOK_MS_MIN)
      await call()
      return [first, counting.take()]
    }
    await schedule('s001', 's002')
    const opening = await twice(() => open())
    await schedule('s003', 's004')
    const listing = await twice(() => vault.listSecrets({ pageSize: 2 }))
    for (const secretName of ['a', 'b', 'c', 'd']) {
      await vault.createSecret({ secretName, secretData: 'x' })
    }
    await schedule('s006')
    const creating = await twice(() =>
      vault.createSecret({ secretName: 'new', secretData: 'x' }).catch(() => null),
    )
    return { opening, listing, creating }
  }

  it('at the same cost among 500 secrets as among 10', async () => {
    const [few, many] = [await costs(10), await costs(500)]
    expect(many).toEqual(few)
    // All that is due shares a commit.
    expect(few['opening']).toMatchObject([{ commits: 1 }, { commits: 1 }])
    expect(few['listing']).toMatchObject([{ commits: 1 }, { commits: 1 }])
    expect(few['creating']).toMatchObject([{ commits: 1 }, { commits: 2 }])
  })
})
