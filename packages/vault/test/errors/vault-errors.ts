/** How to provoke each code of the vault. */

import type { VaultErrorCode } from 'stagevault'
import { createVault, generateKey, keyProvider, openVault, rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { loadPart } from '../../dist/platform/platform.js'
import { forgeOtherKeyring } from '../support/forged-records.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

/** Changes one byte of the record whose key begins so; counted from the end below zero. */
async function spoil({ storage }: TestVault, prefix: string, index: number): Promise<void> {
  const [key = ''] = await keysOf(storage, prefix)
  const record = await recordAt(storage, key)
  const at = index < 0 ? record.length + index : index
  record[at] = (record[at] ?? 0) ^ 1
  await overwrite(storage, key, record)
}

const HEAD = 'secret!S!head'

/** Codes that no operation of the vault has yet. */
export const RESERVED_CODES = ['ACCESS_DENIED'] as const satisfies VaultErrorCode[]

type ProvokedCode = Exclude<VaultErrorCode, (typeof RESERVED_CODES)[number]>

/** Rejects with the error of its code: by a caller or a party that controls the store. */
export const VAULT_ERRORS: Readonly<Record<ProvokedCode, () => Promise<unknown>>> = {
  INVALID_PARAMETER: async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ secretName: 'not a name', secretData: 'x' })
  },
  SECRET_NOT_FOUND: async () => {
    const { vault } = await newTestVault()
    await vault.getSecretValue(S)
  },
  SECRET_EXISTS: async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ ...S, secretData: 'x' })
  },
  SECRET_IN_DELETE_WINDOW: async () => {
    const { vault } = await vaultWithSecret()
    await vault.deleteSecret(S)
    await vault.getSecretValue(S)
  },
  SECRET_NOT_SCHEDULED: async () => {
    const { vault } = await vaultWithSecret()
    await vault.restoreSecret(S)
  },
  VERSION_NOT_FOUND: async () => {
    const { vault } = await vaultWithSecret()
    await vault.getSecretValue({ ...S, versionId: 'v2' })
  },
  VERSION_EXISTS: async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'other', versionId: 'v1' })
  },
  VERSION_DISABLED: async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.disableVersion({ ...S, versionId: 'v1' })
    await vault.getSecretValue({ ...S, versionId: 'v1' })
  },
  VERSION_LIMIT: async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['a'] })
    await vault.putSecretValue({ ...S, secretData: 'three', versionStages: ['b'] })
  },
  STAGE_NOT_FOUND: async () => {
    const { vault } = await vaultWithSecret()
    await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
  },
  STAGE_LABEL_LIMIT: async () => {
    const { vault } = await vaultWithSecret()
    const versionStages = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages })
  },
  UNSUPPORTED_OPERATION: async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData: '$Auto', secretType: 'Redis' as never })
  },
  QUOTA_EXCEEDED: async () => {
    const { vault } = await vaultWithSecret({ limits: { secretsMax: 1 } })
    await vault.createSecret({ secretName: 'T', secretData: 'x' })
  },
  VAULT_MISSING: () => openVault({ storage: createMemoryStorage(), unlock: rawKey(TEST_KEY) }),
  VAULT_EXISTS: async () => {
    const { storage } = await newTestVault()
    await createVault({ storage, unlock: rawKey(TEST_KEY) })
  },
  VAULT_CLOSED: async () => {
    const { vault } = await vaultWithSecret()
    await vault.close()
    await vault.getSecretValue(S)
  },
  MODULE_UNAVAILABLE: async () => {
    const absent = './absent.js'
    await loadPart(() => import(absent))
  },
  UNLOCK_FAILED: async () => {
    const { open } = await newTestVault()
    await open({ unlock: rawKey(generateKey()) })
  },
  KEY_NOT_FOUND: async () => {
    const { storage, key, open } = await vaultWithSecret()
    await forgeOtherKeyring(storage, key)
    await (await open()).getSecretValue(S)
  },
  KEYRING_UNAVAILABLE: async () => {
    const { vault, key } = await newTestVault()
    const locked = (): Promise<never> => Promise.reject(new Error('the keychain is locked'))
    const newUnlock = keyProvider({ name: 'keychain', wrap: locked, unwrap: locked })
    await vault.addUnlockSlot({ unlock: rawKey(key), newUnlock })
  },
  RANDOM_FAILED: async () => {
    await newTestVault({ random: (length) => new Uint8Array(length) })
  },
  CONFLICT: async () => {
    const { storage, open } = await vaultWithSecret()
    const commit = (): Promise<'conflict'> => Promise.resolve('conflict')
    const vault = await open({ storage: { ...storage, commit }, commitTimeoutSeconds: 1 })
    await vault.putSecretValue({ ...S, secretData: 'x' })
  },
  VERSION_CONFLICT: async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'x', expectedCurrentVersionId: 'v9' })
  },
  ENTITY_NOT_FOUND: async () => {
    const { vault } = await newTestVault()
    await vault.getUser({ userName: 'ann' })
  },
  ENTITY_EXISTS: async () => {
    const { vault } = await newTestVault()
    await vault.createUser({ userName: 'ann' })
    await vault.createUser({ userName: 'ann' })
  },
  ENTITY_IN_USE: async () => {
    const { vault } = await newTestVault()
    await vault.createUser({ userName: 'ann' })
    await vault.createGroup({ groupName: 'ops' })
    await vault.addUserToGroup({ userName: 'ann', groupName: 'ops' })
    await vault.deleteGroup({ groupName: 'ops' })
  },
  DECRYPTION_FAILED: async () => {
    const test = await vaultWithSecret()
    await spoil(test, HEAD, -1)
    await test.vault.getSecretValue(S)
  },
  MALFORMED_RECORD: async () => {
    const test = await vaultWithSecret()
    await spoil(test, HEAD, 0)
    await test.vault.getSecretValue(S)
  },
  UNSUPPORTED_FORMAT: async () => {
    const test = await vaultWithSecret()
    await spoil(test, HEAD, 4)
    await test.vault.getSecretValue(S)
  },
  RECORD_MISSING: async () => {
    const { vault, storage } = await vaultWithSecret()
    await overwrite(storage, HEAD, null)
    await vault.getSecretValue(S)
  },
  RECORD_MISMATCH: async () => {
    const test = await vaultWithSecret()
    await spoil(test, 'version!', -1)
    await test.vault.getSecretValue(S)
  },
  ROLLBACK_DETECTED: async () => {
    const { storage, vault } = await vaultWithSecret()
    const earlier = await recordAt(storage, HEAD)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await overwrite(storage, HEAD, earlier)
    await vault.getSecretValue(S)
  },
}
