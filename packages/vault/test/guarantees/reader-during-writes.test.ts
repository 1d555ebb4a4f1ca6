/** A reader does not wait for a writer that never pauses. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { expectFailure } from '../support/failures.js'
import { TEST_KEY, sharedMemory } from '../support/test-vault.js'

const S = { secretName: 'S' } as const
const unlock = rawKey(TEST_KEY)

interface Race {
  readonly reader: Vault
  /** From now on, the writer puts so often while each read of the reader is under way. */
  readonly start: (putsPerRead: number) => void
  /** Reads that the reader has issued since then. */
  readonly reads: () => number
  /** The number of the last value that was put. */
  readonly last: () => number
}

async function startRace(versionsMax: number): Promise<Race> {
  const memory = sharedMemory()
  const writer = await createVault({ storage: memory.open(), unlock, limits: { versionsMax } })
  let last = 1
  let reads = 0
  let puts = 0
  await writer.createSecret({ ...S, secretData: '1' })
  const inner = memory.open()
  const storage: StorageAdapter = {
    ...inner,
    read: async (keys) => {
      const answer = await inner.read(keys)
      reads += 1
      for (let i = 0; i < puts; i++) {
        last += 1
        await writer.putSecretValue({ ...S, secretData: String(last) })
      }
      return answer
    },
  }
  const reader = await openVault({ storage, unlock })
  return {
    reader,
    start: (putsPerRead) => {
      puts = putsPerRead
      reads = 0
    },
    reads: () => reads,
    last: () => last,
  }
}

/** More than any read needs, and far below the hundred after which it is given up. */
const READS_MAX = 4

describe('a reader next to a writer that puts during every read', () => {
  it('gets a value that was current during its call, in few reads', async () => {
    const { reader, start, reads, last } = await startRace(10)
    start(1)
    let seen = 0
    for (let i = 0; i < 20; i++) {
      const [before, readsBefore] = [last(), reads()]
      const { secretData, versionId } = await reader.getSecretValue(S)
      const value = Number(secretData)
      expect(value).toBeGreaterThanOrEqual(before)
      expect(value).toBeLessThanOrEqual(last())
      expect(versionId).toBe(`v${value}`)
      // What was read later was never current before what was read earlier.
      expect(value).toBeGreaterThanOrEqual(seen)
      seen = value
      expect(reads() - readsBefore).toBeLessThanOrEqual(READS_MAX)
    }
  })

  it('gets the label that it asks for', async () => {
    const { reader, start, reads, last } = await startRace(10)
    start(1)
    // There is no previous version before the first of the puts.
    await reader.describeSecret(S)
    for (let i = 0; i < 10; i++) {
      const [before, readsBefore] = [last(), reads()]
      const { secretData } = await reader.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
      expect(Number(secretData)).toBeGreaterThanOrEqual(before - 1)
      expect(Number(secretData)).toBeLessThan(last())
      expect(reads() - readsBefore).toBeLessThanOrEqual(READS_MAX)
    }
  })

  it('gets it in a batch too', async () => {
    const { reader, start } = await startRace(10)
    start(1)
    const { errors, secretValues } = await reader.batchGetSecretValue({ secretsList: [S, S, S] })
    expect(errors).toEqual([])
    expect(secretValues).toHaveLength(3)
  })

  it('sees what it waited for: a put that ended before the call', async () => {
    const { reader, start, last } = await startRace(10)
    await reader.getSecretValue(S)
    start(1)
    await reader.describeSecret(S)
    const before = last()
    const { secretData } = await reader.getSecretValue(S)
    expect(Number(secretData)).toBeGreaterThanOrEqual(before)
  })
})

describe('a reader next to a writer that evicts each version before it is read', () => {
  it('gives up with a conflict, and takes no lost record for damage', async () => {
    const { reader, start, reads } = await startRace(2)
    start(3)
    await expectFailure(() => reader.getSecretValue(S), 'CONFLICT')
    expect(reads()).toBeGreaterThan(READS_MAX)
    start(0)
    await reader.getSecretValue(S)
    expect((await reader.verify()).problems).toEqual([])
  })
})
