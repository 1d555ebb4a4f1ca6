import { describe, expect, it } from 'vitest'
import type { StandardSchema, Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { ACCESS_CHANGES, ACCESS_READS, callAccess } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import { dumpRecords } from '../support/stored-records.js'
import { TEST_KEY, newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

/** A store whose commits wait until they are let go. */
function gatedStorage(): { storage: StorageAdapter; hold: () => void; release: () => void } {
  const inner = createMemoryStorage()
  let gate = Promise.resolve()
  let open = (): void => undefined
  return {
    storage: {
      ...inner,
      commit: async (commit) => {
        await gate
        return inner.commit(commit)
      },
    },
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => {
      open()
    },
  }
}

const KEYS = { unlock: rawKey(TEST_KEY), newUnlock: rawKey(new Uint8Array(32).fill(7)) }

const SOMEONE = { kind: 'user', name: 'someone' } as const

const ANY_JSON: StandardSchema<unknown> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
}

const OPERATIONS: [string, (vault: Vault) => Promise<unknown>][] = [
  ['createSecret', (vault) => vault.createSecret({ secretName: 'T', secretData: 'x' })],
  ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'x' })],
  ['getSecretValue', (vault) => vault.getSecretValue(S)],
  ['getSecretJson', (vault) => vault.getSecretJson({ ...S, schema: ANY_JSON })],
  ['batchGetSecretValue', (vault) => vault.batchGetSecretValue({ secretsList: [S] })],
  ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'x' })],
  [
    'updateSecretVersionStage',
    (vault) => vault.updateSecretVersionStage({ ...S, versionStage: 'b', moveToVersion: 'v1' }),
  ],
  ['describeSecret', (vault) => vault.describeSecret(S)],
  ['listSecrets', (vault) => vault.listSecrets()],
  ['iterateSecrets', (vault) => vault.iterateSecrets()[Symbol.asyncIterator]().next()],
  ['listSecretVersionIds', (vault) => vault.listSecretVersionIds(S)],
  [
    'iterateSecretVersionIds',
    (vault) => vault.iterateSecretVersionIds(S)[Symbol.asyncIterator]().next(),
  ],
  ['deleteSecret', (vault) => vault.deleteSecret(S)],
  [
    'deleteSecret at once',
    (vault) => vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true }),
  ],
  ['restoreSecret', (vault) => vault.restoreSecret(S)],
  ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })],
  ['untagResource', (vault) => vault.untagResource({ ...S, tagKeys: ['k'] })],
  ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
  ['enableVersion', (vault) => vault.enableVersion({ ...S, versionId: 'v1' })],
  ['destroyVersion', (vault) => vault.destroyVersion({ ...S, versionId: 'v1' })],
  ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'T' })],
  ['getRandomPassword', (vault) => vault.getRandomPassword()],
  ['listUnlockSlots', (vault) => vault.listUnlockSlots()],
  ['addUnlockSlot', (vault) => vault.addUnlockSlot(KEYS)],
  ['replaceUnlockSlot', (vault) => vault.replaceUnlockSlot(KEYS)],
  [
    'removeUnlockSlot',
    (vault) => vault.removeUnlockSlot({ slotId: '0'.repeat(32), unlock: KEYS.unlock }),
  ],
  ['getVaultSettings', (vault) => vault.getVaultSettings()],
  ['updateVaultSettings', (vault) => vault.updateVaultSettings({ limits: { secretsMax: 5 } })],
  ['rebuildRoot', (vault) => vault.rebuildRoot()],
  ['verify', (vault) => vault.verify()],
  [
    'explainAccess',
    (vault) => vault.explainAccess({ ...S, principal: SOMEONE, action: 'kms:GetSecretValue' }),
  ],
  ['as', async (vault) => vault.as(SOMEONE).getRandomPassword()],
  ...[...ACCESS_CHANGES, ...ACCESS_READS].map(
    (call): [string, (vault: Vault) => Promise<unknown>] => [
      call.name,
      (vault) => callAccess(vault, call),
    ],
  ),
]

describe('close', () => {
  it('the table has every operation', async () => {
    const { vault } = await newTestVault()
    const names = Object.keys(vault).filter(
      (name) => !['vaultId', 'subscribe', 'close'].includes(name),
    )
    expect([...new Set(OPERATIONS.map(([name]) => name.split(' ')[0]))].sort()).toEqual(
      names.sort(),
    )
  })

  it.each(OPERATIONS)('afterwards %s is VAULT_CLOSED', async (_name, call) => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await vault.close()
    await expectFailure(() => call(vault), 'VAULT_CLOSED')
    expect(await dump()).toEqual(before)
  })

  it('is idempotent, also while it is under way', async () => {
    const { vault } = await newTestVault()
    await Promise.all([vault.close(), vault.close()])
    await vault.close()
  })

  it('leaves the store open, and the vault can be opened again', async () => {
    const { vault, storage, open } = await vaultWithSecret()
    await vault.close()
    expect((await dumpRecords(storage)).size).toBeGreaterThan(0)
    expect((await (await open()).getSecretValue(S)).secretData).toBe('one')
  })

  it('closing one handle leaves another of the same unlock at work', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    await vault.close()
    expect((await other.getSecretValue(S)).secretData).toBe('one')
    await other.putSecretValue({ ...S, secretData: 'two' })
  })

  it('waits for what is running, which ends as it would have', async () => {
    const { storage, hold, release } = gatedStorage()
    const { vault, open } = await vaultWithSecret({ storage })
    hold()
    const order: string[] = []
    const puts = ['two', 'three'].map(async (secretData) => {
      await vault.putSecretValue({ ...S, secretData })
      order.push(secretData)
    })
    const closing = vault.close().then(() => order.push('closed'))
    await expectFailure(() => vault.getSecretValue(S), 'VAULT_CLOSED')
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual([])
    release()
    await Promise.all([...puts, closing])
    expect(order).toEqual(['two', 'three', 'closed'])
    expect((await (await open()).getSecretValue(S)).secretData).toBe('three')
  })

  it('waits for failing operations too', async () => {
    const { storage, hold, release } = gatedStorage()
    const { vault } = await vaultWithSecret({ storage })
    hold()
    const put = vault.putSecretValue({ ...S, secretData: 'two' })
    const failing = expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_SCHEDULED')
    const closing = vault.close()
    release()
    await Promise.all([put, failing, closing])
  })
})
