/** How to provoke each code of the stores, and see it through the vault. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVault, rawKey } from 'stagevault'
import type { StorageErrorCode } from '@stagevault/storage'
import { StorageError } from '@stagevault/storage'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { TEST_KEY, newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

async function inFolder(use: (folder: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stagevault-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A vault whose store rejects commits with this code: what an adapter says arrives unchanged. */
async function commitRejects(code: StorageErrorCode): Promise<unknown> {
  const inner = createMemoryStorage()
  let fails = false
  const commit: typeof inner.commit = (request) =>
    fails ? Promise.reject(new StorageError(code, 'made to fail')) : inner.commit(request)
  const { vault } = await newTestVault({ storage: { ...inner, commit } })
  fails = true
  return vault.createSecret({ ...S, secretData: 'x' })
}

/** The memory store over data that begins to fail once the vault is there. */
async function dataFails(method: 'get' | 'apply'): Promise<unknown> {
  const records = createMemoryData()
  let fails = false
  const failing = <T>(step: () => T): T => {
    if (fails) throw new Error('made to fail')
    return step()
  }
  const data = {
    ...records,
    ...(method === 'get'
      ? { get: (key: string) => failing(() => records.get(key)) }
      : {
          apply: (changes: Parameters<typeof records.apply>[0]) => {
            failing(() => {
              records.apply(changes)
            })
          },
        }),
  }
  const { vault } = await vaultWithSecret({ storage: createMemoryStorage({ data }) })
  fails = true
  return vault.putSecretValue({ ...S, secretData: 'two' })
}

export const STORAGE_ERRORS: Readonly<Record<StorageErrorCode, () => Promise<unknown>>> = {
  STORAGE_MISSING: () =>
    inFolder((folder) => openLevelStorage({ location: join(folder, 'absent') })),
  STORAGE_DRIVER_MISSING: () => commitRejects('STORAGE_DRIVER_MISSING'),
  STORAGE_LOCKED: () =>
    inFolder(async (folder) => {
      const first = await createLevelStorage({ location: folder })
      try {
        await openLevelStorage({ location: folder })
      } finally {
        await first.close()
      }
    }),
  STORAGE_BLOCKED: () => commitRejects('STORAGE_BLOCKED'),
  STORAGE_CLOSED: async () => {
    const storage = createMemoryStorage()
    await storage.close()
    await openVault({ storage, unlock: rawKey(TEST_KEY) })
  },
  STORAGE_FULL: () => commitRejects('STORAGE_FULL'),
  STORAGE_UNAVAILABLE: () => dataFails('get'),
  STORAGE_OUTCOME_UNKNOWN: () => dataFails('apply'),
}
