import type { StorageAdapter } from '../contract.js'
import type { StorageErrorCode } from '../storage-error.js'
import { check, isError, rejects, same, sameEntries, sameValues } from './expect.js'
import { bytes, entry, EVERYTHING, numberedKeys, write } from './samples.js'
import type { CaseContext, ConformanceCase } from './subject.js'

const READ_FAILURES: readonly StorageErrorCode[] = ['STORAGE_UNAVAILABLE', 'STORAGE_CLOSED']
const WRITE_FAILURES: readonly StorageErrorCode[] = [
  'STORAGE_UNAVAILABLE',
  'STORAGE_CLOSED',
  'STORAGE_FULL',
  'STORAGE_OUTCOME_UNKNOWN',
]

/**
 * The layer below fails: failures are reported, never mistaken for absence, and no commit is torn.
 */
export const faultCases: readonly ConformanceCase[] = [
  {
    name: 'a read that fails rejects: it is not absence',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failReads()
      await rejects(storage.read(['a']), READ_FAILURES, 'read of an entry')
      await rejects(storage.read(['none']), READ_FAILURES, 'read of a missing entry')
      await rejects(storage.read(['a', 'none', 'b']), READ_FAILURES, 'read of several keys')
      context.subject.heal()
      const reader = await reopened(context, storage)
      sameValues(await reader.read(['a', 'none']), [bytes('1'), null], 'values afterwards')
    },
  },
  {
    name: 'a scan that fails rejects: it is not an empty range',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failReads()
      await rejects(storage.scan(EVERYTHING), READ_FAILURES, 'scan')
      await rejects(storage.scan({ start: 'x', end: 'y', limit: 1 }), READ_FAILURES, 'empty scan')
      context.subject.heal()
      const reader = await reopened(context, storage)
      sameEntries(await reader.scan(EVERYTHING), [entry('a', '1'), entry('b', '2')], 'records')
    },
  },
  {
    name: 'a guard that cannot be read rejects: it neither holds nor conflicts',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failReads()
      const mutations = [entry('a', 'changed'), { key: 'b', value: null }, entry('c', 'new')]
      for (const guard of [entry('a', '1'), entry('a', 'other'), { key: 'none', value: null }]) {
        const commit = storage.commit({ guards: [guard], mutations })
        await rejects(commit, WRITE_FAILURES, `commit guarded by ${guard.key}`)
      }
      context.subject.heal()
      const reader = await reopened(context, storage)
      sameEntries(await reader.scan(EVERYTHING), [entry('a', '1'), entry('b', '2')], 'records')
    },
  },
  {
    name: 'a write that fails rejects, and is found made wholly or not at all',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failWrites()
      const error = await rejects(
        storage.commit({
          guards: [entry('a', '1')],
          mutations: [entry('a', 'changed'), { key: 'b', value: null }, entry('c', 'new')],
        }),
        WRITE_FAILURES,
        'commit',
      )
      context.subject.heal()
      const reader = await reopened(context, storage)
      const entries = await reader.scan(EVERYTHING)
      const made = entries.some(({ key }) => key === 'c')
      const expected = made
        ? [entry('a', 'changed'), entry('c', 'new')]
        : [entry('a', '1'), entry('b', '2')]
      sameEntries(entries, expected, 'records')
      check(
        !made || ('code' in error && error.code !== 'STORAGE_UNAVAILABLE'),
        'STORAGE_UNAVAILABLE promises that nothing was written',
      )
    },
  },
  {
    name: 'a conflict while writes fail is not reported as applied',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failWrites()
      const commit = { guards: [entry('a', 'other')], mutations: [entry('a', 'changed')] }
      const outcome = await storage.commit(commit).catch(() => 'failed')
      check(outcome !== 'applied', 'a commit with a guard that does not hold must not be applied')
      context.subject.heal()
      const reader = await reopened(context, storage)
      sameEntries(await reader.scan(EVERYTHING), [entry('a', '1'), entry('b', '2')], 'records')
    },
  },
  {
    name: 'concurrent commits while writes fail: each one reported as applied is stored',
    async run(context) {
      const storage = await seeded(context)
      const keys = numberedKeys(10)
      const issue = (key: string): Promise<unknown> =>
        storage
          .commit({
            guards: [{ key, value: null }],
            mutations: [entry(key, key), entry(`${key}.2`, key)],
          })
          .catch(() => 'failed')
      const before = keys.slice(0, 5).map(issue)
      context.subject.failWrites()
      const during = keys.slice(5).map(issue)
      const outcomes = await Promise.all([...before, ...during])
      context.subject.heal()
      const reader = await reopened(context, storage)
      for (const [i, key] of keys.entries()) {
        const values = await reader.read([key, `${key}.2`])
        const found = values.filter((value) => value !== null).length
        check(found !== 1, `half of commit ${i} is there`)
        check(
          outcomes[i] !== 'applied' || found === 2,
          `commit ${i} was reported as applied and is lost`,
        )
        check(outcomes[i] !== 'conflict', `commit ${i} was reported as a conflict without one`)
      }
      sameValues(await reader.read(['a', 'b']), [bytes('1'), bytes('2')], 'earlier records')
    },
  },
  {
    name: 'a store that failed works again once it is reopened',
    async run(context) {
      const storage = await seeded(context)
      context.subject.failWrites()
      const failing = storage.commit({ guards: [], mutations: [entry('c', 'new')] })
      await rejects(failing, WRITE_FAILURES, 'commit')
      context.subject.heal()
      const next = await reopened(context, storage)
      const [value] = await next.read(['c'])
      // As the vault does: read the stored record, and write again what is missing.
      const guards = [{ key: 'c', value: value ?? null }]
      const outcome = await next.commit({ guards, mutations: [entry('c', 'new')] })
      same(outcome, 'applied', 'outcome of the repeated commit')
      const last = await reopened(context, next)
      sameValues(await last.read(['a', 'c']), [bytes('1'), bytes('new')], 'values')
    },
  },
  {
    name: 'errors hold no bytes of a record',
    async run(context) {
      const storage = await context.openBare()
      const canary = 'canary-7f3b9a'
      await write(storage, entry('a', canary))
      context.subject.failReads()
      const readError = await rejects(storage.read(['a']), READ_FAILURES, 'read')
      context.subject.heal()
      const next = await reopened(context, storage)
      context.subject.failWrites()
      const writing = next.commit({
        guards: [entry('a', canary)],
        mutations: [entry('a', `${canary}2`)],
      })
      const writeError = await rejects(writing, WRITE_FAILURES, 'commit')
      for (const error of [readError, writeError]) {
        for (let at: unknown = error; isError(at); at = at.cause) {
          const properties = JSON.stringify(Object.entries(at))
          const shown = `${at.message} ${at.stack ?? ''} ${properties}`
          check(!shown.includes('canary'), 'an error shows the bytes of a record')
        }
      }
    },
  },
]

async function seeded({ openBare }: CaseContext): Promise<StorageAdapter> {
  const storage = await openBare()
  await write(storage, entry('a', '1'), entry('b', '2'))
  return storage
}

/** A failed handle may stay unusable, so a new one reads the stored records. */
async function reopened(context: CaseContext, failed: StorageAdapter): Promise<StorageAdapter> {
  await failed.close()
  return context.openBare()
}
