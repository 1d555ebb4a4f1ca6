/**
 * Random operations over a small alphabet, so that they meet: three names, few version ids, the
 * same values again and again. A version id that begins with `#` stands for a version that the
 * model has when the operation comes to run: see {@link resolveVersions}.
 */

import fc from 'fast-check'
import type { FilterKey, Tag } from 'stagevault'
import { ARN_PREFIX } from './naive-reads.js'
import type { NaiveStore } from './naive-reads.js'
import { holderOf } from './naive-secret.js'
import type { Operation, OperationName } from './operation.js'

/** One name is used more than all others, so that some secrets see a long history. */
export const BUSY_NAME = 'app/db'
const CUSTOM_LABELS = ['blue', 'green', 'red', 'ACSNext', 'l5', 'l6', 'l7', 'l8']

const newName = fc.constantFrom(BUSY_NAME, 'b', '__proto__')
const name = fc.oneof(
  { weight: 40, arbitrary: fc.constant(BUSY_NAME) },
  { weight: 20, arbitrary: newName },
  { weight: 4, arbitrary: fc.constant(ARN_PREFIX + BUSY_NAME) },
  { weight: 1, arbitrary: fc.constant('no name!') },
)
const value = fc.constantFrom<string | Uint8Array>('one', 'two', new TextEncoder().encode('one'))
const literalId = fc.constantFrom('v1', 'v2', 'v3', 'v5', 'v40', 'x', 'y')
const existingId = fc.constantFrom('#0', '#1', '#2', '#3', '#4', '#5', '#6')
const versionId = fc.oneof(
  { weight: 8, arbitrary: existingId },
  { weight: 2, arbitrary: literalId },
)
const customLabel = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CUSTOM_LABELS.slice(0, 3)) },
  { weight: 1, arbitrary: fc.constantFrom(...CUSTOM_LABELS) },
)
const label = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ACSCurrent', 'ACSPrevious') },
  { weight: 6, arbitrary: customLabel },
  { weight: 1, arbitrary: fc.constantFrom('ACSPending', 'acsCurrent') },
)
const putLabels = fc.oneof(
  { weight: 6, arbitrary: fc.uniqueArray(customLabel, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: customLabel.map((custom) => ['ACSCurrent', custom]) },
  { weight: 1, arbitrary: fc.subarray(CUSTOM_LABELS, { minLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [],
      ['blue', 'blue'],
      ['blue', 'ACSPrevious'],
      ['ACSPending'],
      ['ACSCURRENT'],
    ),
  },
)
const description = fc.constantFrom('', 'Main database', 'cache')
const customData = fc.constantFrom<Record<string, string>>({}, { k: '1' }, { k: '2', l: '' })
const tag: fc.Arbitrary<Tag> = fc.record({
  tagKey: fc.constantFrom('env', 'team', 'K'),
  tagValue: fc.constantFrom('prod', 'dev', ''),
})
/** Whole groups of tags, so that 20 are reached. */
const tagGroup = fc
  .nat({ max: 3 })
  .map((group) => Array.from({ length: 12 }, (_, i) => ({ tagKey: `t${group}${i}`, tagValue: '' })))
const tags = fc.oneof(
  { weight: 1, arbitrary: fc.uniqueArray(tag, { minLength: 1, selector: (t) => t.tagKey }) },
  { weight: 1, arbitrary: tagGroup },
)
const filter = fc.oneof(
  filterOf('SecretName', ['APP', 'b', 'proto', 'q']),
  filterOf('Description', ['data', 'CACHE']),
  filterOf('TagKey', ['env', 'k', 'K']),
  filterOf('TagValue', ['prod', 'pro']),
  filterOf('SecretType', ['Generic', 'Rds']),
)
/** Of names in use, from none of their characters to all. */
const prefix = fc
  .tuple(fc.oneof(name, newName), fc.nat({ max: 8 }))
  .map(([text, length]) => text.slice(0, length))
const pageSize = fc.constantFrom(1, 2, 100, 0, 101)

function filterOf(key: FilterKey, values: string[]) {
  const some = fc.subarray(values, { minLength: 1 })
  return some.map((chosen) => ({ key, values: chosen }))
}

type Optional = fc.Arbitrary<unknown>

/** A request with fields that are always there and others that are there one time in `n`. */
function request(
  always: Readonly<Record<string, Optional>>,
  sometimes: Readonly<Record<string, readonly [n: number, field: Optional]>> = {},
): fc.Arbitrary<object> {
  const options = Object.entries(sometimes).map(([key, [n, field]]) => {
    const rarely = fc.nat({ max: n - 1 }).chain((i) => (i === 0 ? field : fc.constant(undefined)))
    return [key, rarely] as const
  })
  const all = fc.record({ ...always, ...Object.fromEntries(options) })
  return all.map((fields) =>
    Object.fromEntries(Object.entries(fields).filter(([, given]) => given !== undefined)),
  )
}

/** Of each operation a weight and its requests. */
const REQUESTS: Readonly<Record<OperationName, readonly [number, fc.Arbitrary<object>]>> = {
  createSecret: [
    8,
    request(
      { secretName: fc.oneof(name, newName), secretData: value },
      {
        versionId: [4, literalId],
        description: [3, description],
        tags: [3, tags],
        extendedConfig: [4, customData.map((pairs) => ({ customData: pairs }))],
      },
    ),
  ],
  putSecretValue: [
    24,
    request(
      { secretName: name, secretData: value },
      {
        versionId: [3, fc.oneof(literalId, existingId, fc.constantFrom('#gone0', '#gone1'))],
        versionStages: [2, putLabels],
        expectedCurrentVersionId: [6, fc.oneof(fc.constant('#current'), versionId)],
      },
    ),
  ],
  getSecretValue: [
    6,
    request({ secretName: name }, { versionId: [2, versionId], versionStage: [2, label] }),
  ],
  batchGetSecretValue: [
    2,
    request({
      secretsList: fc.array(
        request({ secretName: newName }, { versionId: [3, versionId], versionStage: [3, label] }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  ],
  updateSecret: [
    3,
    request({ secretName: name }, { description: [2, description], customData: [2, customData] }),
  ],
  updateSecretVersionStage: [
    18,
    request(
      { secretName: name, versionStage: label },
      {
        removeFromVersion: [3, fc.oneof(fc.constant('#holder'), versionId)],
        moveToVersion: [1, fc.option(versionId, { freq: 5, nil: undefined })],
      },
    ),
  ],
  describeSecret: [2, request({ secretName: name })],
  walkSecrets: [
    4,
    request(
      {},
      {
        secretNamePrefix: [3, prefix],
        filters: [2, fc.array(filter, { maxLength: 2 })],
        pageSize: [2, pageSize],
      },
    ),
  ],
  walkVersions: [
    3,
    request(
      { secretName: name },
      { includeDeprecated: [2, fc.boolean()], pageSize: [2, pageSize] },
    ),
  ],
  deleteSecret: [
    4,
    request(
      { secretName: name },
      {
        recoveryWindowInDays: [2, fc.constantFrom(7, 8, 30, 6, 31)],
        forceDeleteWithoutRecovery: [4, fc.boolean()],
      },
    ),
  ],
  restoreSecret: [6, request({ secretName: name })],
  tagResource: [4, request({ secretName: name, tags })],
  untagResource: [
    3,
    request({
      secretName: name,
      tagKeys: fc.uniqueArray(fc.constantFrom('env', 'team', 'K', 't10'), { minLength: 1 }),
    }),
  ],
  disableVersion: [6, request({ secretName: name, versionId })],
  enableVersion: [4, request({ secretName: name, versionId })],
  destroyVersion: [5, request({ secretName: name, versionId })],
  renameSecret: [4, request({ secretName: name, newSecretName: newName })],
  updateVaultSettings: [
    2,
    request({
      limits: request(
        {},
        {
          versionsMax: [2, fc.integer({ min: 2, max: 4 })],
          stageLabelsMax: [2, fc.integer({ min: 2, max: 4 })],
          secretsMax: [2, fc.integer({ min: 0, max: 4 })],
        },
      ),
    }),
  ],
  sweep: [1, fc.constant({})],
}

/** Operations of these kinds, or of all, as often as their weights say. */
export function operations(kinds: readonly OperationName[]): fc.Arbitrary<Operation> {
  return fc.oneof(
    ...kinds.map((kind) => {
      const [weight, arbitrary] = REQUESTS[kind]
      const named = arbitrary.map((fields) => ({ name: kind, request: fields }) as Operation)
      return { weight, arbitrary: named }
    }),
  )
}

export const EVERY_OPERATION = Object.keys(REQUESTS) as OperationName[]

/**
 * The operation with real version ids: `#3` is the fourth version of its secret (counted round),
 * `#current` the current one, `#holder` the one that carries the label in question, `#gone0` the
 * one that was evicted last.
 */
export function resolveVersions(operation: Operation, store: NaiveStore): Operation {
  const resolved = resolveFields(operation.request as Fields, store)
  return { name: operation.name, request: resolved } as unknown as Operation
}

type Fields = Readonly<Record<string, unknown>>

function resolveFields(fields: Fields, store: NaiveStore): Fields {
  const entries = Object.entries(fields).map(([key, given]): [string, unknown] => {
    if (key === 'secretsList') {
      return [key, (given as Fields[]).map((item) => resolveFields(item, store))]
    }
    const isVersion = typeof given === 'string' && given.startsWith('#')
    return [key, isVersion ? resolveVersion(given.slice(1), fields, store) : given]
  })
  return Object.fromEntries(entries)
}

function resolveVersion(reference: string, fields: Fields, store: NaiveStore): string {
  const secret = store.secrets.find(({ secretName }) => secretName === fields['secretName'])
  if (secret === undefined) return 'v1'
  if (reference === 'current') return holderOf(secret, 'ACSCurrent')?.versionId ?? 'v1'
  if (reference === 'holder') {
    return holderOf(secret, String(fields['versionStage']))?.versionId ?? 'v1'
  }
  const { versions, evicted } = secret
  if (reference.startsWith('gone')) {
    return evicted.at(-1 - Number(reference.slice('gone'.length)))?.versionId ?? 'v1'
  }
  return versions[Number(reference) % versions.length]?.versionId ?? 'v1'
}
