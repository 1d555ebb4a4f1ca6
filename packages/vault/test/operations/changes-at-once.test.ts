/** Changes that are asked for at once: their order, and by what each is refused. */
import { describe, expect, it } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import type { FaultVerdict } from '@stagevault/storage/faulty'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf } from '../support/failures.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { readEvery } from '../support/version-labels.js'

const S = { secretName: 'S' }
const T = { secretName: 'T' }

/** The code of each refusal, and `done` for what was made. */
async function outcomesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls)
  return settled.map((each) =>
    each.status === 'fulfilled' ? 'done' : codeOf(each.reason as Error),
  )
}

describe('changes of one turn', () => {
  it('see what the earlier ones have made', async () => {
    const { vault } = await vaultWithSecret()
    const outcomes = await outcomesOf([
      vault.renameSecret({ ...S, newSecretName: 'T' }),
      vault.putSecretValue({ ...T, secretData: 'two', expectedCurrentVersionId: 'v1' }),
      vault.createSecret({ ...S, secretData: 'another' }),
      vault.putSecretValue({ ...S, secretData: 'x', expectedCurrentVersionId: 'v2' }),
      vault.deleteSecret({ ...T, forceDeleteWithoutRecovery: true }),
      vault.putSecretValue({ ...T, secretData: 'late' }),
      vault.createSecret({ ...T, secretData: 'new' }),
    ])
    expect(outcomes).toEqual([
      'done',
      'done',
      'done',
      'VERSION_CONFLICT',
      'done',
      'SECRET_NOT_FOUND',
      'done',
    ])
    expect(await readEvery(vault, 'S')).toEqual({ v1: 'another' })
    expect(await readEvery(vault, 'T')).toEqual({ v1: 'new' })
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 2 })
  })

  it('that name the same secrets in another order never wait for each other', async () => {
    const { vault } = await vaultWithSecret()
    const renames = Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0
        ? vault.renameSecret({ ...S, newSecretName: 'T' })
        : vault.renameSecret({ ...T, newSecretName: 'S' }),
    )
    expect(new Set(await outcomesOf(renames))).toEqual(new Set(['done']))
    expect(await readEvery(vault, 'S')).toEqual({ v1: 'one' })
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('wait for none that takes time, unless they change the same', async () => {
    const { vault, key } = await vaultWithSecret()
    const unlock = rawKey(key)
    let letGo = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const order: string[] = []
    // Derived for its own slot at once, and for those that there are when the gate is open.
    const slowKey = (byte: number): Unlock => {
      const inner = rawKey(new Uint8Array(32).fill(byte))
      let derived = 0
      return {
        ...inner,
        deriveKey: async (kdf) => {
          if (derived++ > 0) await gate
          return inner.deriveKey(kdf)
        },
      }
    }
    const slots = [1, 2].map(async (byte) => {
      await vault.addUnlockSlot({ unlock, newUnlock: slowKey(byte) })
      order.push(`slot ${byte}`)
    })
    await vault.putSecretValue({ ...S, secretData: 'two' })
    order.push('put')
    letGo()
    await Promise.all(slots)
    expect(order).toEqual(['put', 'slot 1', 'slot 2'])
    expect((await vault.listUnlockSlots()).slots).toHaveLength(3)
    expect((await vault.verify()).isClean).toBe(true)
  })
})

describe('a change that is refused', () => {
  /** A vault whose next commit fails. */
  async function failingOnce(): Promise<Vault> {
    let isFailing = false
    const storage = faultyStorage(createMemoryStorage(), ({ method }): FaultVerdict => {
      if (!isFailing || method !== 'commit') return 'pass'
      isFailing = false
      return 'fail-before'
    })
    const { vault } = await vaultWithSecret({ storage })
    isFailing = true
    return vault
  }

  it('is refused by what is stored, not by what was planned before it', async () => {
    const vault = await failingOnce()
    const outcomes = await outcomesOf([
      vault.deleteSecret(S),
      vault.putSecretValue({ ...S, secretData: 'two' }),
    ])
    expect(outcomes).toEqual(['STORAGE_UNAVAILABLE', 'done'])
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
  })

  it('nor by a plan for what was just read', async () => {
    const vault = await failingOnce()
    const create = (secretData: string) => vault.createSecret({ ...T, secretData })
    expect(await outcomesOf([create('a'), create('b')])).toEqual(['STORAGE_UNAVAILABLE', 'done'])
    expect((await vault.getSecretValue(T)).secretData).toBe('b')
  })
})
