/** One codec of each kind, with facts to encode and the place the record is kept at. */

import fc from 'fast-check'
import { VaultError } from '@stagevault/core/errors'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import type { VaultLimits } from '@stagevault/core/limits'
import { LIMIT_RANGES } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { Kek } from '@stagevault/core/records/envelope'
import { openVersion, parseVersion, sealVersion } from '@stagevault/core/records/envelope'
import type { DeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openDeletionEntry, sealDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openHead, sealHead } from '@stagevault/core/records/head-record'
import { openKeyring, sealKeyring } from '@stagevault/core/records/keyring-record'
import {
  DESCRIPTOR_KEY,
  KEYRING_KEY,
  POLICY_GENERATION_MAX,
  ROOT_KEY,
  deletionKey,
  headKey,
  nameKey,
  slotKey,
} from '@stagevault/core/records/layout'
import { openName, sealName } from '@stagevault/core/records/name-record'
import { withPolicy } from '@stagevault/core/records/secret-policy'
import type { NewSlot } from '@stagevault/core/records/unlock-slot'
import {
  authenticateSlot,
  openSlot,
  parseSlot,
  sealSlot,
  slotAccepts,
} from '@stagevault/core/records/unlock-slot'
import {
  authenticateDescriptor,
  parseDescriptor,
  sealDescriptor,
} from '@stagevault/core/records/vault-descriptor'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot, withAccessTag } from '@stagevault/core/records/vault-root'
import { secretStates } from '../property/arbitrary-state.js'
import { anyWellFormedText } from '../support/arbitrary-text.js'
import { TEST_KEYS, TEST_PRIMITIVES as primitives, someBytes } from '../support/record-keys.js'
import { ACCESS_CODECS } from './sample-access-records.js'
import type { Codec } from './codec.js'
import { bytes, plain } from './codec.js'

const CHARSET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+=.@-'
const name = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(CHARSET)), minLength: 1, maxLength })
const scopePart = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', '9', '_', '-'),
  minLength: 1,
  maxLength: 64,
})
const suite = fc.constantFrom<SuiteId>(1, 2)
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })

/** A generation of a secret's policy, with its record; `null` for a policy that was removed. */
const pins = fc.option(
  fc.tuple(fc.integer({ min: 1, max: POLICY_GENERATION_MAX }), fc.option(bytes(40))),
)

/** States as operations leave them, with free text of any kind. */
const states: fc.Arbitrary<SecretState> = fc
  .tuple(
    secretStates({ anyType: true }),
    name(192),
    anyWellFormedText(2048),
    anyWellFormedText(300),
    pins,
  )
  .map(([state, secretName, description, extendedConfig, pin]) => ({
    ...(pin === null ? state : withPolicy(state, ...pin)),
    secretName,
    description,
    extendedConfig,
    tags: state.tags.map((tag) => ({ ...tag, tagValue: tag.tagValue.replace(/[^!-~]/g, '') })),
  }))

const head: Codec<SecretState> = {
  name: 'head',
  facts: states,
  place: (state) => headKey(state.secretName),
  seal: (state) => sealHead(TEST_KEYS, state),
  open: (record, state) => openHead(TEST_KEYS, state.secretName, record),
  end: 'mac',
}

const limit = (name: keyof VaultLimits): fc.Arbitrary<number> => {
  const [min, max] = LIMIT_RANGES[name]
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
}

/** Without sections, or with the one that is known. */
const root: Codec<VaultRoot> = {
  name: 'root',
  facts: plain<VaultRoot>({
    epoch: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    secretCount: fc.maxSafeNat(),
    keyringGeneration: fc.maxSafeNat(),
    keyringTag: bytes(16),
    limits: plain<VaultLimits>({
      secretValueBytesMax: limit('secretValueBytesMax'),
      versionsMax: limit('versionsMax'),
      stageLabelsMax: limit('stageLabelsMax'),
      secretsMax: limit('secretsMax'),
    }),
    sections: fc.option(bytes(16)).map((tag) => (tag === null ? [] : withAccessTag([], tag))),
  }),
  place: () => ROOT_KEY,
  seal: (facts) => sealRoot(TEST_KEYS, facts),
  open: (record) => openRoot(TEST_KEYS, record),
  end: 'mac',
}

const nameRecord: Codec<{ secretName: string; secretId: Uint8Array }> = {
  name: 'name',
  facts: plain({ secretName: name(192), secretId: bytes(16) }),
  place: ({ secretName }) => nameKey(secretName),
  seal: ({ secretName, secretId }) => sealName(TEST_KEYS, secretName, secretId),
  open: (record, { secretName }) => ({
    secretName,
    secretId: openName(TEST_KEYS, secretName, record),
  }),
  end: 'mac',
}

interface DueFacts {
  readonly time: number
  readonly secretId: Uint8Array
  readonly entry: DeletionEntry
}

const due: Codec<DueFacts> = {
  name: 'deletion entry',
  facts: plain<DueFacts>({
    time,
    secretId: bytes(16),
    entry: plain<DeletionEntry>({ secretName: name(192), lookTime: fc.maxSafeNat() }),
  }),
  place: (facts) => deletionKey(facts.time, facts.secretId),
  seal: ({ time: at, secretId, entry }) => sealDeletionEntry(TEST_KEYS, at, secretId, entry),
  open: (record, { time: at, secretId }) => ({
    time: at,
    secretId,
    entry: openDeletionEntry(TEST_KEYS, deletionKey(at, secretId), record),
  }),
  end: 'mac',
}

const wrappedKek = plain({
  keyVersion: fc.integer({ min: 1, max: 0xffff_ffff }),
  createTime: time,
  check: bytes(16),
  salt: bytes(32),
  wrapped: bytes(48),
})

