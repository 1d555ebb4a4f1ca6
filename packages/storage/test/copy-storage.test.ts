import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CopyProgress, StorageAdapter, StorageEntry } from '@stagevault/storage'
import {
  checkedStorage,
  copyStorage,
  scanAll,
  STORAGE_KEY_CHARS_MAX,
  STORAGE_VALUE_BYTES_MAX,
} from '@stagevault/storage'
import { faultyStorage } from '@stagevault/storage/faulty'
import type { FaultVerdict } from '@stagevault/storage/faulty'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'

const LAST_KEY = '~'.repeat(STORAGE_KEY_CHARS_MAX)

const entry = (key: string, length: number, byte = 7): StorageEntry => ({
  key,
  value: new Uint8Array(length).fill(byte),
})

/** More than two pages, more bytes than one commit takes, and both ends of what a key can be. */
const RECORDS: readonly StorageEntry[] = [
  entry('!', 0),
  ...Array.from({ length: 300 }, (_, i) => entry(`k${String(i).padStart(3, '0')}`, i, i)),
  ...Array.from({ length: 9 }, (_, i) => entry(`large-${i}`, STORAGE_VALUE_BYTES_MAX, i)),
  entry(LAST_KEY, 3),
].sort((a, b) => (a.key < b.key ? -1 : 1))

function holding(entries: readonly StorageEntry[]): MemoryData {
  const data = createMemoryData()
  data.apply(entries)
  return data
}

const open = (data: MemoryData): StorageAdapter => createMemoryStorage({ data })

/** Keys and what stands for the bytes: comparing megabytes element by element takes minutes. */
function shown(entries: readonly StorageEntry[]): string[] {
  return entries.map(
    ({ key, value }) =>
      `${key} ${value.length} ${createHash('sha256').update(value).digest('hex')}`,
  )
}

async function everything(storage: StorageAdapter): Promise<StorageEntry[]> {
  const entries: StorageEntry[] = []
  for await (const each of scanAll(storage, { start: '!', end: LAST_KEY })) entries.push(each)
  const [last = null] = await storage.read([LAST_KEY])
  return last === null ? entries : [...entries, { key: LAST_KEY, value: last }]
}

describe('copyStorage', () => {
  it('copies every record, in commits that the contract allows, and says how many', async () => {
    const from = open(holding(RECORDS))
    const to = checkedStorage(open(createMemoryData()))
    const done = await copyStorage(from, to)
    expect(done).toEqual({ copied: RECORDS.length, present: 0, verified: RECORDS.length })
    expect(shown(await everything(to))).toEqual(shown(RECORDS))
    expect(shown(await everything(from))).toEqual(shown(RECORDS))
  })

  it('refuses wrong options before it reads anything', async () => {
    const broken = { onProgress: 5 }
    for (const options of [broken, { signal: {} }, { signal: null }, { onprogress: () => 0 }]) {
      const untouched = faultyStorage(open(holding(RECORDS)), () => {
        throw new Error('was called')
      })
      const copying = copyStorage(untouched, open(createMemoryData()), options as never)
      await expect(copying).rejects.toBeInstanceOf(TypeError)
    }
  })

  it('copies a store without records', async () => {
    const done = await copyStorage(open(createMemoryData()), open(createMemoryData()))
    expect(done).toEqual({ copied: 0, present: 0, verified: 0 })
  })

  it('passes over what is there and equal', async () => {
    const some = RECORDS.filter((_, i) => i % 3 === 0)
    const to = open(holding(some))
    const done = await copyStorage(open(holding(RECORDS)), to)
    expect(done.present).toBe(some.length)
    expect(done.copied).toBe(RECORDS.length - some.length)
    expect(shown(await everything(to))).toEqual(shown(RECORDS))
    const again = await copyStorage(open(holding(RECORDS)), to)
    expect(again).toEqual({ copied: 0, present: RECORDS.length, verified: RECORDS.length })
  })

  it.each([
    ['differs in a byte', entry('k150', 150, 1)],
    ['is shorter', entry('k150', 149, 150)],
    ['is too many', entry('zzz', 1)],
    ['is too many at the greatest key there is', entry(`${LAST_KEY.slice(1)}!`, 1)],
  ])('a record that %s is refused before anything is written', async (_what, foreign) => {
    const to = open(holding([foreign]))
    const copying = copyStorage(open(holding(RECORDS)), to)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key: foreign.key })
    expect(shown(await everything(to))).toEqual(shown([foreign]))
  })

  it('refuses what differs at the greatest key', async () => {
    const foreign = entry(LAST_KEY, 4)
    const to = open(holding([foreign]))
    const copying = copyStorage(open(holding(RECORDS)), to)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key: LAST_KEY })
    expect(shown(await everything(to))).toEqual(shown([foreign]))
  })

  it('overwrites nothing that another writer stores during the copy', async () => {
    const data = createMemoryData()
    const foreign = entry('k200', 1)
    const inner = open(data)
    // Between the look at what is missing and the commit that writes it.
    const to: StorageAdapter = {
      ...inner,
      commit: (commit) => {
        if (commit.mutations.some(({ key }) => key === foreign.key)) data.apply([foreign])
        return inner.commit(commit)
      },
    }
    const copying = copyStorage(open(holding(RECORDS)), to)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key: foreign.key })
    expect(await open(data).read([foreign.key])).toEqual([foreign.value])
  })

  it('goes on during another copy of the same source', async () => {
    const data = createMemoryData()
    const both = await Promise.all(
      [1, 2].map(() => copyStorage(open(holding(RECORDS)), open(data))),
    )
    expect(both.map(({ verified }) => verified)).toEqual([RECORDS.length, RECORDS.length])
    expect(both.map(({ copied, present }) => copied + present)).toEqual([
      RECORDS.length,
      RECORDS.length,
    ])
    expect(shown(await everything(open(data)))).toEqual(shown(RECORDS))
  })

  it('goes no further where every commit conflicts and nothing is there', async () => {
    const to = { ...open(createMemoryData()), commit: () => Promise.resolve('conflict' as const) }
    const copying = copyStorage(open(holding([entry('a', 1)])), to)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key: 'a' })
  })
})

