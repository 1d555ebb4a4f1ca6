import { describe, expect, it } from 'vitest'
import type { AccessChange } from '@stagevault/core/access/access-changes'
import {
  addToGroup,
  attachPolicy,
  createHolder,
  createPolicy,
  deleteEntity,
  detachPolicy,
  removeFromGroup,
  setEnabled,
  updatePolicy,
} from '@stagevault/core/access/access-changes'
import type { AccessEntries, AccessEntry, EntryOf } from '@stagevault/core/access/access-entries'
import { entryOf, reachedBytes } from '@stagevault/core/access/access-entries'
import { VaultError } from '@stagevault/core/errors'
import type { AccessRecord, PolicyRecord } from '@stagevault/core/records/access-records'

const ANN = { kind: 'user', name: 'ann', description: '' } as const
const OPS = { kind: 'group', name: 'ops', description: '' } as const
const BOT = { kind: 'role', name: 'bot', description: 'runs' } as const

/** The records that changes were applied to. */
class Records {
  readonly records = new Map<string, AccessRecord>()

  get entries(): AccessEntries {
    const entries = [...this.records.values()].map(entryOf)
    return {
      size: entries.length,
      get: (kind, name) =>
        (entries.find((each) => each.kind === kind && each.name === name) ?? null) as never,
      ofKind: (kind) => entries.filter((each) => each.kind === kind) as never,
    }
  }

  apply(change: AccessChange | null): AccessChange {
    if (change === null) throw new Error('nothing changes')
    for (const each of change.written) this.records.set(`${each.kind} ${each.name}`, each)
    const { deleted } = change
    if (deleted !== null) this.records.delete(`${deleted.kind} ${deleted.name}`)
    return change
  }

  policy(name: string, bytes: number): void {
    this.apply(createPolicy(this.entries, { name, description: '', document: 'x'.repeat(bytes) }))
  }

  stored(name: string): PolicyRecord {
    return this.records.get(`policy ${name}`) as PolicyRecord
  }
}

function world(): Records {
  const records = new Records()
  for (const holder of [ANN, OPS, BOT]) records.apply(createHolder(records.entries, holder))
  records.policy('p', 10)
  return records
}

function expectCode(run: () => unknown, code: string): void {
  expect(run).toThrow(VaultError)
  expect(run).toThrow(expect.objectContaining({ code }) as Error)
}

describe('creation', () => {
  it('begins with generation 1, enabled and without policies', () => {
    const { entries } = world()
    const base = { generation: 1, policies: [] }
    expect(entries.get('user', 'ann')).toEqual({ ...ANN, ...base, isEnabled: true, groups: [] })
    expect(entries.get('role', 'bot')).toEqual({ ...BOT, ...base, isEnabled: true })
    expect(entries.get('group', 'ops')).toEqual({ ...OPS, ...base })
    expect(entries.get('policy', 'p')).toMatchObject({ generation: 1, documentBytes: 10 })
  })

  it('refuses a name of the same kind, and takes one of another kind', () => {
    const records = world()
    expectCode(() => createHolder(records.entries, ANN), 'ENTITY_EXISTS')
    const policy = { name: 'p', description: '', document: '' }
    expectCode(() => createPolicy(records.entries, policy), 'ENTITY_EXISTS')
    records.apply(createHolder(records.entries, { ...BOT, name: 'ann' }))
  })

  it('refuses the 1,201st record', () => {
    const records = new Records()
    const full = { ...records.entries, size: 1_199 }
    createHolder(full, ANN)
    expectCode(() => createHolder({ ...full, size: 1_200 }, ANN), 'QUOTA_EXCEEDED')
  })
})

