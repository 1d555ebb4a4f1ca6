/** The pure core: decisions and byte formats, no storage and no waiting. */
import { isDeepStrictEqual } from 'node:util'
import {
  dekWrapContext,
  recordMacContext,
  valueContext,
} from '@stagevault/core/crypto/associated-data'
import type { VersionAddress } from '@stagevault/core/crypto/associated-data'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { STAGE_CURRENT } from '@stagevault/core/names'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { currentVersion } from '@stagevault/core/model/secret-state'
import type { PutPlan, PutRequest } from '@stagevault/core/model/versions'
import { nextVersionId, planPut, withRecordHash } from '@stagevault/core/model/versions'
import { openHead, sealHead } from '@stagevault/core/records/head-record'
import { headKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes } from '../payloads.js'
import type { PrepareSuite } from '../suite.js'
import { nodePrimitives } from '../unpublished.js'

const NAME = 'app/service/credentials'
const NOW = Date.UTC(2025, 0, 1)

function nextPut(state: SecretState): PutRequest {
  const versionId = nextVersionId(state)
  return {
    versionId,
    stages: [STAGE_CURRENT],
    valueDigest: payloadBytes(16, versionId),
    expectedCurrentVersionId: null,
    now: NOW,
  }
}

/** The state of a plan as if its new version had been sealed. */
function sealed(plan: PutPlan): SecretState {
  if (plan.kind !== 'store') throw new TypeError('a new version is stored')
  return withRecordHash(plan.next, plan.number, payloadBytes(32, String(plan.number)))
}

/** A secret that was put `puts` times. */
function settledState(puts: number): SecretState {
  const secret = {
    secretId: payloadBytes(16, 'secret'),
    secretName: NAME,
    secretType: 'Generic',
    encryptionKeyId: payloadBytes(16, 'key'),
    description: '',
    tags: [],
    extendedConfig: '',
    now: NOW,
  } as const
  let plan: PutPlan = planCreate(secret, 'v1', payloadBytes(16, 'v1'), DEFAULT_LIMITS)
  for (let i = 0; i < puts; i++) {
    const state = sealed(plan)
    plan = planPut(state, nextPut(state), DEFAULT_LIMITS)
  }
  return sealed(plan)
}

function planSubject(state: SecretState): Subject {
  const request = nextPut(state)
  const before = JSON.stringify(state)
  return {
    kind: 'sync',
    name: 'planPut',
    run: () => planPut(state, request, DEFAULT_LIMITS),
    verify: () => {
      const plan = planPut(state, request, DEFAULT_LIMITS)
      check(plan.kind === 'store' && plan.evicted.length === 1, 'nothing evicted')
      const current = plan.kind === 'store' ? currentVersion(plan.next).versionId : null
      check(current === request.versionId, 'another version is current')
      check(JSON.stringify(state) === before, 'a plan changed what it was given')
    },
  }
}

function headComparisons(state: SecretState): Comparison[] {
  const vaultId = payloadBytes(16, 'vault')
  const macKey = payloadBytes(32, 'mac')
  const keysOf = (primitives: Primitives): RecordKeys => ({ primitives, vaultId, macKey })
  const [node, noble] = [keysOf(nodePrimitives), keysOf(noblePrimitives)]
  const record = sealHead(node, state)
  const seal = (name: string, keys: RecordKeys): Subject => ({
    kind: 'sync',
    name: `sealHead, ${name}`,
    run: () => sealHead(keys, state),
    verify: () => {
      check(isSameBytes(sealHead(keys, state), record), 'another record')
    },
  })
  const open = (name: string, keys: RecordKeys): Subject => ({
    kind: 'sync',
    name: `openHead, ${name}`,
    run: () => openHead(keys, NAME, record),
    verify: () => {
      check(isDeepStrictEqual(openHead(keys, NAME, record), state), 'another state')
    },
  })
  const size = `head of ${record.length} bytes`
  return [
    { title: `seal a ${size}`, subjects: [seal('node', node), seal('noble', noble)] },
    { title: `open a ${size}`, subjects: [open('node', node), open('noble', noble)] },
  ]
}

function contextComparison(): Comparison {
  const vaultId = payloadBytes(16, 'vault')
  const address: VersionAddress = {
    vaultId,
    secretId: payloadBytes(16, 'secret'),
    number: 42,
    versionId: 'v42',
  }
  const kek = { keyId: payloadBytes(16, 'key'), keyVersion: 1, salt: payloadBytes(32, 'salt') }
  const value = { contentType: 0, createTime: NOW, padding: 0 }
  const suite = SUITE_CHACHA20_POLY1305
  const other: VersionAddress = { ...address, number: 43 }
  const encoding = (name: string, of: (address: VersionAddress) => Uint8Array): Subject => ({
    kind: 'sync',
    name,
    run: () => of(address),
    verify: () => {
      const context = Buffer.from(of(address))
      check(context.subarray(0, 5).toString('latin1') === 'slv1\0', 'another magic')
      check(context.includes(Buffer.from(vaultId)), 'not bound to the vault')
      check(isSameBytes(of({ ...address }), context), 'two encodings of the same facts')
      check(!isSameBytes(of(other), context), 'not bound to the version')
    },
  })
  return {
    title: 'encode a context',
    subjects: [
      encoding('dekWrapContext', (each) => dekWrapContext(suite, each, kek)),
      encoding('valueContext', (each) => valueContext(suite, each, value)),
      encoding('recordMacContext', (each) =>
        recordMacContext(vaultId, headKey(`${NAME}${each.number}`)),
      ),
    ],
  }
}

export const prepareCore: PrepareSuite = ({ scale }) => {
  const state = settledState(scale.settlingPuts)
  return Promise.resolve({
    name: 'core',
    comparisons: [
      { title: 'decide a put', subjects: [planSubject(state)] },
      ...headComparisons(state),
      contextComparison(),
    ],
    close: () => Promise.resolve(),
  })
}
