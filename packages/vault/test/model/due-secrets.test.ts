/** A secret whose window has ended is gone, also while its records cannot be deleted. */

import { describe, expect, test } from 'vitest'
import type { Fault, TestVault } from './test-vault.js'
import { createTestVault, memoryPlace } from './test-vault.js'

const FULL_DISK: Fault = { verdict: 'fail-before', call: 'every commit' }
const DAYS_31 = 31 * 24 * 60 * 60 * 1000
const secretName = 'due'

async function withDueSecret(use: (vault: TestVault) => Promise<void>): Promise<void> {
  const vault = await createTestVault(memoryPlace(), { secretsMax: 1 })
  try {
    const [first] = vault.handles()
    await first.createSecret({ secretName, secretData: 'value' })
    await first.deleteSecret({ secretName })
    vault.advance(DAYS_31)
    await use(vault)
  } finally {
    await vault.dispose()
  }
}

describe('a due secret on a full disk', () => {
  test('reads come to SECRET_NOT_FOUND, not to CONFLICT', () => withDueSecret(async (vault) => {
    const request = { secretName }
    for (const name of ['getSecretValue', 'describeSecret', 'walkVersions'] as const) {
      expect(await vault.run(0, { name, request }, FULL_DISK), name)
        .toEqual({ code: 'SECRET_NOT_FOUND' })
    }
    const list = await vault.run(0, { name: 'walkSecrets', request: {} }, FULL_DISK)
    expect(list).toEqual({ result: [[]] })
  }))

  test('does not count: a creation fails for the disk, not with QUOTA_EXCEEDED', () =>
    withDueSecret(async (vault) => {
      const request = { secretName: 'new', secretData: 'value' }
      const creation = { name: 'createSecret', request } as const
      expect(await vault.run(0, creation, FULL_DISK)).toEqual({ code: 'STORAGE_UNAVAILABLE' })
      expect(await vault.run(0, creation, null)).toMatchObject({ result: { secretName: 'new' } })
    }))
})
