/** docs/format/storage-layout.md, held against what a vault writes. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  ACCESS_KEYS,
  DELETION_KEYS,
  POLICY_KEYS,
  SECRET_KEYS,
  SLOT_KEYS,
  VERSION_KEYS,
  deletionsUntil,
  secretsAfter,
} from '@stagevault/core/records/layout'
import type { Commit, StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, openVault, rawKey, type Unlock, type Vault } from 'stagevault'
import { namedBytes, namedStream } from '../../tools/named-bytes.js'
import { readFormatFile, readVaultFile } from '../support/format-files.js'
import { tableUnder } from '../support/markdown-tables.js'

const layout = readFormatFile('storage-layout.md')
const DAY_MS = 86_400_000

/** A store that keeps what was committed, in order. */
function recordingStorage(): { storage: StorageAdapter; commits: Commit[] } {
  const inner = createMemoryStorage()
  const commits: Commit[] = []
  const storage: StorageAdapter = {
    ...inner,
    commit: async (commit) => {
      const outcome = await inner.commit(commit)
      if (outcome === 'applied') commits.push(commit)
      return outcome
    },
  }
  return { storage, commits }
}

interface Life {
  readonly storage: StorageAdapter
  readonly commits: Commit[]
  readonly vault: Vault
  /** Runs an operation and gives the commits it made. */
  during(operation: () => Promise<unknown>): Promise<Commit[]>
  wait(milliseconds: number): void
  /** A second handle, which believes each record by its own MAC. */
  openUnproved(): Promise<Vault>
}

async function newLife(): Promise<Life> {
  const { storage, commits } = recordingStorage()
  let time = Date.UTC(2026, 0, 1)
  const clock = (): number => time
  const vault = await createVault({
    storage,
    unlock: rawKey(KEY),
    clock,
    random: namedStream('layout'),
    limits: { versionsMax: 2 },
  })
  return {
    storage,
    commits,
    vault,
    during: async (operation) => {
      const before = commits.length
      await operation()
      return commits.slice(before)
    },
    wait: (milliseconds) => {
      time += milliseconds
    },
    openUnproved: () =>
      openVault({ storage, unlock: rawKey(KEY), clock, readOnly: true, unproved: true }),
  }
}

/** `secret!b!head` is a head; in a rename, the new one or the old one. */
function kindOf(key: string, newName: string | null): string {
  const [first = '', name, last] = key.split('!')
  if (first === 'vault') return name ?? ''
  if (first !== 'secret') return first
  return newName === null ? (last ?? '') : `${name === newName ? 'new' : 'old'} ${last ?? ''}`
}

function listed(items: Iterable<string>): string[] {
  return [...new Set(items)].sort()
}

/** A commit as a row of the table. */
function rowOf({ guards, mutations }: Commit, newName: string | null): object {
  const kinds = (deleted: boolean): string[] =>
    listed(
      mutations
        .filter(({ value }) => (value === null) === deleted)
        .map(({ key }) => kindOf(key, newName)),
    )
  return {
    written: kinds(false),
    deleted: kinds(true),
    guards: listed(
      guards.map(
        ({ key, value }) => `${kindOf(key, newName)} ${value === null ? 'absent' : 'as read'}`,
      ),
    ),
  }
}

const KEY = namedBytes('layout key', 32)

const rows = tableUnder(layout, 'What changes together', 'operation').rows

function documentedRow(operation: string): object {
  const row = rows.find((each) => each['operation'] === operation)
  const cells = (column: string): string[] =>
    listed(
      (row?.[column] ?? '')
        .split(', ')
        .filter((cell) => cell !== '')
        .map((cell) => cell.replace(/^every /, '').replace(/ of (each|the) .*$/, '')),
    )
  return { written: cells('written'), deleted: cells('deleted'), guards: cells('guards') }
}

