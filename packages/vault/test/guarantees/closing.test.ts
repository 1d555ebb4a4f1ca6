/** Closing waits for a commit under way, and for what is queued as long as it was told to. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure } from '../support/failures.js'
import type { OpenSettings } from '../support/test-vault.js'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const S = { secretName: 'S' } as const

function never(): Promise<never> {
  return new Promise(() => undefined)
}

interface HeldVault {
  readonly vault: Vault
  /** The vault once more. */
  readonly open: (settings: OpenSettings) => Promise<Vault>
  /** The same store, which never waits. */
  readonly storage: StorageAdapter
  /** Makes commits wait. Resolves once one of them does. */
  readonly hold: () => { readonly isHeld: Promise<void> }
  readonly release: () => void
}

async function openHeld(closeTimeoutSeconds?: number): Promise<HeldVault> {
  const inner = createMemoryStorage()
  let gate: Promise<void> | null = null
  let open = (): void => undefined
  let arrive = (): void => undefined
  const storage: StorageAdapter = {
    ...inner,
    commit: async (commit) => {
      if (gate !== null) {
        arrive()
        await gate
      }
      return inner.commit(commit)
    },
  }
  const created = await createVault({ storage, unlock })
  await created.createSecret({ ...S, secretData: 'one' })
  await created.close()
  return {
    vault: await openVault({ storage, unlock, closeTimeoutSeconds }),
    open: (settings) => openVault({ storage, unlock, closeTimeoutSeconds, ...settings }),
    storage: inner,
    hold: () => {
      const isHeld = new Promise<void>((resolve) => {
        arrive = resolve
      })
      gate = new Promise((resolve) => {
        open = resolve
      })
      return { isHeld }
    },
    release: () => {
      gate = null
      open()
    },
  }
}

describe('close', () => {
  it('waits for a commit under way and gives up what is queued behind it', async () => {
    const { vault, storage, hold, release } = await openHeld(0)
    const { isHeld } = hold()
    const first = vault.putSecretValue({ ...S, secretData: 'two' })
    await isHeld
    const queued = [
      vault.putSecretValue({ ...S, secretData: 'three' }),
      vault.createSecret({ secretName: 'T', secretData: 'x' }),
    ]
    const refused = queued.map((change) => expectFailure(() => change, 'VAULT_CLOSED'))
    let isClosed = false
    const closing = vault.close().then(() => {
      isClosed = true
    })
    // They do not wait for the commit.
    await Promise.all(refused)
    expect(isClosed).toBe(false)
    release()
    expect(await first).toMatchObject({ versionId: 'v2' })
    await closing
    const again = await openVault({ storage, unlock })
    expect((await again.getSecretValue(S)).secretData).toBe('two')
    await expectFailure(() => again.describeSecret({ secretName: 'T' }), 'SECRET_NOT_FOUND')
  })

  it('lets what is queued finish within its time', async () => {
    const { vault, storage, hold, release } = await openHeld()
    const { isHeld } = hold()
    const first = vault.putSecretValue({ ...S, secretData: 'two' })
    await isHeld
    const second = vault.putSecretValue({ ...S, secretData: 'three' })
    const closing = vault.close()
    release()
    await Promise.all([first, second, closing])
    const again = await openVault({ storage, unlock })
    expect((await again.getSecretValue(S)).secretData).toBe('three')
  })

  it('gives up a change whose commit others were faster with', async () => {
    const { vault, storage, hold, release } = await openHeld(0)
    const other = await openVault({ storage, unlock })
    const { isHeld } = hold()
    const put = vault.putSecretValue({ ...S, secretData: 'late' })
    await isHeld
    const refused = expectFailure(() => put, 'VAULT_CLOSED')
    await other.putSecretValue({ ...S, secretData: 'faster' })
    const queued = vault.updateSecret({ ...S, description: 'x' })
    const closing = vault.close()
    await expectFailure(() => queued, 'VAULT_CLOSED')
    release()
    await Promise.all([refused, closing])
    const again = await openVault({ storage, unlock })
    expect((await again.getSecretValue(S)).secretData).toBe('faster')
    expect((await again.verify()).problems).toEqual([])
  })

  it.each<[string, (vault: Vault) => Promise<unknown>]>([
    ['a read', (vault) => vault.getSecretValue(S)],
    ['a scan', (vault) => vault.listSecrets()],
    ['the read of a change', (vault) => vault.createSecret({ secretName: 'T', secretData: 'x' })],
    ['verify', (vault) => vault.verify()],
  ])('waits for %s that never answers as long as it was told to', async (_, call) => {
    const inner = createMemoryStorage()
    await (await createVault({ storage: inner, unlock })).createSecret({ ...S, secretData: 'one' })
    let doesHang = false
    const storage: StorageAdapter = {
      ...inner,
      read: (keys) => (doesHang ? never() : inner.read(keys)),
      scan: (range) => (doesHang ? never() : inner.scan(range)),
    }
    const vault = await openVault({ storage, unlock, closeTimeoutSeconds: 0 })
    doesHang = true
    const refused = expectFailure(() => call(vault), 'VAULT_CLOSED')
    await vault.close()
    await refused
  })

  it('does the same for a key that is never derived', async () => {
    const { vault } = await openHeld(0)
    const newUnlock = { ...rawKey(new Uint8Array(32)), deriveKey: never }
    const refused = expectFailure(() => vault.addUnlockSlot({ unlock, newUnlock }), 'VAULT_CLOSED')
    await vault.close()
    await refused
  })

  it('lets rebuildRoot end, which commits by itself', async () => {
    const { vault, open, hold, release } = await openHeld(0)
    await vault.close()
    const damaged = await open({ readOnly: true, unproved: true })
    const { isHeld } = hold()
    const rebuilt = damaged.rebuildRoot()
    await isHeld
    let isClosed = false
    const closing = damaged.close().then(() => {
      isClosed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isClosed).toBe(false)
    release()
    await Promise.all([rebuilt, closing])
  })

  it('takes no later change, and closing twice is closing once', async () => {
    const { vault, hold, release } = await openHeld(0)
    const { isHeld } = hold()
    const put = vault.putSecretValue({ ...S, secretData: 'two' })
    await isHeld
    const closing = [vault.close(), vault.close()]
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: 'x' }), 'VAULT_CLOSED')
    release()
    await Promise.all([put, ...closing])
  })

  it.each([-1, 3_601, 0.5])('refuses closeTimeoutSeconds of %d', async (closeTimeoutSeconds) => {
    await expectFailure(() => openHeld(closeTimeoutSeconds), 'INVALID_PARAMETER')
  })
})

describe('changes that wait for their commit', () => {
  it('are ten thousand at most: one more is refused, and those that wait are made', async () => {
    const { vault, hold, release } = await openHeld()
    const { isHeld } = hold()
    const describe = (i: number): Promise<unknown> =>
      vault.updateSecret({ ...S, description: `number ${i}` })
    const waiting = [describe(0)]
    await isHeld
    while (waiting.length < 10_000) waiting.push(describe(waiting.length))
    await expectFailure(() => describe(10_000), 'QUOTA_EXCEEDED')
    // Reads do not wait in that queue.
    expect((await vault.describeSecret(S)).description).toBe('')
    release()
    await Promise.all(waiting)
    expect((await vault.describeSecret(S)).description).toBe('number 9999')
    await describe(10_000)
  })
})
