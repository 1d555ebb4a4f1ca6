/** Any state that keeps the rules, not only those that a vault's operations lead to. */

import fc from 'fast-check'
import type { VaultLimits } from '@stagevault/core/limits'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { SECRET_TYPES } from '@stagevault/core/names'
import type {
  SecretState,
  StagePointer,
  Tag,
  VersionState,
} from '@stagevault/core/model/secret-state'
import { checkInvariants } from '@stagevault/core/model/secret-state'
import type { Tombstone } from '@stagevault/core/model/tombstones'
import { Tombstones } from '@stagevault/core/model/tombstones'
import type { RecordSection } from '@stagevault/core/records/sections'

/** Records as literals make them: a copy of one without a prototype would never equal it. */
export function plain<T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true })
}

/** Properties per test, times the factor of longer campaigns. */
export const RUNS: number = 300 * Number(process.env['STAGEVAULT_RUNS'] ?? 1)

export const LABELS: readonly string[] = [
  'ACSCurrent',
  'ACSPending',
  'ACSPrevious',
  'ACSNext',
  'blue',
  'green',
  'red',
]
const VERSION_IDS: readonly string[] = [
  'v1',
  'v2',
  'v3',
  'v4',
  'v5',
  'v6',
  'v7',
  'v9',
  'v40',
  'x',
  'y',
  'z',
  '__proto__',
]

export const versionIds: fc.Arbitrary<string> = fc.constantFrom(...VERSION_IDS, 'new', 'v8')

/** A version by its place in a state, or an id that may not be there. */
export const references: fc.Arbitrary<number | string> = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 7 }) },
  versionIds,
)

export function idIn(state: SecretState, reference: number | string): string {
  if (typeof reference === 'string') return reference
  return state.versions[reference % state.versions.length]?.versionId ?? 'v1'
}

/** Few digests, so that the same value comes again. */
export const digests: fc.Arbitrary<Uint8Array> = fc
  .constantFrom(1, 2, 3)
  .map((byte) => new Uint8Array(16).fill(byte))

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })

export const times: fc.Arbitrary<number> = fc.nat({ max: 2 ** 47 })

export const tags: fc.Arbitrary<Tag[]> = fc
  .uniqueArray(
    plain({ tagKey: fc.constantFrom('K', 'a', 'b', 'c', '__proto__'), tagValue: fc.string() }),
    { selector: ({ tagKey }) => tagKey },
  )
  .map((list) => list.sort((a, b) => (a.tagKey < b.tagKey ? -1 : 1)))

/** Sections that this program does not know and may skip, so that states with them can be read. */
const sections: fc.Arbitrary<RecordSection[]> = fc
  .uniqueArray(
    plain<RecordSection>({
      number: fc.integer({ min: 4, max: 0xffff }),
      isSkippable: fc.constant(true),
      bytes: fc.uint8Array({ maxLength: 9 }),
    }),
    { selector: ({ number }) => number, maxLength: 3 },
  )
  .map((list) => list.sort((a, b) => a.number - b.number))

/** Small bounds, so that they are reached; a secret may hold more than they allow. */
export const limits: fc.Arbitrary<VaultLimits> = plain({
  versionsMax: fc.integer({ min: 2, max: 6 }),
  stageLabelsMax: fc.integer({ min: 2, max: 8 }),
}).map((chosen) => ({ ...DEFAULT_LIMITS, ...chosen }))

/** Bounds that nothing here reaches. */
export const ROOMY: VaultLimits = {
  secretValueBytesMax: 1,
  versionsMax: 100,
  stageLabelsMax: 64,
  secretsMax: 1,
}

export interface StateOptions {
  /** Every type; otherwise generic secrets alone. */
  readonly anyType?: boolean
}

interface Skeleton {
  readonly ids: string[]
  /** How many of the ids are of versions; the others are of tombstones. */
  readonly versions: number
  readonly gaps: number[]
  readonly statuses: VersionState['status'][]
  readonly current: number
  /** A version, by its place, for each of some labels. */
  readonly holders: readonly (readonly [label: string, place: number])[]
  readonly recent: number
}

