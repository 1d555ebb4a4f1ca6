import { describe, expect, it } from 'vitest'
import { openHead } from '@stagevault/core/records/head-record'
import { headKey } from '@stagevault/core/records/layout'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('VER-5: the id of a destroyed version', () => {
  const GUESSES = ['4710', '4711', '4712', Uint8Array.of(4)] as const
  const PIN = { ...S, versionId: 'pin' }

  /** `pin` held 4711 and was destroyed; `S` has two versions more. */
  async function vaultWithDestroyed(): Promise<TestVault> {
    const test = await vaultWithSecret({ limits: { versionsMax: 3 } })
    await test.vault.putSecretValue({ ...PIN, secretData: '4711' })
    await test.vault.putSecretValue({ ...S, secretData: 'two' })
    await test.vault.destroyVersion(PIN)
    return test
  }

  /** The message of each refusal: all guesses must come to the same. */
  async function messagesOf({ vault, dump }: TestVault): Promise<Set<string>> {
    const messages = new Set<string>()
    const before = await dump()
    for (const secretData of GUESSES) {
      for (const more of [{}, { versionStages: ['blue'] }, { expectedCurrentVersionId: 'v9' }]) {
        const put = { ...PIN, secretData, ...more }
        const error = await expectFailure(() => vault.putSecretValue(put), 'VERSION_DISABLED')
        messages.add(error.message)
      }
    }
    expect(await dump()).toEqual(before)
    return messages
  }

  it('VER-5: is VERSION_DISABLED with any value, and nothing changes', async () => {
    const test = await vaultWithDestroyed()
    const messages = await messagesOf(test)
    expect([...messages]).toEqual(['version id pin of secret S belongs to a destroyed version'])
    const again = await test.open()
    expect(await messagesOf({ ...test, vault: again })).toEqual(messages)
  })

  it('VER-5: stays so when its row was evicted', async () => {
    const test = await vaultWithDestroyed()
    const { vault } = test
    for (const secretData of ['three', 'four']) await vault.putSecretValue({ ...S, secretData })
    expect(Object.keys(await labelsOf(vault, 'S'))).not.toContain('pin')
    expect((await messagesOf(test)).size).toBe(1)
  })

  it('VER-5: the head keeps no digest of its value', async () => {
    const { storage, key, vault } = await vaultWithDestroyed()
    const digests = async (): Promise<unknown> => {
      const keys = await recordKeysOf(storage, key)
      const state = openHead(keys, 'S', await recordAt(storage, headKey('S')))
      const rows = [...state.versions, ...state.tombstones]
      return rows.find(({ versionId }) => versionId === 'pin')?.valueDigest
    }
    expect(await digests()).toEqual(new Uint8Array(16))
    for (const secretData of ['three', 'four']) await vault.putSecretValue({ ...S, secretData })
    expect(await digests()).toEqual(new Uint8Array(16))
  })

  it('VER-5: a disabled version stands for its value as before (VER-3, VER-4)', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.disableVersion({ ...S, versionId: 'v1' })
    const before = await dump()
    const put = { ...S, versionId: 'v1' }
    expect(await vault.putSecretValue({ ...put, secretData: 'one' })).toEqual({
      ...put,
      versionStages: ['ACSPrevious'],
    })
    await expectFailure(() => vault.putSecretValue({ ...put, secretData: 'x' }), 'VERSION_EXISTS')
    expect(await dump()).toEqual(before)
  })
})