describe('the comparison at the end', () => {
  const changes: readonly (readonly [string, (data: MemoryData) => void, string])[] = [
    [
      'a record changed',
      (data) => {
        data.apply([entry('k010', 10, 99)])
      },
      'k010',
    ],
    [
      'a record lost',
      (data) => {
        data.apply([{ key: 'k010', value: null }])
      },
      'k010',
    ],
    [
      'the last record lost',
      (data) => {
        data.apply([{ key: 'k299', value: null }])
      },
      'k299',
    ],
    [
      'a record added',
      (data) => {
        data.apply([entry('k010!', 1)])
      },
      'k010!',
    ],
    [
      'a record added at the end',
      (data) => {
        data.apply([entry('z', 1)])
      },
      'z',
    ],
  ]
  const records = RECORDS.filter(({ key }) => key.startsWith('k'))

  it.each(changes)('finds %s in the destination', async (_what, change, key) => {
    const data = createMemoryData()
    const to = changing(data, change, records.length)
    const copying = copyStorage(open(holding(records)), to.storage, to.options)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key })
  })

  it.each(changes)('finds %s in the source', async (_what, change, key) => {
    const data = holding(records)
    const from = changing(data, change, records.length)
    const copying = copyStorage(from.storage, open(createMemoryData()), from.options)
    await expect(copying).rejects.toMatchObject({ code: 'COPY_DIFFERS', key })
  })
})

/** A store that changes by itself once everything is copied. */
function changing(
  data: MemoryData,
  change: (data: MemoryData) => void,
  records: number,
): {
  readonly storage: StorageAdapter
  readonly options: { readonly onProgress: (progress: CopyProgress) => void }
} {
  const onProgress = ({ copied, verified }: CopyProgress): void => {
    if (copied === records && verified === 0) change(data)
  }
  return { storage: open(data), options: { onProgress } }
}

describe('an interrupted copy', () => {
  const verdicts: readonly FaultVerdict[] = ['fail-before', 'fail-after', 'stop', 'stop-after']
  const sides = ['source', 'destination'] as const

  for (const side of sides) {
    it.each(verdicts)(`goes on after %s at every call of the ${side}`, async (verdict) => {
      const source = holding(RECORDS)
      for (let at = 0; ; at += 1) {
        const data = createMemoryData()
        const wrap = (storage: StorageAdapter): StorageAdapter =>
          faultyStorage(storage, ({ index }) => (index === at ? verdict : 'pass'))
        const [from, to] =
          side === 'source' ? [wrap(open(source)), open(data)] : [open(source), wrap(open(data))]
        const error: unknown = await copyStorage(from, to).then(
          () => null,
          (reason: unknown) => reason,
        )
        if (error === null) {
          expect(at).toBeGreaterThan(5)
          break
        }
        expect(error).toMatchObject({ code: expect.stringMatching(/^STORAGE_/) as string })
        const { copied, present } = await copyStorage(open(source), open(data))
        expect(copied + present).toBe(RECORDS.length)
        expect(shown(await everything(open(data)))).toEqual(shown(RECORDS))
      }
    })
  }

  it('stops when the signal is aborted, at any point, and goes on', async () => {
    const reason = new Error('enough')
    for (let checks = 0; ; checks += 50) {
      const data = createMemoryData()
      let left = checks
      const signal = {
        throwIfAborted: () => {
          left -= 1
          if (left < 0) throw reason
        },
      }
      const copying = copyStorage(open(holding(RECORDS)), open(data), { signal })
      const error: unknown = await copying.then(
        () => null,
        (rejection: unknown) => rejection,
      )
      if (error === null) {
        expect(checks).toBeGreaterThan(0)
        break
      }
      expect(error).toBe(reason)
      await copyStorage(open(holding(RECORDS)), open(data))
      expect(shown(await everything(open(data)))).toEqual(shown(RECORDS))
    }
  })

  it('reports how far it has come, and ends where the listener throws', async () => {
    const seen: CopyProgress[] = []
    await copyStorage(open(holding(RECORDS)), open(createMemoryData()), {
      onProgress: (progress) => {
        seen.push(progress)
      },
    })
    for (const [i, { copied, verified }] of seen.entries()) {
      const before = seen[i - 1]
      expect(copied).toBeGreaterThanOrEqual(before?.copied ?? 0)
      expect(verified).toBeGreaterThanOrEqual(before?.verified ?? 0)
    }
    expect(seen.at(-1)).toEqual({ copied: RECORDS.length, present: 0, verified: RECORDS.length })
    const refusal = new Error('no more')
    const copying = copyStorage(open(holding(RECORDS)), open(createMemoryData()), {
      onProgress: () => {
        throw refusal
      },
    })
    await expect(copying).rejects.toBe(refusal)
  })
})
