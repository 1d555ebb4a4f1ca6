/** Deleting for good takes two looks, at least a minute apart: one wrong time deletes nothing. */

import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Vault } from 'stagevault'
import { openDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { keysOf, recordAt } from '../support/stored-records.js'
import { DAY_MS } from '../support/test-clock.js'
import type { TestVault, TestVaultOptions } from '../support/test-vault.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' } as const
const MINUTE_MS = 60_000
const WINDOW_DAYS = 7
const YEAR_MS = 365 * DAY_MS

async function vaultWithScheduled(options: TestVaultOptions = {}): Promise<TestVault> {
  const test = await vaultWithSecret(options)
  await test.vault.deleteSecret({ ...S, recoveryWindowInDays: WINDOW_DAYS })
  return test
}

async function vaultWithDue(options: TestVaultOptions = {}): Promise<TestVault> {
  const test = await vaultWithScheduled(options)
  test.clock.advance(WINDOW_DAYS * DAY_MS)
  return test
}

async function isThere(vault: Vault): Promise<boolean> {
  const { secrets } = await vault.listSecrets()
  return secrets.length > 0
}

/** When the secret was found due, as its deletion entry says; 0 for not yet. */
async function lookTime({ storage, key }: TestVault): Promise<number> {
  const [place = ''] = await keysOf(storage, 'due!')
  const records = await recordKeysOf(storage, key)
  return openDeletionEntry(records, place, await recordAt(storage, place)).lookTime
}

