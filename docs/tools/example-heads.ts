/** Heads that the vectors start from. */

import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { Tombstones } from '@stagevault/core/model/tombstones'
import { KEY_ID, LONG_ID, LONG_NAME, SECRET_ID, START_TIME } from './example-vault.js'
import { namedBytes } from './named-bytes.js'

const DAY_MS = 86_400_000

export function versionRow(
  number: number,
  versionId: string,
  change: Partial<VersionState> = {},
): VersionState {
  return {
    number,
    versionId,
    createTime: START_TIME + number - 1,
    status: 'Enabled',
    valueDigest: namedBytes(`value digest ${versionId}`, 16),
    recordHash: namedBytes(`record hash ${versionId}`, 32),
    ...change,
  }
}

/** A row of a destroyed version has neither digest nor hash. */
export const DESTROYED: Pick<VersionState, 'status' | 'valueDigest' | 'recordHash'> = {
  status: 'Destroyed',
  valueDigest: new Uint8Array(16),
  recordHash: new Uint8Array(32),
}

/** A secret as it is created. */
export const SMALL_HEAD: SecretState = {
  generation: 1,
  previousHeadHash: new Uint8Array(32),
  secretId: SECRET_ID,
  secretName: 'MyDbCreds',
  secretType: 'Generic',
  encryptionKeyId: KEY_ID,
  createTime: START_TIME,
  updateTime: START_TIME,
  plannedDeleteTime: null,
  description: '',
  extendedConfig: '',
  tags: [],
  nextNumber: 2,
  nextAutoId: 2,
  versions: [versionRow(1, 'v1')],
  stages: [{ stage: 'ACSCurrent', number: 1 }],
  tombstones: Tombstones.none,
  sections: [],
}

/** Two versions, with every kind of field in use: most of the faults start from it. */
export const GROWN_HEAD: SecretState = {
  ...SMALL_HEAD,
  generation: 3,
  previousHeadHash: namedBytes('previous head', 32),
  updateTime: START_TIME + 2,
  description: 'D\u00e4tenbank',
  extendedConfig: '{"customData":{"team":"a"}}',
  tags: [
    { tagKey: 'env', tagValue: 'prod' },
    { tagKey: 'team', tagValue: '' },
  ],
  nextNumber: 4,
  nextAutoId: 4,
  versions: [versionRow(2, 'v2'), versionRow(3, 'v3')],
  stages: [
    { stage: 'ACSCurrent', number: 3 },
    { stage: 'ACSPrevious', number: 2 },
  ],
  tombstones: Tombstones.of([{ versionId: 'v1', valueDigest: namedBytes('value digest v1', 16) }]),
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i + 1))
}

function padded(number: number): string {
  return String(number).padStart(3, '0')
}

/** Everything that the format can hold, but for what would be long to print: 100 versions, say. */
export const FULL_HEAD: SecretState = {
  ...GROWN_HEAD,
  generation: 2 ** 53 - 1,
  secretName: LONG_NAME,
  secretType: 'PolarDB',
  plannedDeleteTime: START_TIME + 30 * DAY_MS,
  description: '\u20ac'.repeat(2048),
  extendedConfig: `"${'\u20ac'.repeat(1022)}"`,
  tags: numbered(20, (i) => ({
    tagKey: `${padded(i)}${'k'.repeat(125)}`,
    tagValue: '/\\_-.+=:@'.padEnd(128, 'v'),
  })),
  nextNumber: 0xffff_ffff,
  nextAutoId: 2 ** 53 - 1,
  versions: [
    versionRow(1, LONG_ID),
    versionRow(2, 'disabled', { status: 'Disabled' }),
    versionRow(3, 'destroyed', DESTROYED),
    ...numbered(7, (i) => versionRow(i + 3, `v${String(i)}`)),
  ],
  stages: [
    { stage: 'ACSCurrent', number: 10 },
    { stage: 'ACSPending', number: 9 },
    { stage: 'ACSPrevious', number: 8 },
    ...numbered(5, (i) => ({ stage: `${'l'.repeat(63)}${String(i)}`, number: i })),
  ],
  tombstones: Tombstones.of(
    numbered(32, (i) => ({
      versionId: `t${String(i)}`,
      valueDigest: namedBytes(`tombstone ${String(i)}`, 16),
    })),
  ),
  sections: numbered(16, (i) => ({
    number: 0xffff - 16 + i,
    isSkippable: true,
    bytes: namedBytes(`section ${String(i)}`, i - 1),
  })),
}
