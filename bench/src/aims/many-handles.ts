/**
 * Many handles on one storage that create secrets at once: commits for each secret, and what fails.
 * A create that is refused is counted and not an error here, because that is what is in question.
 */
import { join } from 'node:path'
import type { CommitOutcome, StorageAdapter } from '@stagevault/storage'
import { createLevelStorage } from '@stagevault/storage-level'
import { createVault, generateKey, openVault, rawKey, type Vault } from 'stagevault'
import type { RoundsComparison, RoundsSubject } from '../comparison.js'
import { check } from '../comparison.js'
import { payloadText } from '../payloads.js'
import { median } from '../statistics.js'
import { createPlainLevel, type PlainLevel } from '../stores.js'
import type { Fact, SuiteContext, SuitePart } from '../suite.js'
import { BYTES, rawPutSubject } from './writes-at-once.js'

/** Every run opens all handles on a new store. */
const RUNS = 1

/** Of one run. */
interface Tally {
  readonly commits: number
  /** Commits that were refused because another one was first. */
  readonly conflicts: number
  readonly failures: ReadonlyMap<string, number>
}

interface Arena {
  readonly vaults: readonly Vault[]
  readonly outcomes: CommitOutcome[]
  readonly close: () => Promise<void>
}

function countedStorage(storage: StorageAdapter, outcomes: CommitOutcome[]): StorageAdapter {
  return {
    read: (keys) => storage.read(keys),
    scan: (range) => storage.scan(range),
    commit: async (commit) => {
      const outcome = await storage.commit(commit)
      outcomes.push(outcome)
      return outcome
    },
    close: () => storage.close(),
  }
}

async function createArena(location: string, handles: number): Promise<Arena> {
  const outcomes: CommitOutcome[] = []
  const storage = countedStorage(await createLevelStorage({ location }), outcomes)
  const unlock = rawKey(generateKey())
  const vaults = [await createVault({ storage, unlock })]
  while (vaults.length < handles) vaults.push(await openVault({ storage, unlock }))
  outcomes.length = 0
  return {
    vaults,
    outcomes,
    close: async () => {
      await Promise.all(vaults.map((vault) => vault.close()))
      await storage.close()
    },
  }
}

const secretData = payloadText(BYTES, 'create')

/** Returns the names that were created. */
async function createAll(
  { vaults, outcomes }: Arena,
  each: number,
  tallies: Tally[],
): Promise<string[]> {
  const creates = vaults.flatMap((vault, handle) =>
    Array.from({ length: each }, async (_, i) => {
      const secretName = `handle-${handle}/service-${i}`
      await vault.createSecret({ secretName, secretData })
      return secretName
    }),
  )
  const created: string[] = []
  const failures = new Map<string, number>()
  for (const settled of await Promise.allSettled(creates)) {
    if (settled.status === 'fulfilled') created.push(settled.value)
    else count(failures, codeOf(settled.reason))
  }
  const conflicts = outcomes.filter((outcome) => outcome === 'conflict').length
  tallies.push({ commits: outcomes.length, conflicts, failures })
  return created
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Object ? Reflect.get(error, 'code') : undefined
  if (typeof code !== 'string') throw error
  return code
}

function count(counts: Map<string, number>, key: string, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

/** Those that were answered are there and no others, as another handle sees it. */
async function verifyCreated({ vaults }: Arena, created: readonly string[]): Promise<void> {
  const vault = vaults.at(-1)
  for (const secretName of created) {
    const found = await vault?.getSecretValue({ secretName })
    check(found?.secretData === secretData, 'a create was lost')
  }
  const report = await vault?.verify()
  check(report?.isClean === true, 'the vault is damaged')
}

function createsSubject(
  folder: string,
  handles: number,
  each: number,
  tallies: Tally[],
): { readonly subject: RoundsSubject; readonly close: () => Promise<void> } {
  let arena: Arena | null = null
  let run = 0
  const close = async (): Promise<void> => {
    await arena?.close()
    arena = null
  }
  const before = async (): Promise<void> => {
    await close()
    arena = await createArena(join(folder, `handles-${handles}-${run++}`), handles)
  }
  const create = (): Promise<string[]> => {
    if (arena === null) throw new TypeError('there is no store yet')
    return createAll(arena, each, tallies)
  }
  const subject: RoundsSubject = {
    kind: 'async',
    name: `createSecret, ${handles} handles x ${each}`,
    operations: handles * each,
    before,
    run: create,
    verify: async () => {
      await before()
      const created = await create()
      if (arena !== null) await verifyCreated(arena, created)
    },
    note: () => describe(tallies, handles * each),
  }
  return { subject, close }
}

function describe(tallies: readonly Tally[], creates: number): string {
  const [commits, ...failures] = factsOf('', tallies, creates)
  const failed = failures.slice(1).map(({ title, value }) => `${value} ${title.trim()}`)
  const perCreate = `${(commits?.value ?? 0).toFixed(2)} commits a create`
  return [perCreate, ...failed].join(', ')
}

/** Medians of the runs; failures of all runs together. */
function factsOf(title: string, tallies: readonly Tally[], creates: number): Fact[] {
  const failures = new Map<string, number>()
  for (const tally of tallies) for (const [code, n] of tally.failures) count(failures, code, n)
  const unit = 'a create'
  const commits = median(tallies.map((each) => each.commits / creates))
  const conflicts = median(tallies.map((each) => each.conflicts / creates))
  const attempts = tallies.length * creates
  return [
    { title: `${title}: commits`, value: commits, unit },
    { title: `${title}: commits refused`, value: conflicts, unit },
    ...[...failures].map(([code, value]): Fact => ({
      title: `${title} ${code}`,
      value,
      unit: `of ${attempts} creates`,
    })),
  ]
}

export async function prepareManyHandles({ folder, scale }: SuiteContext): Promise<SuitePart> {
  const plain: PlainLevel = await createPlainLevel(folder, 'handles-raw')
  const creates = scale.writesAtOnce
  const parts = scale.handles.map((handles) => {
    const tallies: Tally[] = []
    const each = creates / handles
    return { ...createsSubject(folder, handles, each, tallies), tallies, handles, each }
  })
  return {
    comparisons: parts.map(({ subject, handles, each }): RoundsComparison => ({
      title: `${each} creates by each of ${handles} handles at once, LevelDB, durable`,
      runs: RUNS,
      turn: 1,
      subjects: [subject, rawPutSubject(plain)],
    })),
    facts: () =>
      parts.flatMap(({ tallies, handles, each }) =>
        factsOf(`${handles} handles x ${each} creates`, tallies, creates),
      ),
    close: async () => {
      for (const { close } of parts) await close()
      await plain.close()
    },
  }
}
