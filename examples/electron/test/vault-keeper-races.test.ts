/** Calls that come while others are going on. */

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLevelStorage } from '@stagevault/storage-level'
import { WORDS, codeOf, newFolder, startApplication, usedFolder } from './application.js'

const S = { secretName: 'S' }

/** No handle holds the store of a folder: another one can open it. */
async function expectClosed(folder: string): Promise<void> {
  await (await openLevelStorage({ location: join(folder, 'vault', 'records') })).close()
}

describe('unlocking at once', () => {
  it('opens the vault once: a second time the store would be in use', async () => {
    const { keeper } = startApplication(await usedFolder())
    const statuses = await Promise.all([
      keeper.unlock(),
      keeper.unlock(),
      keeper.unlockWithPassphrase(WORDS),
      keeper.unlock(),
    ])
    expect(statuses).toEqual(Array(4).fill({ state: 'unlocked', problem: null }))
  })

  it('with a wrong and a right passphrase opens with the right one', async () => {
    const { keeper } = startApplication(await usedFolder())
    const [wrong, right] = await Promise.all([
      codeOf(keeper.unlockWithPassphrase('wrong')),
      keeper.unlockWithPassphrase(WORDS),
    ])
    expect(wrong).toBe('UNLOCK_FAILED')
    expect(right.state).toBe('unlocked')
  })

  it('two first runs make one vault, with the passphrase of the first', async () => {
    const { keeper } = startApplication(newFolder())
    const [first, second] = await Promise.all([
      keeper.create(WORDS),
      codeOf(keeper.create('another passphrase')),
    ])
    expect(first.state).toBe('unlocked')
    expect(second).toBe('VAULT_EXISTS')
    await keeper.lock()
    expect(await codeOf(keeper.unlockWithPassphrase('another passphrase'))).toBe('UNLOCK_FAILED')
    expect((await keeper.unlockWithPassphrase(WORDS)).state).toBe('unlocked')
  })
})

describe('locking', () => {
  it('lets an operation in progress end, and no other begin', async () => {
    const folder = await usedFolder()
    const { keeper } = startApplication(folder)
    await keeper.unlock()
    const put = keeper.use((vault) => vault.putSecretValue({ ...S, secretData: 'two' }))
    const locked = keeper.lock()
    expect(keeper.status().state).toBe('locked')
    expect(await codeOf(keeper.use((vault) => vault.getSecretValue(S)))).toBe('VAULT_LOCKED')
    expect((await put).versionId).toBe('v2')
    await locked
    await expectClosed(folder)
    await keeper.unlock()
    const { secretData } = await keeper.use((vault) => vault.getSecretValue(S))
    expect(secretData).toBe('two')
  })

  it('between two steps of an operation ends it', async () => {
    const { keeper } = startApplication(await usedFolder())
    await keeper.unlock()
    const reading = keeper.use(async (vault) => {
      await vault.getSecretValue(S)
      await keeper.lock()
      return vault.getSecretValue(S)
    })
    expect(await codeOf(reading)).toBe('VAULT_CLOSED')
  })

  it('wins over an unlocking that was asked for before it', async () => {
    const folder = await usedFolder()
    const { keeper, statuses } = startApplication(folder)
    const unlocking = keeper.unlockWithPassphrase(WORDS)
    await keeper.lock()
    expect((await unlocking).state).toBe('locked')
    expect(keeper.status().state).toBe('locked')
    expect(statuses.map(({ state }) => state)).not.toContain('unlocked')
    await expectClosed(folder)
  })

  it('loses to an unlocking that was asked for after it', async () => {
    const { keeper } = startApplication(await usedFolder())
    await keeper.unlock()
    const locking = keeper.lock()
    expect((await keeper.unlock()).state).toBe('unlocked')
    await locking
    expect(keeper.status().state).toBe('unlocked')
  })

  it('wins over a vault that is being made, which is there afterwards', async () => {
    const { keeper } = startApplication(newFolder())
    const making = keeper.create(WORDS)
    await keeper.lock()
    expect((await making).state).toBe('locked')
    expect((await keeper.unlock()).state).toBe('unlocked')
  })

  it('twice is locking once', async () => {
    const { keeper, statuses } = startApplication(await usedFolder())
    await keeper.unlock()
    await Promise.all([keeper.lock(), keeper.lock()])
    expect(statuses.map(({ state }) => state)).toEqual(['unlocked', 'locked'])
  })
})

describe('the end', () => {
  it('waits for what is going on, and lets nothing begin', async () => {
    const folder = await usedFolder()
    const { keeper } = startApplication(folder)
    await keeper.unlock()
    const put = keeper.use((vault) => vault.putSecretValue({ ...S, secretData: 'two' }))
    const ended = keeper.end()
    expect(await codeOf(keeper.unlock())).toBe('VAULT_ENDED')
    await ended
    await expectClosed(folder)
    expect((await put).versionId).toBe('v2')
    expect(await codeOf(keeper.unlockWithPassphrase(WORDS))).toBe('VAULT_ENDED')
  })

  it('comes over an unlocking', async () => {
    const folder = await usedFolder()
    const { keeper } = startApplication(folder)
    const unlocking = codeOf(keeper.unlock())
    await keeper.end()
    expect(await unlocking).toBe('VAULT_ENDED')
    await expectClosed(folder)
  })
})

describe('after a failure on the way', () => {
  it('neither vault nor store stays open', async () => {
    const folder = await usedFolder()
    let isFull = true
    const { keeper } = startApplication(folder, {
      through: (vault) => ({
        ...vault,
        readVaultId: () => Promise.resolve(null),
        writeVaultId: (vaultId) =>
          isFull ? Promise.reject(new Error('no space left')) : vault.writeVaultId(vaultId),
      }),
    })
    await expect(keeper.unlock()).rejects.toThrow('no space left')
    await expectClosed(folder)
    isFull = false
    expect((await keeper.unlock()).state).toBe('unlocked')
  })
})
