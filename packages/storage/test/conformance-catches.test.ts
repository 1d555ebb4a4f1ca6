import { describe, expect, it } from 'vitest'
import { StorageError } from '@stagevault/storage'
import { storageConformance } from '@stagevault/storage/conformance'
import type { StorageSubject, StorageSubjectFactory } from '@stagevault/storage/conformance'
import { brokenWriters } from './broken-adapters.js'
import { brokenReaders } from './broken-readers.js'
import { memorySubject } from './memory-subject.js'

type Case = () => Promise<void>

/** The suite's cases by name, registered in a test framework of three lines. */
function casesFor(factory: StorageSubjectFactory): ReadonlyMap<string, Case> {
  const cases = new Map<string, Case>()
  storageConformance({
    describe: (_, body) => {
      body()
    },
    it: (name, body) => cases.set(name, body),
    factory,
    seed: 1,
  })
  return cases
}

function caseNamed(name: string, factory: StorageSubjectFactory): Case {
  const found = casesFor(factory).get(name)
  if (found === undefined) throw new Error(`the suite has no case '${name}'`)
  return found
}

describe('the conformance suite', () => {
  it('names every case differently', () => {
    const names: string[] = []
    storageConformance({
      describe: (_, body) => {
        body()
      },
      it: (name) => names.push(name),
      factory: () => Promise.resolve(memorySubject()),
    })
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(40)
  })

  for (const { mistake, foundBy, wrap } of [...brokenWriters, ...brokenReaders]) {
    it(`finds an adapter that ${mistake}`, async () => {
      const broken = caseNamed(foundBy, () => Promise.resolve(memorySubject(wrap)))
      await expect(broken()).rejects.toThrow(/./)
      const sound = caseNamed(foundBy, () => Promise.resolve(memorySubject()))
      await expect(sound()).resolves.toBeUndefined()
    })
  }

  it('finds every mistake in random calls that changes an answer', async () => {
    const agreement = '120 random calls agree with a plain map'
    const [ignoresGuards] = brokenWriters
    const broken = caseNamed(agreement, () => Promise.resolve(memorySubject(ignoresGuards?.wrap)))
    await expect(broken()).rejects.toThrow(/^seed 1: step \d+, /)
  })

  it('takes a store that refuses a second handle, and finds one that refuses it wrongly', async () => {
    const name =
      '40 concurrent guarded increments through two handles lose none, or there is one handle'
    const refusing = (code: 'STORAGE_LOCKED' | 'STORAGE_UNAVAILABLE', stays: boolean) =>
      caseNamed(name, () => Promise.resolve(oneHandle(memorySubject(), code, stays)))
    await expect(refusing('STORAGE_LOCKED', true)()).resolves.toBeUndefined()
    await expect(refusing('STORAGE_UNAVAILABLE', true)()).rejects.toThrow('must reject with')
    // As LevelDB does, whose lock is gone after the first refusal.
    await expect(refusing('STORAGE_LOCKED', false)()).rejects.toThrow('a third handle')
  })

  it('closes the handles and removes the records of a case that fails', async () => {
    const subject = memorySubject((storage) => ({ ...storage, scan: () => Promise.resolve([]) }))
    const calls: string[] = []
    const watched: StorageSubject = {
      ...subject,
      async open() {
        const storage = await subject.open()
        return {
          ...storage,
          close() {
            calls.push('close')
            return storage.close()
          },
        }
      },
      dispose() {
        calls.push('dispose')
        return subject.dispose()
      },
    }
    const failing = caseNamed('limit counts from the start of the range', () =>
      Promise.resolve(watched),
    )
    await expect(failing()).rejects.toThrow('scan with limit 1')
    expect(calls).toEqual(['close', 'dispose'])
  })
})

/** A subject that lets one handle in at a time, or one that forgets after the first refusal. */
function oneHandle(
  subject: StorageSubject,
  code: 'STORAGE_LOCKED' | 'STORAGE_UNAVAILABLE',
  stays: boolean,
): StorageSubject {
  let held = false
  return {
    ...subject,
    async open() {
      if (held) {
        held = stays
        throw new StorageError(code, 'another handle is open')
      }
      held = true
      const storage = await subject.open()
      return {
        ...storage,
        close() {
          held = false
          return storage.close()
        },
      }
    },
  }
}