/** A promise and what resolves it. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

it('a secret that is scheduled again in the commit of a look keeps its deletion entry', async () => {
  const memory = createMemoryStorage()
  const [scan, commit] = [gate(), gate()]
  let isHeld = false
  const storage: StorageAdapter = {
    ...memory,
    scan: async (range) => {
      if (isHeld && range.start.startsWith('due!')) await scan.passed
      return memory.scan(range)
    },
    commit: async (changes) => {
      if (isHeld) await commit.passed
      return memory.commit(changes)
    },
  }
  const { vault, clock } = await newTestVault({ storage })
  for (const secretName of ['s', 't', 'u']) {
    await vault.createSecret({ secretName, secretData: 'x' })
  }
  for (const secretName of ['s', 't']) {
    await vault.deleteSecret({ secretName, recoveryWindowInDays: 8 })
  }
  clock.advance(DAY_MS)
  isHeld = true
  // One wrong reading of the clock makes both due for the sweep of a refused creation.
  clock.advance(8 * DAY_MS)
  const refused = vault.createSecret({ secretName: 't', secretData: 'y' }).catch(() => undefined)
  await setTimeout(20)
  clock.advance(-8 * DAY_MS)
  const busy = vault.putSecretValue({ secretName: 'u', secretData: 'z' })
  await setTimeout(20)
  const restored = vault.restoreSecret({ secretName: 's' })
  scan.open()
  await setTimeout(20)
  const again = vault.deleteSecret({ secretName: 's', recoveryWindowInDays: 7 })
  commit.open()
  await Promise.all([refused, busy, restored, again])
  expect(await keysOf(storage, 'due!')).toHaveLength(2)
  expect(await vault.verify()).toMatchObject({ isClean: true, problems: [] })
})

describe('a due secret', () => {
  it('stays at the first look, and goes at one that is 60 s later', async () => {
    const test = await vaultWithDue()
    const { vault, clock, dump } = test
    expect(await isThere(vault)).toBe(true)
    expect(await lookTime(test)).toBe(clock.now())
    clock.advance(MINUTE_MS - 1)
    const before = await dump()
    expect(await isThere(vault)).toBe(true)
    expect(await dump()).toEqual(before)
    clock.advance(1)
    expect(await isThere(vault)).toBe(false)
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_FOUND')
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 0 })
  })

  it('is described with its date and gives no value until then', async () => {
    const { vault, clock } = await vaultWithDue()
    const planned = new Date(clock.now())
    expect((await vault.describeSecret(S)).plannedDeleteTime).toEqual(planned)
    await vault.listSecrets()
    expect((await vault.describeSecret(S)).plannedDeleteTime).toEqual(planned)
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_IN_DELETE_WINDOW')
  })

  it('can be restored between the looks, and begins again when it is scheduled again', async () => {
    const test = await vaultWithDue()
    const { vault, clock } = test
    await vault.listSecrets()
    await vault.restoreSecret(S)
    clock.advance(MINUTE_MS)
    expect(await isThere(vault)).toBe(true)
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
    await vault.deleteSecret({ ...S, recoveryWindowInDays: WINDOW_DAYS })
    expect(await lookTime(test)).toBe(0)
    clock.advance(WINDOW_DAYS * DAY_MS)
    expect(await isThere(vault)).toBe(true)
    clock.advance(MINUTE_MS)
    expect(await isThere(vault)).toBe(false)
  })

  it('that is restored by another handle at the second look is one thing or the other', async () => {
    const { vault, clock, open } = await vaultWithDue()
    await vault.listSecrets()
    const other = await open()
    clock.advance(MINUTE_MS)
    const [restored] = await Promise.allSettled([other.restoreSecret(S), vault.listSecrets()])
    expect(await isThere(vault)).toBe(restored.status === 'fulfilled')
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('one wrong reading of the clock', () => {
  it('deletes nothing, at once or later', async () => {
    const { vault, clock } = await vaultWithScheduled()
    const now = clock.now()
    clock.set(now + YEAR_MS)
    expect(await isThere(vault)).toBe(true)
    clock.set(now)
    for (let i = 0; i < 3; i++) {
      clock.advance(MINUTE_MS)
      expect(await isThere(vault)).toBe(true)
    }
    await vault.restoreSecret(S)
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('leaves a look in the future, which a true one replaces', async () => {
    const test = await vaultWithScheduled()
    const { vault, clock } = test
    const now = clock.now()
    clock.set(now + YEAR_MS)
    await vault.listSecrets()
    expect(await lookTime(test)).toBe(now + YEAR_MS)
    clock.set(now + WINDOW_DAYS * DAY_MS)
    expect(await isThere(vault)).toBe(true)
    expect(await lookTime(test)).toBe(clock.now())
    clock.advance(MINUTE_MS)
    expect(await isThere(vault)).toBe(false)
  })

  it('to 1970 is no obstacle afterwards: the latest time is not kept either', async () => {
    const { vault, clock } = await vaultWithDue()
    const now = clock.now()
    clock.set(0)
    expect(await isThere(vault)).toBe(true)
    expect((await vault.describeSecret(S)).plannedDeleteTime).toEqual(new Date(now))
    clock.set(now)
    await vault.listSecrets()
    clock.advance(MINUTE_MS)
    expect(await isThere(vault)).toBe(false)
  })

  it('in one handle is no look of another that reads the right time', async () => {
    const { vault, clock, open } = await vaultWithScheduled()
    const other = await open({ clock: () => clock.now() + YEAR_MS })
    await other.listSecrets()
    for (let i = 0; i < 3; i++) {
      clock.advance(MINUTE_MS)
      expect(await isThere(vault)).toBe(true)
    }
    await vault.restoreSecret(S)
  })
})

describe('two handles', () => {
  it('share their looks', async () => {
    const { vault, clock, open } = await vaultWithDue()
    const other = await open()
    clock.advance(MINUTE_MS - 1)
    expect(await isThere(vault)).toBe(true)
    clock.advance(1)
    expect(await isThere(vault)).toBe(false)
    expect(await isThere(other)).toBe(false)
  })

  it('that look at once look once, and delete once', async () => {
    const { vault, clock, open } = await vaultWithDue()
    const other = await open()
    const deleted: string[] = []
    for (const each of [vault, other]) {
      each.subscribe((event) => {
        if (event.type === 'secret.deleted' && event.isRemote !== true) {
          deleted.push(event.secretName)
        }
      })
    }
    await Promise.all([vault.listSecrets(), other.listSecrets()])
    clock.advance(MINUTE_MS)
    await Promise.all([vault.listSecrets(), other.listSecrets()])
    expect(deleted).toEqual(['S'])
    expect(await other.verify()).toMatchObject({ isClean: true, secretCount: 0 })
  })
})

describe('a program that runs for a second at a time', () => {
  it('deletes what is due by opening the vault', async () => {
    const { open, clock, vault, storage } = await vaultWithDue()
    await vault.close()
    for (const [seconds, count] of [
      [0, 1],
      [30, 1],
      [60, 0],
    ] as const) {
      const start = clock.now()
      clock.advance(1_000 * seconds)
      await (await open()).close()
      expect(await keysOf(storage, 'version!')).toHaveLength(count)
      clock.set(start)
    }
  })
})

describe('createSecret', () => {
  const create = (vault: Vault, secretName: string): Promise<unknown> =>
    vault.createSecret({ secretName, secretData: 'new' })

  it('that meets the name of a due secret looks, and takes the name at the second look', async () => {
    const test = await vaultWithDue()
    const { vault, clock } = test
    await expectFailure(() => create(vault, 'S'), 'SECRET_IN_DELETE_WINDOW')
    expect(await lookTime(test)).toBe(clock.now())
    clock.advance(MINUTE_MS)
    await create(vault, 'S')
    expect((await vault.getSecretValue(S)).secretData).toBe('new')
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 1 })
  })

  it('that meets a full quota looks, and takes the place at the second look', async () => {
    const test = await vaultWithDue({ limits: { secretsMax: 1 } })
    const { vault, clock } = test
    await expectFailure(() => create(vault, 'T'), 'QUOTA_EXCEEDED')
    expect(await lookTime(test)).toBe(clock.now())
    clock.advance(MINUTE_MS)
    await create(vault, 'T')
    await expectFailure(() => vault.describeSecret(S), 'SECRET_NOT_FOUND')
  })

  it('leaves the name of a secret whose window has not ended', async () => {
    const { vault, clock, dump } = await vaultWithScheduled()
    const before = await dump()
    for (let i = 0; i < 2; i++) {
      await expectFailure(() => create(vault, 'S'), 'SECRET_IN_DELETE_WINDOW')
      clock.advance(MINUTE_MS)
    }
    expect(await dump()).toEqual(before)
  })
})