describe('references', () => {
  it('are made, kept in order, and ended, each with a new generation', () => {
    const records = world()
    records.policy('a', 1)
    for (const name of ['p', 'a']) records.apply(attachPolicy(records.entries, name, ANN))
    records.apply(addToGroup(records.entries, 'ann', 'ops'))
    expect(records.entries.get('user', 'ann')).toMatchObject({
      generation: 4,
      policies: ['a', 'p'],
      groups: ['ops'],
    })
    expect(attachPolicy(records.entries, 'p', ANN)).toBe(null)
    expect(addToGroup(records.entries, 'ann', 'ops')).toBe(null)
    records.apply(detachPolicy(records.entries, 'p', ANN))
    records.apply(removeFromGroup(records.entries, 'ann', 'ops'))
    expect(records.entries.get('user', 'ann')).toMatchObject({
      generation: 6,
      policies: ['a'],
      groups: [],
    })
    expect(detachPolicy(records.entries, 'p', ANN)).toBe(null)
    expect(removeFromGroup(records.entries, 'ann', 'ops')).toBe(null)
  })

  it('refuse what is not there', () => {
    const { entries } = world()
    const missing = [
      () => attachPolicy(entries, 'none', ANN),
      () => attachPolicy(entries, 'p', { ...ANN, name: 'bot' }),
      () => detachPolicy(entries, 'none', ANN),
      () => detachPolicy(entries, 'p', { ...OPS, name: 'none' }),
      () => addToGroup(entries, 'bot', 'ops'),
      () => addToGroup(entries, 'ann', 'none'),
      () => removeFromGroup(entries, 'ann', 'none'),
      () => setEnabled(entries, 'user', 'bot', false),
      () => deleteEntity(entries, 'policy', 'ann', true),
    ]
    for (const run of missing) expectCode(run, 'ENTITY_NOT_FOUND')
  })

  it('are at most ten of each kind', () => {
    const records = world()
    for (let i = 0; i < 10; i++) {
      records.policy(`p${i}`, 1)
      records.apply(attachPolicy(records.entries, `p${i}`, BOT))
      records.apply(createHolder(records.entries, { ...OPS, name: `g${i}` }))
      records.apply(addToGroup(records.entries, 'ann', `g${i}`))
    }
    expectCode(() => attachPolicy(records.entries, 'p', BOT), 'QUOTA_EXCEEDED')
    expectCode(() => addToGroup(records.entries, 'ann', 'ops'), 'QUOTA_EXCEEDED')
  })
})

it('users and roles are enabled and disabled', () => {
  const records = world()
  expect(setEnabled(records.entries, 'user', 'ann', true)).toBe(null)
  records.apply(setEnabled(records.entries, 'user', 'ann', false))
  records.apply(setEnabled(records.entries, 'role', 'bot', false))
  expect(records.entries.get('user', 'ann')).toMatchObject({ isEnabled: false, generation: 2 })
  expect(records.entries.get('role', 'bot')).toMatchObject({ isEnabled: false, generation: 2 })
})

