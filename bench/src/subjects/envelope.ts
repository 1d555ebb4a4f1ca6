/** The envelope of a version: the whole construction next to one bare AEAD call. */
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { SUITE_AES_256_GCM, SUITE_CHACHA20_POLY1305 } from '@stagevault/core/crypto/primitives'
import { digestValue } from '@stagevault/core/model/value'
import type { Kek, VersionToSeal } from '@stagevault/core/records/envelope'
import {
  SEAL_RANDOM_BYTES,
  openVersion,
  parseVersion,
  sealVersion,
} from '@stagevault/core/records/envelope'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import type { PrepareSuite } from '../suite.js'
import { nodePrimitives } from '../unpublished.js'

const VAULT_ID = payloadBytes(16, 'vault')
const SECRET_ID = payloadBytes(16, 'secret')
const RANDOM = payloadBytes(SEAL_RANDOM_BYTES, 'random')
const KEK: Kek = {
  keyId: payloadBytes(16, 'key'),
  keyVersion: 1,
  key: payloadBytes(32, 'kek'),
  hedgeKey: payloadBytes(32, 'hedge'),
}

interface Variant {
  readonly name: string
  readonly primitives: Primitives
  readonly suite: SuiteId
}

const VARIANTS: readonly [Variant, ...Variant[]] = [
  { name: 'node, ChaCha20', primitives: nodePrimitives, suite: SUITE_CHACHA20_POLY1305 },
  { name: 'noble, ChaCha20', primitives: noblePrimitives, suite: SUITE_CHACHA20_POLY1305 },
  { name: 'node, AES-GCM', primitives: nodePrimitives, suite: SUITE_AES_256_GCM },
  { name: 'noble, AES-GCM', primitives: noblePrimitives, suite: SUITE_AES_256_GCM },
]

function versionOf(suite: SuiteId, bytes: number): VersionToSeal {
  const value = { type: 'text', bytes: payloadBytes(bytes, 'value') } as const
  const address = { vaultId: VAULT_ID, secretId: SECRET_ID, number: 42, versionId: 'v42' }
  const hmac: Primitives['hmacSha256'] = (...message) => nodePrimitives.hmacSha256(...message)
  const digest = digestValue(hmac, KEK.hedgeKey, address, value)
  return { suite, address, createTime: Date.UTC(2025, 0, 1), value, digest }
}

function sealSubject({ name, primitives, suite }: Variant, bytes: number): Subject {
  const version = versionOf(suite, bytes)
  const seal = (): Uint8Array => sealVersion(primitives, KEK, version, RANDOM)
  return {
    kind: 'sync',
    name: `sealVersion, ${name}`,
    run: seal,
    verify: () => {
      // Both implementations have to produce the same bytes; opening is checked too.
      check(isSameBytes(seal(), sealVersion(nodePrimitives, KEK, version, RANDOM)), 'other bytes')
    },
  }
}

function openSubject({ name, primitives, suite }: Variant, bytes: number): Subject {
  const version = versionOf(suite, bytes)
  const record = sealVersion(nodePrimitives, KEK, version, RANDOM)
  const open = () => openVersion(primitives, suite, KEK, version.address, parseVersion(record))
  return {
    kind: 'sync',
    name: `openVersion, ${name}`,
    run: open,
    verify: () => {
      check(isSameBytes(open().bytes, version.value.bytes), 'another value')
    },
  }
}

function rawSubject(kind: 'seal' | 'open', bytes: number): Subject {
  const { seal, open } = createRawAead()
  const plaintext = payloadBytes(bytes, 'value')
  const box = seal(plaintext)
  return {
    kind: 'sync',
    name: `node:crypto ${kind}, one ChaCha20-Poly1305`,
    run: kind === 'seal' ? () => seal(plaintext) : () => open(box),
    verify: () => {
      check(isSameBytes(open(seal(plaintext)), plaintext), 'another plaintext')
    },
  }
}

function compare(kind: 'seal' | 'open', bytes: number): Comparison {
  const subjectOf = (variant: Variant): Subject =>
    kind === 'seal' ? sealSubject(variant, bytes) : openSubject(variant, bytes)
  const [first, ...others] = VARIANTS
  return {
    title: `envelope, ${kind} ${sizeName(bytes)}`,
    subjects: [subjectOf(first), rawSubject(kind, bytes), ...others.map(subjectOf)],
  }
}

export const prepareEnvelope: PrepareSuite = ({ scale }) =>
  Promise.resolve({
    name: 'envelope',
    comparisons: scale.payloadBytes.flatMap((bytes) => [
      compare('seal', bytes),
      compare('open', bytes),
    ]),
    close: () => Promise.resolve(),
  })