type Keyring = ReturnType<typeof openKeyring>

/** Distinct and in order, by a first byte that is their place. */
const slotIds = fc
  .array(bytes(16), { maxLength: 32 })
  .map((ids) => ids.map((id, i) => Uint8Array.of(i, ...id.subarray(1))))

const keyring: Codec<Keyring> = {
  name: 'keyring',
  facts: plain<Keyring>({
    generation: fc.maxSafeNat(),
    defaultKeyId: bytes(16),
    keys: fc.uniqueArray(
      plain<Keyring['keys'][number]>({
        keyId: bytes(16),
        primaryVersion: fc.integer({ min: 0, max: 0xffff_ffff }),
        versions: fc
          .uniqueArray(wrappedKek, { maxLength: 4, selector: (kek) => kek.keyVersion })
          .map((keks) => keks.sort((a, b) => a.keyVersion - b.keyVersion)),
      }),
      { maxLength: 4, selector: ({ keyId }) => keyId.join() },
    ),
    slotIds,
  }),
  place: () => KEYRING_KEY,
  seal: (facts) => sealKeyring(TEST_KEYS, facts),
  open: (record) => openKeyring(TEST_KEYS, record),
  end: 'mac',
}

type Descriptor = ReturnType<typeof parseDescriptor>

const descriptor: Codec<Descriptor> = {
  name: 'descriptor',
  facts: plain<Descriptor>({
    vaultId: bytes(16),
    createTime: time,
    suite,
    region: scopePart,
    accountId: scopePart,
  }),
  place: () => DESCRIPTOR_KEY,
  seal: (facts) => sealDescriptor(TEST_KEYS, facts),
  open: (record) => {
    const facts = parseDescriptor(primitives, record)
    authenticateDescriptor(TEST_KEYS, record)
    return facts
  },
  end: 'mac and checksum',
}

interface SlotFacts {
  readonly slot: NewSlot
  readonly rootKey: Uint8Array
}

const SLOT_SECRET = someBytes(32, 9)
const kdf = fc.oneof(
  fc.constant({ kind: 'raw-key' as const }),
  plain({
    kind: fc.constant('passphrase' as const),
    logN: fc.integer({ min: 15, max: 20 }),
    salt: bytes(16),
  }),
  plain({
    kind: fc.constant('provider' as const),
    provider: name(64),
    data: fc.uint8Array({ minLength: 1, maxLength: 100 }),
  }),
)

const slot: Codec<SlotFacts> = {
  name: 'unlock slot',
  facts: plain<SlotFacts>({
    slot: plain<SlotFacts['slot']>({
      slotId: bytes(16),
      suite,
      createTime: time,
      kdf,
      salt: bytes(32),
      description: anyWellFormedText(128),
    }),
    rootKey: bytes(32),
  }),
  place: (facts) => slotKey(facts.slot.slotId),
  seal: (facts) => sealSlot(TEST_KEYS, facts.slot, SLOT_SECRET, facts.rootKey),
  open: (record, facts) => {
    const parsed = parseSlot(primitives, slotKey(facts.slot.slotId), record)
    // What the vault takes for a wrong key; here the key is right, so the record is not.
    if (!slotAccepts(primitives, parsed, SLOT_SECRET)) {
      throw new VaultError('DECRYPTION_FAILED', 'the key does not fit')
    }
    const rootKey = openSlot(primitives, TEST_KEYS.vaultId, parsed, SLOT_SECRET)
    authenticateSlot(TEST_KEYS, slotKey(facts.slot.slotId), record)
    const { check, wrapped, ...found } = parsed
    return { slot: found, rootKey }
  },
  end: 'mac and checksum',
}

interface VersionFacts {
  readonly suite: SuiteId
  readonly versionId: string
  readonly number: number
  readonly createTime: number
  readonly value: { readonly type: 'text' | 'binary'; readonly bytes: Uint8Array }
}

const KEK: Kek = {
  keyId: someBytes(16, 5),
  keyVersion: 3,
  key: someBytes(32, 6),
  hedgeKey: someBytes(32, 7),
}
const addressOf = ({ number, versionId }: VersionFacts): Parameters<typeof openVersion>[3] => ({
  vaultId: TEST_KEYS.vaultId,
  secretId: someBytes(16, 8),
  number,
  versionId,
})

const version: Codec<VersionFacts> = {
  name: 'version',
  facts: plain<VersionFacts>({
    suite,
    versionId: name(64),
    number: fc.integer({ min: 1, max: 0xffff_ffff }),
    createTime: time,
    value: plain<VersionFacts['value']>({
      type: fc.constantFrom('text', 'binary'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    }),
  }),
  place: () => 'version!',
  seal: (facts) => {
    const { suite: id, createTime, value } = facts
    const digest = someBytes(32, 4)
    const toSeal = { suite: id, address: addressOf(facts), createTime, value, digest }
    return sealVersion(primitives, KEK, toSeal, someBytes(64, 10))
  },
  open: (record, facts) => {
    const sealed = parseVersion(record)
    const value = openVersion(primitives, facts.suite, KEK, addressOf(facts), sealed)
    const { versionId, createTime } = sealed
    return { suite: facts.suite, versionId, number: facts.number, createTime, value }
  },
  end: 'hash in the head',
}

export const CODECS: readonly Codec<unknown>[] = [
  head,
  root,
  nameRecord,
  due,
  keyring,
  descriptor,
  slot,
  version,
  ...ACCESS_CODECS,
] as readonly unknown[] as readonly Codec<unknown>[]
