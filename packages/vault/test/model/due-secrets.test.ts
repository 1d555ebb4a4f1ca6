/** A secret whose window has ended stays until a second look deletes it, also on a full disk. */

import { describe, expect, test } from 'vitest'
import type { Outcome } from './operation.js'
import type { Fault, LocalVaultUnderTest } from './vault-under-test.js'
import { createVaultUnderTest, memoryPlace } from './vault-under-test.js'

const FULL_DISK: Fault = { verdict: 'fail-before', call: 'every commit' }
const DAYS_31 = 31 * 24 * 60 * 60 * 1000
const MINUTE = 60 * 1000
const secretName = 'due'
const IN_WINDOW = { code: 'SECRET_IN_DELETE_WINDOW' }

async function withDueSecret(use: (vault: LocalVaultUnderTest) => Promise<void>): Promise<void> {
  const vault = await createVaultUnderTest(memoryPlace(), { secretsMax: 1 })
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

/** How many looks there were, and whether the secret is still there. */
async function looksAt(vault: LocalVaultUnderTest): Promise<readonly number[]> {
  return Object.values((await vault.heads()).looks)
}

describe('a due secret', () => {
  const request = { secretName }
  const list = (vault: LocalVaultUnderTest, fault: Fault | null): Promise<Outcome> =>
    vault.run(0, { name: 'walkSecrets', request: {} }, fault)
  const create = (
    vault: LocalVaultUnderTest,
    name: string,
    fault: Fault | null,
  ): Promise<Outcome> => {
    const creation = { secretName: name, secretData: 'new' }
    return vault.run(0, { name: 'createSecret', request: creation }, fault)
  }

  test('is in its window for reads, which write nothing', () =>
    withDueSecret(async (vault) => {
      const get = { name: 'getSecretValue', request } as const
      expect(await vault.run(0, get, FULL_DISK)).toEqual(IN_WINDOW)
      const put = { name: 'putSecretValue', request: { ...request, secretData: 'x' } } as const
      expect(await vault.run(0, put, null)).toEqual(IN_WINDOW)
      const describe = { name: 'describeSecret', request } as const
      expect(await vault.run(0, describe, null)).toMatchObject({ result: request })
      expect(await looksAt(vault)).toEqual([0])
    }))

  test('is listed and holds its name and place on a full disk', () =>
    withDueSecret(async (vault) => {
      for (let i = 0; i < 3; i++) {
        expect(await list(vault, FULL_DISK)).toMatchObject({ result: [[request]] })
        expect(await create(vault, secretName, FULL_DISK)).toEqual(IN_WINDOW)
        expect(await create(vault, 'new', FULL_DISK)).toEqual({ code: 'QUOTA_EXCEEDED' })
        vault.advance(MINUTE)
      }
      expect(await looksAt(vault)).toEqual([0])
    }))

  test('is deleted by the second look, a minute after the first', () =>
    withDueSecret(async (vault) => {
      await list(vault, null)
      const first = vault.now()
      vault.advance(MINUTE - 1)
      expect(await create(vault, secretName, null)).toEqual(IN_WINDOW)
      expect(await looksAt(vault)).toEqual([first])
      vault.advance(1)
      expect(await create(vault, 'new', null)).toMatchObject({ result: { secretName: 'new' } })
      expect(await looksAt(vault)).toEqual([])
    }))

  test('can be restored until then, and has its looks again', () =>
    withDueSecret(async (vault) => {
      const [handle] = vault.handles()
      await list(vault, null)
      vault.advance(MINUTE)
      await handle.restoreSecret(request)
      expect(await handle.getSecretValue(request)).toMatchObject({ secretData: 'value' })
      await handle.deleteSecret(request)
      vault.advance(DAYS_31)
      await list(vault, null)
      expect(await list(vault, null)).toMatchObject({ result: [[request]] })
    }))

  test('outlives one wrong reading of the clock', () =>
    withDueSecret(async (vault) => {
      vault.advance(DAYS_31)
      await list(vault, null)
      vault.advance(-DAYS_31)
      for (let i = 0; i < 2; i++) {
        expect(await list(vault, null)).toMatchObject({ result: [[request]] })
        expect(await looksAt(vault)).toEqual([vault.now()])
      }
      vault.advance(MINUTE)
      expect(await list(vault, null)).toEqual({ result: [[]] })
    }))
})
