import { describe, expect, it } from 'vitest'
import type { Vault, VaultEvent } from 'stagevault'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure } from '../support/failures.js'
import { put } from '../support/put.js'
import { keysOf } from '../support/stored-records.js'
import { newTestVault, sharedMemory, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

async function idsOf(vault: Vault): Promise<string[]> {
  return Object.keys(await labelsOf(vault, 'S'))
}

describe('EVT-1: the oldest version without a label makes room', () => {
  it('EVT-1: the eleventh version evicts the first', async () => {
    const { vault, storage } = await vaultWithSecret()
    for (let i = 2; i <= 10; i++) await put(vault, `v${i}`)
    expect(await idsOf(vault)).toHaveLength(10)
    await put(vault, 'v11')
    expect(await idsOf(vault)).toEqual(Array.from({ length: 10 }, (_, i) => `v${i + 2}`))
    expect(await keysOf(storage, 'version!')).toHaveLength(10)
  })

  it('EVT-1: a labelled version survives, however old', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 4 } })
    await put(vault, 'v2', 'keep')
    for (let i = 3; i <= 9; i++) await put(vault, `v${i}`)
    // Unlabelled v7 is the oldest one left besides v2, previous v8 and current v9.
    expect(await labelsOf(vault, 'S')).toEqual({
      v2: ['keep'],
      v7: [],
      v8: ['ACSPrevious'],
      v9: ['ACSCurrent'],
    })
  })

  it('EVT-1: by order of creation, not by the clock', async () => {
    const { vault, clock, open } = await vaultWithSecret({ limits: { versionsMax: 3 } })
    await put(vault, 'v2')
    // Another session may have an older clock: the second version is "younger" than the fourth.
    clock.advance(-1_000_000)
    const again = await open()
    await put(again, 'v3')
    await put(again, 'v4')
    expect(await idsOf(again)).toEqual(['v2', 'v3', 'v4'])
    await put(again, 'v5')
    expect(await idsOf(again)).toEqual(['v3', 'v4', 'v5'])
  })

  it('EVT-1: after the labels have moved', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await put(vault, 'v2')
    // Until v3 is stored both carry a label; then v1 has lost ACSPrevious, and goes.
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: ['ACSCurrent'] })
    await put(vault, 'v3')
    expect(await labelsOf(vault, 'S')).toEqual({ v2: ['ACSPrevious'], v3: ['ACSCurrent'] })
  })

  it('EVT-1: never the one just stored', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 3 } })
    await put(vault, 'v2', 'blue')
    await put(vault, 'v3', 'green')
    await put(vault, 'v4', 'green')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'], v4: ['green'] })
  })

  it('EVT-1: with 8 labels and 10 versions there is always one to go', async () => {
    const { vault } = await vaultWithSecret()
    for (const [i, label] of ['a', 'b', 'c', 'd', 'e', 'f'].entries())
      await put(vault, `x${i}`, label)
    for (let i = 0; i < 12; i++) await put(vault, `y${i}`)
    expect(await labelsOf(vault, 'S')).toEqual({
      x0: ['a'],
      x1: ['b'],
      x2: ['c'],
      x3: ['d'],
      x4: ['e'],
      x5: ['f'],
      y8: [],
      y9: [],
      y10: ['ACSPrevious'],
      y11: ['ACSCurrent'],
    })
  })

  it('EVT-1: where every version carries a label: VERSION_LIMIT, nothing stored', async () => {
    const { vault, dump } = await vaultWithSecret({ limits: { versionsMax: 2, stageLabelsMax: 8 } })
    await put(vault, 'v2', 'blue')
    const before = await dump()
    await expectFailure(() => put(vault, 'v3', 'green'), 'VERSION_LIMIT')
    await expectFailure(() => put(vault, 'v3'), 'VERSION_LIMIT')
    expect(await dump()).toEqual(before)
    // With the label that v2 has the new version leaves it behind unlabelled.
    await put(vault, 'v3', 'blue')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v3: ['blue'] })
  })

  it('EVT-1: a limit that was lowered evicts down to it, the oldest first', async () => {
    const { vault } = await vaultWithSecret()
    for (let i = 2; i <= 8; i++) await put(vault, `v${i}`)
    const events: VaultEvent[] = []
    await vault.updateVaultSettings({ limits: { versionsMax: 3 } })
    expect(await idsOf(vault)).toHaveLength(8)
    vault.subscribe((event) => events.push(event))
    await put(vault, 'v9')
    expect(await idsOf(vault)).toEqual(['v7', 'v8', 'v9'])
    const evicted = events.filter((event) => event.type === 'secret.version.evicted')
    expect(evicted.map(({ versionId }) => versionId)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5', 'v6'])
  })

  it('EVT-1: a destroyed version counts, and goes in its turn', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 3 } })
    await put(vault, 'v2')
    await put(vault, 'v3')
    await vault.destroyVersion({ ...S, versionId: 'v1' })
    expect(await idsOf(vault)).toEqual(['v1', 'v2', 'v3'])
    await put(vault, 'v4')
    expect(await idsOf(vault)).toEqual(['v2', 'v3', 'v4'])
  })
})

