/** Values that are hashed on another thread: what waits for its hash keeps its place. */

import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { longText, withHashElsewhere } from '../support/hash-elsewhere.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const S = { secretName: 'S' }
const T = { secretName: 'T' }

/** Secrets `S` and `T` in a vault whose hashes are made elsewhere. */
async function hashingVault(turn: () => Promise<unknown>): Promise<TestVault> {
  const test = await withHashElsewhere(turn, newTestVault)
  for (const each of [S, T]) await test.vault.createSecret({ ...each, secretData: 'first' })
  return test
}

/** Hashes that are made when the test lets them. */
interface HeldHashes {
  readonly turn: () => Promise<void>
  readonly count: () => number
  readonly release: () => Promise<void>
}

function heldHashes(): HeldHashes {
  let waiting: (() => void)[] = []
  let count = 0
  return {
    turn: () =>
      new Promise((resolve) => {
        count += 1
        waiting.push(resolve)
      }),
    count: () => count,
    release: async () => {
      // One hash follows another: of the value, of its digest's key, of the record.
      while (waiting.length > 0) {
        for (const resolve of waiting) resolve()
        waiting = []
        await setImmediate()
      }
    },
  }
}

/** Values of all versions in the order of their numbers, without what makes them long. */
async function valuesOf(vault: Vault, secretName: string): Promise<string[]> {
  const values: string[] = []
  for await (const { versionId } of vault.iterateSecretVersionIds({
    secretName,
    includeDeprecated: true,
  })) {
    const { secretData } = await vault.getSecretValue({ secretName, versionId })
    values.push(String(secretData).replace(/\.+$/, ''))
  }
  return values
}

describe('puts of one secret', () => {
  it('a short one does not overtake a long one', async () => {
    const hashes = heldHashes()
    const { vault, open } = await hashingVault(hashes.turn)
    const settled: string[] = []
    const put = async (name: string, secretData: string): Promise<string> => {
      const { versionId } = await vault.putSecretValue({ ...S, secretData })
      settled.push(name)
      return versionId
    }
    const puts = [put('a', longText('a')), put('b', 'b'), put('c', longText('c')), put('d', 'd')]
    await setImmediate()
    // One that comes later, too.
    puts.push(put('e', 'e'))
    await setImmediate()
    expect(hashes.count()).toBeGreaterThan(0)
    expect(settled).toEqual([])
    await hashes.release()
    expect(await Promise.all(puts)).toEqual(['v2', 'v3', 'v4', 'v5', 'v6'])
    expect(settled).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await valuesOf(await open(), 'S')).toEqual(['first', 'a', 'b', 'c', 'd', 'e'])
  })

  it('those of other secrets go on', async () => {
    const hashes = heldHashes()
    const { vault } = await hashingVault(hashes.turn)
    const long = vault.putSecretValue({ ...S, secretData: longText('a') })
    await setImmediate()
    expect(await vault.putSecretValue({ ...T, secretData: 'b' })).toMatchObject({ versionId: 'v2' })
    expect((await vault.getSecretValue(S)).secretData).toBe('first')
    await hashes.release()
    expect(await long).toMatchObject({ versionId: 'v2' })
  })

  it('a rename waits for a long put of either name', async () => {
    const hashes = heldHashes()
    const { vault, open } = await hashingVault(hashes.turn)
    const put = vault.putSecretValue({ ...S, secretData: longText('a') })
    await setImmediate()
    const renamed = vault.renameSecret({ ...S, newSecretName: 'U' })
    const created = vault.createSecret({ ...S, secretData: 'another' })
    await setImmediate()
    await hashes.release()
    await Promise.all([put, renamed, created])
    const fresh = await open()
    expect(await valuesOf(fresh, 'U')).toEqual(['first', 'a'])
    expect(await valuesOf(fresh, 'S')).toEqual(['another'])
  })
})

it('long and short puts of two secrets, in every order of hashes', async () => {
  const put = fc.record({ isS: fc.boolean(), isLong: fc.boolean(), isLater: fc.boolean() })
  const puts = fc.array(put, { minLength: 2, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(puts, fc.scheduler(), async (calls, scheduler) => {
      const { vault, open } = await hashingVault(() =>
        scheduler.schedule(Promise.resolve(), 'hash'),
      )
      const expected: Record<string, string[]> = { S: ['first'], T: ['first'] }
      const putAll = async (): Promise<void> => {
        const running: Promise<unknown>[] = []
        for (const [i, { isS, isLong, isLater }] of calls.entries()) {
          const secretName = isS ? 'S' : 'T'
          const text = `value ${i}`
          expected[secretName]?.push(text)
          const secretData = isLong ? longText(text) : text
          running.push(vault.putSecretValue({ secretName, secretData }))
          if (isLater) await setImmediate()
        }
        await Promise.all(running)
      }
      await scheduler.waitFor(putAll())
      const fresh = await open()
      for (const [secretName, values] of Object.entries(expected)) {
        expect(await valuesOf(fresh, secretName)).toEqual(values)
      }
      expect((await fresh.verify()).isClean).toBe(true)
    }),
    { numRuns: 100 },
  )
})