async function changeSlots(
  vault: Vault,
  check: (operation: string, run: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const [first, second, third] = [KEY, namedBytes('second', 32), namedBytes('third', 32)].map(
    (key) => rawKey(key),
  ) as [Unlock, Unlock, Unlock]
  let slotId = ''
  await check('add a slot', async () => {
    ;({ slotId } = await vault.addUnlockSlot({ unlock: first, newUnlock: second }))
  })
  await check('replace a slot', () => vault.replaceUnlockSlot({ unlock: first, newUnlock: third }))
  await check('remove a slot', () => vault.removeUnlockSlot({ unlock: third, slotId }))
}

describe('LAY-13: what changes together', () => {
  const secretName = 'a'
  const put = (vault: Vault, secretData: string): Promise<unknown> =>
    vault.putSecretValue({ secretName, secretData })
  const label = { secretName, versionStage: 'mine' }

  it('is what the table says, operation by operation', async () => {
    const life = await newLife()
    const { vault } = life
    const seen = new Set<string>()
    const check = async (
      operation: string,
      run: () => Promise<unknown>,
      newName: string | null = null,
    ): Promise<void> => {
      const commits = await life.during(run)
      expect(
        commits.map((commit) => rowOf(commit, newName)),
        operation,
      ).toEqual([documentedRow(operation)])
      seen.add(operation)
    }
    expect(life.commits.map((commit) => rowOf(commit, null))).toEqual([
      documentedRow('make a vault'),
    ])
    seen.add('make a vault')

    await check('create a secret', () => vault.createSecret({ secretName, secretData: '1' }))
    await put(vault, '2')
    await check('move or remove a label', () =>
      vault.updateSecretVersionStage({ ...label, moveToVersion: 'v2' }),
    )
    await check('move or remove a label', () =>
      vault.updateSecretVersionStage({ ...label, removeFromVersion: 'v2' }),
    )
    await check('store a value', () => put(vault, '3'))
    const [, previous] = await versionIds(vault, secretName)
    const version = { secretName, versionId: previous ?? '' }
    await check('change metadata or tags', () =>
      vault.updateSecret({ secretName, description: 'd' }),
    )
    await check('change metadata or tags', () =>
      vault.tagResource({ secretName, tags: [{ tagKey: 'k', tagValue: 'v' }] }),
    )
    await check('change metadata or tags', () =>
      vault.untagResource({ secretName, tagKeys: ['k'] }),
    )
    await check('disable or enable a version', () => vault.disableVersion(version))
    await check('disable or enable a version', () => vault.enableVersion(version))
    await check('destroy a version', () => vault.destroyVersion(version))
    await check('rename', () => vault.renameSecret({ secretName, newSecretName: 'b' }), 'b')
    const renamed = { secretName: 'b' }
    await vault.deleteSecret({ ...renamed, recoveryWindowInDays: 7 })
    await check('schedule the deletion', () =>
      vault.deleteSecret({ ...renamed, recoveryWindowInDays: 8 }),
    )
    await check('restore a secret', () => vault.restoreSecret(renamed))
    await vault.deleteSecret({ ...renamed, recoveryWindowInDays: 7 })
    life.wait(7 * DAY_MS)
    await check('look at a due secret', () => vault.listSecrets())
    life.wait(60_000)
    await check('delete a due secret', () => vault.listSecrets())
    await vault.createSecret({ secretName, secretData: '1' })
    await vault.deleteSecret({ secretName, recoveryWindowInDays: 7 })
    await check('delete at once', () =>
      vault.deleteSecret({ secretName, forceDeleteWithoutRecovery: true }),
    )
    await check('change the limits', () =>
      vault.updateVaultSettings({ limits: { stageLabelsMax: 9 } }),
    )
    const unproved = await life.openUnproved()
    await check('rebuild the root', () => unproved.rebuildRoot())
    await changeSlots(vault, check)
    expect(listed(seen)).toEqual(listed(rows.map((row) => row['operation'] ?? '')))
  })
})

/** The ids of the versions that are not current first, then the current one. */
async function versionIds(vault: Vault, secretName: string): Promise<string[]> {
  const { versionIds: versions } = await vault.listSecretVersionIds({
    secretName,
    includeDeprecated: true,
  })
  const isCurrent = (stages: readonly string[]): boolean => stages.includes('ACSCurrent')
  return [
    ...versions.filter(({ versionStages }) => isCurrent(versionStages)),
    ...versions.filter(({ versionStages }) => !isCurrent(versionStages)),
  ].map(({ versionId }) => versionId)
}

/** What the commits wrote at one kind of place, in order. */
function writtenAt(commits: readonly Commit[], isPlace: (key: string) => boolean): Buffer[] {
  return commits.flatMap(({ mutations }) =>
    mutations.flatMap(({ key, value }) =>
      value !== null && isPlace(key) ? [Buffer.from(value)] : [],
    ),
  )
}

const isHead = (key: string): boolean => key.endsWith('!head')
const isRoot = (key: string): boolean => key === 'vault!root'
const isVersion = (key: string): boolean => key.startsWith('version!')

it('LAY-14: heads follow one another by generation and hash, also across a rename', async () => {
  const { vault, commits } = await newLife()
  await vault.createSecret({ secretName: 'a', secretData: '1' })
  await vault.putSecretValue({ secretName: 'a', secretData: '2' })
  await vault.renameSecret({ secretName: 'a', newSecretName: 'b' })
  await vault.putSecretValue({ secretName: 'b', secretData: '3' })
  const heads = writtenAt(commits, isHead)
  expect(heads).toHaveLength(4)
  let hash = Buffer.alloc(32)
  for (const [i, head] of heads.entries()) {
    expect(head.readBigUInt64BE(5)).toBe(BigInt(i + 1))
    expect(head.subarray(13, 45)).toEqual(hash)
    hash = createHash('sha256').update(head).digest()
  }
})

it('LAY-14: every root has the next epoch, the count, and generation and tag of the keyring', async () => {
  const { vault, commits } = await newLife()
  await vault.createSecret({ secretName: 'a', secretData: '1' })
  await vault.putSecretValue({ secretName: 'a', secretData: '2' })
  await changeSlots(vault, async (_operation, run) => {
    await run()
  })
  await vault.deleteSecret({ secretName: 'a', forceDeleteWithoutRecovery: true })
  const roots = writtenAt(commits, isRoot)
  const numbers = roots.map((root) => [5, 13, 21].map((at) => Number(root.readBigUInt64BE(at))))
  expect(numbers).toEqual([
    [1, 0, 1],
    [2, 1, 1],
    [3, 1, 1],
    [4, 1, 2],
    [5, 1, 3],
    [6, 1, 4],
    [7, 0, 4],
  ])
  const keyrings = writtenAt(commits, (key) => key === 'vault!keyring')
  for (const root of roots) {
    const keyring = keyrings.find((each) => each.readBigUInt64BE(5) === root.readBigUInt64BE(21))
    expect(root.subarray(29, 45)).toEqual(keyring?.subarray(-32, -16))
  }
})

it('LAY-21: operations that share a commit leave one head of a secret and one root', async () => {
  const life = await newLife()
  const { vault, commits } = life
  await vault.createSecret({ secretName: 'a', secretData: '1' })
  const [, created] = commits
  const shared = await life.during(() =>
    Promise.all([
      ...['2', '3', '4'].map((secretData) => vault.putSecretValue({ secretName: 'a', secretData })),
      vault.createSecret({ secretName: 'b', secretData: '1' }),
      vault.updateSecret({ secretName: 'a', description: 'd' }),
    ]),
  )
  expect(shared).toHaveLength(1)
  const heads = writtenAt(shared, isHead).map((head) => Number(head.readBigUInt64BE(5)))
  expect(heads.sort()).toEqual([1, 2])
  const [root] = writtenAt(shared, isRoot)
  expect([5, 13].map((at) => Number(root?.readBigUInt64BE(at)))).toEqual([3, 2])
  // Two versions are kept: the second was added and evicted in one commit.
  const places = shared.flatMap(({ mutations }) => mutations.filter(({ key }) => isVersion(key)))
  const [first] = created?.mutations.filter(({ key }) => isVersion(key)) ?? []
  const ofFirst = places.filter(({ key }) => key.slice(0, -8) === first?.key.slice(0, -8))
  expect(ofFirst.map(({ key, value }) => [key.slice(-1), value === null]).sort()).toEqual([
    ['1', true],
    ['3', false],
    ['4', false],
  ])
})

describe('keys', () => {
  const keys = Object.keys(readVaultFile('vault-access.json').records)
  // The grammar of LAY-1.
  const hex = '[0-9a-f]'
  const id = `${hex}{32}`
  const name = '[A-Za-z0-9_/+=.@-]{1,192}'
  const KEY = new RegExp(
    `^(vault!(descriptor|keyring|root|access)|slot!${id}|secret!${name}!(head|name)` +
      `|version!${id}!${hex}{8}|due!${hex}{12}!${id}|policy!${id}!${hex}{12}` +
      '|access!list|access!(user|role|group|policy)![A-Za-z0-9_.@-]{1,64})$',
  )

  it('LAY-1: are those of the grammar', () => {
    expect(keys.length).toBeGreaterThan(20)
    expect(keys.filter((key) => !KEY.test(key))).toEqual([])
  })

  it('LAY-2: sort by name, with head and name record side by side', () => {
    expect(keys).toEqual([...keys].sort())
    const heads = keys.filter((key) => key.endsWith('!head'))
    expect(heads.map((key) => keys[keys.indexOf(key) + 1])).toEqual(
      heads.map((key) => key.replace(/head$/, 'name')),
    )
    const names = ['a', 'a+', 'a/b', 'aa', 'b', 'A', '_', '0', 'a-', 'a.', 'a=', 'a@'].sort()
    const sorted = names.flatMap((each) => [`secret!${each}!head`, `secret!${each}!name`])
    expect([...sorted].sort()).toEqual(sorted)
  })

  it('LAY-2: the ranges are those of the table', () => {
    const table = tableUnder(layout, 'Keys', 'what').rows.map(({ what, ...range }) => [
      what,
      range['from (inclusive)'],
      range['to (exclusive)'],
    ])
    const range = (what: string, { start, end }: { start: string; end: string }): string[] => [
      what,
      start,
      end,
    ]
    const due = deletionsUntil(0xff)
    expect(table).toEqual([
      range('all slots', SLOT_KEYS),
      range('all heads and name records', SECRET_KEYS),
      range('secrets after the name N', secretsAfter('N', '')),
      range('secrets whose names begin with P', secretsAfter(null, 'P')),
      range('all versions', VERSION_KEYS),
      range('all deletion entries', DELETION_KEYS),
      range('deletions due at the time T (12 hex)', {
        ...due,
        end: due.end.replace('0000000000ff', 'T'),
      }),
      range('all access records and their list', ACCESS_KEYS),
      range('all policies of secrets', POLICY_KEYS),
    ])
  })
})