describe('EVT-2: until it is evicted, a version without a label stays readable', () => {
  it('EVT-2: by its id, and then no more', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 3 } })
    await put(vault, 'v2')
    await put(vault, 'v3')
    const v1 = { ...S, versionId: 'v1' }
    expect(await vault.getSecretValue(v1)).toMatchObject({ secretData: 'one', versionStages: [] })
    await put(vault, 'v4')
    await expectFailure(() => vault.getSecretValue(v1), 'VERSION_NOT_FOUND')
  })

  it('EVT-2: losing its last label evicts nothing', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'blue')
    await vault.updateSecretVersionStage({ ...S, versionStage: 'blue', removeFromVersion: 'v2' })
    const { secretData } = await vault.getSecretValue({ ...S, versionId: 'v2' })
    expect(secretData).toBe('value of v2')
  })

  it('EVT-2: eviction is an event', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await put(vault, 'v2')
    const events: VaultEvent[] = []
    vault.subscribe((event) => events.push(event))
    await put(vault, 'v3')
    expect(events).toEqual([
      {
        type: 'secret.version.created',
        secretName: 'S',
        versionId: 'v3',
        versionStages: ['ACSCurrent'],
      },
      { type: 'secret.version.evicted', secretName: 'S', versionId: 'v1' },
    ])
  })
})

describe('all of it is one step with the write', () => {
  it('a put that fails moves no label, evicts nothing and emits no event', async () => {
    let fails = false
    const storage = faultyStorage(createMemoryStorage(), ({ method }) =>
      fails && method === 'commit' ? 'fail-before' : 'pass',
    )
    const { vault, dump } = await newTestVault({ storage, limits: { versionsMax: 2 } })
    await vault.createSecret({ ...S, secretData: 'one' })
    await put(vault, 'v2')
    const before = await dump()
    const events: VaultEvent[] = []
    vault.subscribe((event) => events.push(event))
    fails = true
    await expectFailure(() => put(vault, 'v3'), 'STORAGE_UNAVAILABLE')
    expect(await dump()).toEqual(before)
    expect(events).toEqual([])
    fails = false
    await put(vault, 'v3')
    expect(await idsOf(vault)).toEqual(['v2', 'v3'])
  })

  it('of two puts that meet, each finds the other done or not begun', async () => {
    const memory = sharedMemory()
    const limits = { versionsMax: 4 }
    const { vault, open } = await newTestVault({ storage: memory.open(), limits })
    await vault.createSecret({ ...S, secretData: 'one' })
    const other = await open({ storage: memory.open() })
    await Promise.all([put(vault, 'a'), put(other, 'b'), put(vault, 'c'), put(other, 'd')])
    const labels = await labelsOf(vault, 'S')
    expect(Object.keys(labels).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(Object.values(labels).flat().sort()).toEqual(['ACSCurrent', 'ACSPrevious'])
  })
})