describe('the bytes of policies that a principal reaches', () => {
  /** ann has 40,000 bytes, in a group with 20,000 more; `big` is not attached. */
  function nearlyFull(): Records {
    const records = world()
    records.policy('own', 30_000)
    records.policy('more', 10_000)
    records.policy('shared', 20_000)
    records.policy('big', 5_537)
    for (const name of ['own', 'more']) records.apply(attachPolicy(records.entries, name, ANN))
    records.apply(attachPolicy(records.entries, 'shared', OPS))
    records.apply(addToGroup(records.entries, 'ann', 'ops'))
    return records
  }

  function reached({ entries }: Records): number {
    return reachedBytes(entries, entries.get('user', 'ann') as EntryOf['user'])
  }

  it('count each policy once', () => {
    const records = nearlyFull()
    expect(reached(records)).toBe(60_000)
    records.apply(attachPolicy(records.entries, 'shared', ANN))
    expect(reached(records)).toBe(60_000)
  })

  it('are bounded when a policy is attached to the user or to the group', () => {
    const { entries } = nearlyFull()
    expectCode(() => attachPolicy(entries, 'big', ANN), 'QUOTA_EXCEEDED')
    expectCode(() => attachPolicy(entries, 'big', OPS), 'QUOTA_EXCEEDED')
    expect(attachPolicy(entries, 'big', BOT)).not.toBe(null)
  })

  it('are bounded when the user is added to a group', () => {
    const records = nearlyFull()
    records.apply(createHolder(records.entries, { ...OPS, name: 'dev' }))
    records.apply(attachPolicy(records.entries, 'big', { ...OPS, name: 'dev' }))
    expectCode(() => addToGroup(records.entries, 'ann', 'dev'), 'QUOTA_EXCEEDED')
  })

  it('are bounded when a policy is updated', () => {
    const records = nearlyFull()
    for (const name of ['own', 'shared']) {
      const before = records.stored(name)
      const update = (bytes: number): AccessChange | null =>
        updatePolicy(records.entries, before, 'y'.repeat(before.document.length + bytes), null)
      expect(update(5_536)).not.toBe(null)
      expectCode(() => update(5_537), 'QUOTA_EXCEEDED')
    }
    records.apply(updatePolicy(records.entries, records.stored('big'), 'y'.repeat(30_000), null))
  })
})

describe('an update of a policy', () => {
  it('expects a generation, and changes nothing if the document is the same', () => {
    const records = world()
    const before = records.stored('p')
    expectCode(() => updatePolicy(records.entries, before, 'y', 2), 'VERSION_CONFLICT')
    expect(updatePolicy(records.entries, before, before.document, 1)).toBe(null)
    expectCode(() => updatePolicy(records.entries, before, before.document, 2), 'VERSION_CONFLICT')
    records.apply(updatePolicy(records.entries, before, 'y', 1))
    expect(records.stored('p')).toMatchObject({ generation: 2, document: 'y' })
  })
})

describe('a deletion', () => {
  it('is refused in use, and with detach ends every reference in one change', () => {
    const records = world()
    records.apply(addToGroup(records.entries, 'ann', 'ops'))
    for (const holder of [ANN, BOT, OPS]) records.apply(attachPolicy(records.entries, 'p', holder))
    const names = [ANN, OPS, BOT, { kind: 'policy', name: 'p' } as const]
    for (const { kind, name } of names) {
      expectCode(() => deleteEntity(records.entries, kind, name, false), 'ENTITY_IN_USE')
    }
    const policy = records.apply(deleteEntity(records.entries, 'policy', 'p', true))
    expect(policy.written.map(({ name }) => name).sort()).toEqual(['ann', 'bot', 'ops'])
    const group = records.apply(deleteEntity(records.entries, 'group', 'ops', true))
    expect(group.written).toEqual([
      { ...ANN, generation: 5, isEnabled: true, groups: [], policies: [] },
    ])
    for (const { kind, name } of [ANN, BOT]) {
      expect(deleteEntity(records.entries, kind, name, false).written).toEqual([])
    }
  })

  it('changes at most 100 other records', () => {
    const records = world()
    for (let i = 0; i <= 100; i++) {
      const name = `u${i}`
      records.apply(createHolder(records.entries, { ...ANN, name }))
      records.apply(addToGroup(records.entries, name, 'ops'))
    }
    expectCode(() => deleteEntity(records.entries, 'group', 'ops', true), 'QUOTA_EXCEEDED')
    records.apply(removeFromGroup(records.entries, 'u0', 'ops'))
    expect(deleteEntity(records.entries, 'group', 'ops', true).written).toHaveLength(100)
  })
})

it('an entry of a policy has the size of its document in UTF-8', () => {
  const record: AccessRecord = {
    kind: 'policy',
    name: 'p',
    generation: 1,
    description: '',
    document: 'ü',
  }
  const entry: AccessEntry = entryOf(record)
  expect(entry).toEqual({
    kind: 'policy',
    name: 'p',
    generation: 1,
    description: '',
    documentBytes: 2,
  })
})
