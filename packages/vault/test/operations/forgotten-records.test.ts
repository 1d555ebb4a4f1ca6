/** What a vault no longer remembers: seen in the maps that it keeps records in. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { vaultWithSecret } from '../support/test-vault.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Notes the maps that records are put into from now on; gives the keys that are in them. */
function watchMaps(): () => string[] {
  const set = vi.spyOn(Map.prototype, 'set')
  return () => {
    const maps = set.mock.contexts.filter((_map, i) => isRecord(set.mock.calls[i]?.[1]))
    return [...new Set(maps)].flatMap((map) => [...(map as Map<string, unknown>).keys()])
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sealed' in value && 'hash' in value
}

const S = { secretName: 'S' }
const V1 = { ...S, versionId: 'v1' }

/** A store whose next answer to a read can be held back. */
function heldStorage() {
  const inner = createMemoryStorage()
  let gate: Promise<void> | null = null
  const storage: StorageAdapter = {
    ...inner,
    read: async (keys) => {
      const held = gate
      gate = null
      const values = await inner.read(keys)
      await held
      return values
    },
  }
  function holdNext(): () => void {
    let letGo: () => void = () => undefined
    gate = new Promise((resolve) => {
      letGo = resolve
    })
    return letGo
  }
  return { storage, holdNext }
}

async function threeVersions() {
  const { storage, holdNext } = heldStorage()
  const { vault } = await vaultWithSecret({ storage })
  for (const secretData of ['two', 'three']) await vault.putSecretValue({ ...S, secretData })
  return { vault, holdNext, remembered: watchMaps() }
}

describe('the record of a version', () => {
  it('is forgotten as it is destroyed', async () => {
    const { vault, remembered } = await threeVersions()
    await vault.getSecretValue(V1)
    expect(remembered()).toHaveLength(1)
    await vault.destroyVersion(V1)
    expect(remembered()).toEqual([])
  })

  it('is not remembered where it is destroyed while it is read', async () => {
    const { vault, holdNext, remembered } = await threeVersions()
    const letGo = holdNext()
    const reading = vault.getSecretValue(V1)
    await vault.destroyVersion(V1)
    letGo()
    expect(await reading).toMatchObject({ secretData: 'one' })
    expect(remembered()).toEqual([])
    await vault.getSecretValue(S)
    expect(remembered()).toHaveLength(1)
  })

  it('is forgotten with the vault', async () => {
    const { vault, remembered } = await threeVersions()
    for (const request of [S, V1]) await vault.getSecretValue(request)
    expect(remembered()).toHaveLength(2)
    await vault.close()
    expect(remembered()).toEqual([])
  })
})
