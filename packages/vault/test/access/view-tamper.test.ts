/** A writer of the store cannot undo a revoke: each old record put back alone is noticed. */

import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import type { Vault } from 'stagevault'
import { isVaultError } from 'stagevault'
import { dumpRecords } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const ANN = { kind: 'user', name: 'ann' } as const

function policyOf(effect: 'Allow' | 'Deny', principal?: string): string {
  const statement = { Effect: effect, Action: 'kms:*', Resource: '*' }
  const named = principal === undefined ? {} : { Principal: { RAM: principal } }
  return JSON.stringify({ Version: '1', Statement: [{ ...statement, ...named }] })
}

async function prepared(): Promise<TestVault> {
  const test = await newTestVault({ accountId: 'local' })
  const { vault } = test
  await vault.createSecret({ secretName: 'a', secretData: 'value of a' })
  await vault.createPolicy({ policyName: 'all', policy: policyOf('Allow') })
  await vault.createGroup({ groupName: 'team' })
  await vault.createUser({ userName: 'ann' })
  await vault.attachPolicy({ policyName: 'all', to: { kind: 'group', name: 'team' } })
  await vault.addUserToGroup({ userName: 'ann', groupName: 'team' })
  await vault.setSecretPolicy({ secretName: 'a', policy: policyOf('Allow', 'acs:ram::local:*') })
  return test
}

/** Everything that says who may do what is taken away from Ann, each by its own record. */
async function revokeAll(vault: Vault): Promise<void> {
  await vault.setUserEnabled({ userName: 'ann', enabled: false })
  await vault.detachPolicy({ policyName: 'all', from: { kind: 'group', name: 'team' } })
  await vault.updatePolicy({ policyName: 'all', policy: policyOf('Deny') })
  await vault.setSecretPolicy({ secretName: 'a', policy: policyOf('Deny', 'acs:ram::local:*') })
}

async function writeRecord(
  storage: StorageAdapter,
  key: string,
  hex: string | undefined,
): Promise<void> {
  const value = hex === undefined ? null : Buffer.from(hex, 'hex')
  await storage.commit({ guards: [], mutations: [{ key, value }] })
}

async function outcomeOf(vault: Vault): Promise<string> {
  try {
    await vault.as(ANN).getSecretValue({ secretName: 'a' })
    return 'read'
  } catch (error) {
    if (!isVaultError(error)) throw error
    return error.code
  }
}

describe('a record from before a revoke', () => {
  it('is refused by an open handle and by a fresh one, each alone', async () => {
    const { vault, storage, open } = await prepared()
    expect(await outcomeOf(vault)).toBe('read')
    const before = await dumpRecords(storage)
    await revokeAll(vault)
    const after = await dumpRecords(storage)
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => before.get(key) !== after.get(key),
    )
    expect(changed.map((key) => key.replace(/[0-9a-f]{32}/, 'id'))).toEqual(
      expect.arrayContaining([
        'access!group!team',
        'access!list',
        'access!policy!all',
        'access!user!ann',
        'policy!id!000000000001',
        'secret!a!head',
        'vault!access',
        'vault!root',
      ]),
    )
    const outcomes = new Map<string, readonly string[]>()
    for (const key of changed) {
      await writeRecord(storage, key, before.get(key))
      const fresh = await open()
      outcomes.set(key, [await outcomeOf(vault), await outcomeOf(fresh)])
      await fresh.close()
      await writeRecord(storage, key, after.get(key))
      expect(await outcomeOf(vault)).toBe('ACCESS_DENIED')
    }
    for (const [key, [opened, fresh]] of outcomes) {
      expect(opened, key).not.toBe('read')
      expect(fresh, key).not.toBe('read')
    }
  })

  it('that is removed is missed: no decision is made without it', async () => {
    const { vault, storage, open } = await prepared()
    await revokeAll(vault)
    const stored = await dumpRecords(storage)
    const keys = [...stored.keys()].filter((key) => /^(access!|policy!|vault!access)/.test(key))
    for (const key of keys) {
      await writeRecord(storage, key, undefined)
      const fresh = await open()
      const outcome = await outcomeOf(fresh)
      // What another record decides first need not be read.
      expect(['RECORD_MISSING', 'RECORD_MISMATCH', 'ACCESS_DENIED'], key).toContain(outcome)
      await fresh.close()
      await writeRecord(storage, key, stored.get(key))
    }
  })
})
