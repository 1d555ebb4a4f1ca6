/** A revoke against what a view does at the same time: after it, nothing is written. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { isVaultError } from 'stagevault'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const ANN = { kind: 'user', name: 'ann' } as const
const NAME = 'app/db'

function policyOf(effect: 'Allow' | 'Deny'): string {
  const statement = { Effect: effect, Action: 'kms:*', Resource: '*' }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

async function prepared(): Promise<TestVault> {
  const test = await newTestVault({ accountId: 'local' })
  const { vault } = test
  await vault.createSecret({ secretName: NAME, secretData: 'first', versionId: 'first' })
  await vault.createPolicy({ policyName: 'all', policy: policyOf('Allow') })
  await vault.createUser({ userName: 'ann' })
  await vault.attachPolicy({ policyName: 'all', to: ANN })
  return test
}

/** The ways to revoke. */
const REVOKES: Readonly<Record<string, (vault: Vault) => Promise<unknown>>> = {
  detachPolicy: (vault) => vault.detachPolicy({ policyName: 'all', from: ANN }),
  updatePolicy: (vault) => vault.updatePolicy({ policyName: 'all', policy: policyOf('Deny') }),
  setUserEnabled: (vault) => vault.setUserEnabled({ userName: 'ann', enabled: false }),
  setSecretPolicy: (vault) => {
    const statement = {
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Principal: { RAM: `acs:ram::local:*` },
    }
    const policy = JSON.stringify({ Version: '1', Statement: [statement] })
    return vault.setSecretPolicy({ secretName: NAME, policy })
  },
}

async function put(vault: Vault, versionId: string): Promise<'stored' | 'denied'> {
  try {
    await vault.as(ANN).putSecretValue({ secretName: NAME, secretData: versionId, versionId })
    return 'stored'
  } catch (error) {
    if (isVaultError(error, 'ACCESS_DENIED')) return 'denied'
    throw error
  }
}

describe.each(Object.entries(REVOKES))('%s', (_name, revoke) => {
  it('is seen by the next read and the next write of every handle', async () => {
    const { vault, open } = await prepared()
    const other = await open()
    expect(await put(vault, 'before')).toBe('stored')
    expect(await put(other, 'before-2')).toBe('stored')
    await revoke(vault)
    for (const handle of [vault, other]) {
      const view = handle.as(ANN)
      await expect(view.getSecretValue({ secretName: NAME })).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
      })
      expect(await put(handle, 'after')).toBe('denied')
    }
  })

  it('wins where it was submitted first in the same turn', async () => {
    const { vault } = await prepared()
    const [, outcome] = await Promise.all([revoke(vault), put(vault, 'late')])
    expect(outcome).toBe('denied')
  })

  it('lets nothing be written after it was acknowledged, through any handle', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 12 }),
        fc.nat(11),
        async (pauses, place) => {
          const { vault, open } = await prepared()
          const handles = [vault, await open()]
          let revokedAt: number | null = null
          const stored: string[] = []
          const running = pauses.map(async (pause, i) => {
            for (let turn = 0; turn < pause; turn++) await Promise.resolve()
            const handle = handles[i % 2] ?? vault
            if (i === place % pauses.length) {
              await revoke(handles[(i + 1) % 2] ?? vault)
              revokedAt = stored.length
              return
            }
            const begunAfter = revokedAt !== null
            const outcome = await put(handle, `v-${String(i)}`)
            if (outcome === 'stored') stored.push(`v-${String(i)}`)
            // What begins after the acknowledgement is denied.
            if (begunAfter) expect(outcome).toBe('denied')
          })
          await Promise.all(running)
          expect(revokedAt).not.toBeNull()
          expect(await put(vault, 'last')).toBe('denied')
          const { versions } = await vault.listSecretVersionIds({
            secretName: NAME,
            includeDeprecated: true,
            pageSize: 100,
          })
          const ids = versions.map(({ versionId }) => versionId).filter((id) => id !== 'first')
          expect(new Set(ids)).toEqual(new Set(stored.filter((id) => ids.includes(id))))
        },
      ),
      { numRuns: 30 },
    )
  })
})