const skeletons: fc.Arbitrary<Skeleton> = plain({
  ids: fc.uniqueArray(fc.constantFrom(...VERSION_IDS), { minLength: 1, maxLength: 10 }),
  versions: fc.integer({ min: 1, max: 8 }),
  gaps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 11, maxLength: 11 }),
  statuses: fc.array(
    fc.constantFrom<VersionState['status']>('Enabled', 'Enabled', 'Disabled', 'Destroyed'),
    { minLength: 10, maxLength: 10 },
  ),
  current: fc.nat({ max: 7 }),
  holders: fc.uniqueArray(fc.tuple(fc.constantFrom(...LABELS.slice(1)), fc.nat({ max: 7 })), {
    selector: ([label]) => label,
    maxLength: 6,
  }),
  recent: fc.integer({ min: 1, max: 9 }),
})

/** A state that passes `checkInvariants`. */
export function secretStates(options: StateOptions = {}): fc.Arbitrary<SecretState> {
  const type =
    options.anyType === true
      ? fc.oneof(
          { weight: 4, arbitrary: fc.constant('Generic' as const) },
          { weight: 1, arbitrary: fc.constantFrom(...SECRET_TYPES) },
        )
      : fc.constant('Generic' as const)
  const parts = plain({
    skeleton: skeletons,
    digests: fc.array(digests, { minLength: 11, maxLength: 11 }),
    hash: bytes(32),
    secretId: bytes(16),
    encryptionKeyId: bytes(16),
    secretType: type,
    createTime: times,
    updateTime: times,
    plannedDeleteTime: fc.option(times.map((time) => time + 1)),
    description: fc.string(),
    tags,
    generation: fc.integer({ min: 1, max: 2 ** 40 }),
    sections: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, sections),
  })
  return parts.map(({ skeleton, digests: values, hash, ...metadata }) => {
    const state: SecretState = {
      ...metadata,
      secretName: 'app/db',
      extendedConfig: '',
      previousHeadHash: hash,
      ...historyOf(skeleton, values, hash),
    }
    checkInvariants(state)
    return state
  })
}

type History = Pick<SecretState, 'nextNumber' | 'nextAutoId' | 'versions' | 'stages' | 'tombstones'>

function historyOf(skeleton: Skeleton, values: readonly Uint8Array[], hash: Uint8Array): History {
  const { ids, gaps, statuses, holders, recent } = skeleton
  const count = Math.min(skeleton.versions, ids.length)
  const current = skeleton.current % count
  const digestAt = (place: number): Uint8Array => values[place] ?? new Uint8Array(16)
  let number = 0
  const versions = ids.slice(0, count).map((versionId, place): VersionState => {
    number += gaps[place] ?? 1
    const status = place === current ? 'Enabled' : (statuses[place] ?? 'Enabled')
    const createTime = place * 1000
    const isGone = status === 'Destroyed'
    const recordHash = isGone ? new Uint8Array(32) : hash
    const valueDigest = isGone ? new Uint8Array(16) : digestAt(place)
    return { number, versionId, createTime, status, valueDigest, recordHash }
  })
  const placed = holders
    .map(([label, place]) => [label, place % count] as const)
    .filter(([label, place]) => label !== 'ACSPrevious' || place !== current)
  const stages = [['ACSCurrent', current] as const, ...placed]
    .map(([stage, place]): StagePointer => ({ stage, number: versions[place]?.number ?? 0 }))
    .sort((a, b) => (a.stage < b.stage ? -1 : 1))
  const tombstones = ids.slice(count).map((versionId, i): Tombstone => {
    const isGone = statuses[count + i] === 'Destroyed'
    return { versionId, valueDigest: isGone ? new Uint8Array(16) : digestAt(count + i) }
  })
  return {
    nextNumber: number + (gaps[10] ?? 1),
    nextAutoId: recent,
    versions,
    stages,
    tombstones: Tombstones.of(tombstones),
  }
}

/** Checks `property` {@link RUNS} times. */
export function check<Ts extends [unknown, ...unknown[]]>(
  arbitraries: { [I in keyof Ts]: fc.Arbitrary<Ts[I]> },
  property: (...values: Ts) => void,
): void {
  fc.assert(fc.property(...arbitraries, property), { numRuns: RUNS })
}
