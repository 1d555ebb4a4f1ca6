/** The end of the ordinals: they are stored in 32 bits, and none is ever used again. */

import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { PutPlan } from '@stagevault/core/model/versions'
import { planPut } from '@stagevault/core/model/versions'
import { openHead, sealHead } from '@stagevault/core/records/head-record'
import { expectFailure } from '../support/failures.js'
import { TEST_KEYS, someBytes } from '../support/record-keys.js'

const U32_MAX = 0xffff_ffff

function secret(change: Partial<SecretState>): SecretState {
  const { next } = planCreate(
    {
      secretId: someBytes(16, 1),
      secretName: 'S',
      secretType: 'Generic',
      encryptionKeyId: someBytes(16, 2),
      description: '',
      tags: [],
      extendedConfig: '',
      now: 0,
    },
    'v1',
    someBytes(16, 3),
    DEFAULT_LIMITS,
  )
  const versions = next.versions.map((version) => ({ ...version, recordHash: someBytes(32, 4) }))
  return { ...next, versions, ...change }
}

function put(state: SecretState): PutPlan {
  return planPut(
    state,
    {
      versionId: 'mine',
      stages: ['ACSCurrent'],
      valueDigest: someBytes(16, 5),
      expectedCurrentVersionId: null,
      now: 1,
    },
    DEFAULT_LIMITS,
  )
}

describe('the last version number', () => {
  it('is used, stored and read', () => {
    const plan = put(secret({ nextNumber: U32_MAX - 1 }))
    if (plan.kind !== 'store') throw new Error('nothing is stored')
    expect(plan.number).toBe(U32_MAX - 1)
    const versions = plan.next.versions.map((each) => ({ ...each, recordHash: someBytes(32, 4) }))
    const state = { ...plan.next, versions }
    expect(openHead(TEST_KEYS, 'S', sealHead(TEST_KEYS, state)).nextNumber).toBe(U32_MAX)
  })

  it('has none after it: VERSION_LIMIT, and not a number that was used', () => {
    expectFailure(() => put(secret({ nextNumber: U32_MAX })), 'VERSION_LIMIT')
    expectFailure(() => put(secret({ nextNumber: U32_MAX + 1 })), 'VERSION_LIMIT')
  })
})

describe('a head is checked before it is written', () => {
  it.each<readonly [string, Partial<SecretState>]>([
    ['no current version', { stages: [] }],
    ['a label on no version', { stages: [{ stage: 'ACSCurrent', number: 9 }] }],
    ['the next number is taken', { nextNumber: 1 }],
    ['generation 0', { generation: 0 }],
    [
      'tags out of order',
      {
        tags: [
          { tagKey: 'b', tagValue: '' },
          { tagKey: 'a', tagValue: '' },
        ],
      },
    ],
  ])('%s', (_what, change) => {
    sealHead(TEST_KEYS, secret({}))
    expectFailure(() => sealHead(TEST_KEYS, secret(change)), 'MALFORMED_RECORD')
  })

  it('a version without hash or digest, or destroyed with one of them', () => {
    const [version] = secret({}).versions
    if (version === undefined) throw new Error('there is no version')
    const [recordHash, valueDigest] = [new Uint8Array(32), new Uint8Array(16)]
    for (const forgotten of [{ recordHash }, { valueDigest }]) {
      const versions = [{ ...version, ...forgotten }]
      expectFailure(() => sealHead(TEST_KEYS, secret({ versions })), 'MALFORMED_RECORD')
    }
    const second = { ...version, number: 2, versionId: 'v2', status: 'Destroyed' as const }
    const withSecond = (change: Partial<VersionState>): SecretState =>
      secret({ versions: [version, { ...second, ...change }], nextNumber: 3 })
    for (const kept of [{}, { recordHash }, { valueDigest }]) {
      expectFailure(() => sealHead(TEST_KEYS, withSecond(kept)), 'MALFORMED_RECORD')
    }
    sealHead(TEST_KEYS, withSecond({ recordHash, valueDigest }))
  })
})
