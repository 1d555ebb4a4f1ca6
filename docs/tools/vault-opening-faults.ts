/** Cases of opening a whole vault: what its descriptor, slots, keyring and root can have wrong. */

import { toHex } from '@stagevault/core/bytes'
import { openKeyring, sealKeyring } from '@stagevault/core/records/keyring-record'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { DESCRIPTOR_KEY, KEYRING_KEY, ROOT_KEY, slotKey } from '@stagevault/core/records/layout'
import { sealSlot } from '@stagevault/core/records/unlock-slot'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { RAW_KEY, START_TIME, flipped, overwritten } from './example-vault.js'
import { editUnderChecksum, editUnderMac, sectionBytes } from './forge-record.js'
import type { Edit } from './forge-record.js'
import { namedBytes } from './named-bytes.js'
import type { Changes } from './told-changes.js'
import { changed, slotOfKind, withKeyring } from './told-changes.js'
import type { ToldVault } from './told-vault.js'
import { recordAt } from './vault-content.js'

export function openingFaults(told: ToldVault): DraftCase[] {
  return [...recordFaults(told), ...slotFaults(told), ...keyringFaults(told), ...rootFaults(told)]
}

function opening(what: string, changes: Changes, expect: string, rule = 'LAY-3'): DraftCase {
  return reject(rule, `open: ${what}`, 'open', changed(changes), expect)
}

function without(keys: Iterable<string>): Changes {
  return Object.fromEntries([...keys].map((key) => [key, null]))
}

function recordFaults({ records, story }: ToldVault): DraftCase[] {
  const descriptor = recordAt(records, DESCRIPTOR_KEY)
  const otherId = editUnderChecksum(descriptor, (body) => flipped(body, 8))
  const otherRegion = editUnderChecksum(descriptor, (body) => flipped(body, 33))
  return [
    opening('an empty store', without(records.keys()), 'VAULT_MISSING'),
    opening('no descriptor', { [DESCRIPTOR_KEY]: null }, 'RECORD_MISSING'),
    opening('no keyring', { [KEYRING_KEY]: null }, 'RECORD_MISSING'),
    opening(
      'the descriptor of another vault',
      { [DESCRIPTOR_KEY]: otherId },
      'DECRYPTION_FAILED',
      'REC-12',
    ),
    opening(
      'another region in the descriptor',
      { [DESCRIPTOR_KEY]: otherRegion },
      'DECRYPTION_FAILED',
      'REC-8',
    ),
    accept('LAY-3', 'open: the expected vault', 'open', { vaultId: story.vaultId }),
    reject(
      'LAY-3',
      'open: another vault than the expected one',
      'open',
      { vaultId: '0'.repeat(32) },
      'RECORD_MISMATCH',
    ),
  ]
}

function slotFaults(told: ToldVault): DraftCase[] {
  const { keys, records } = told
  const slotKeys = [...records.keys()].filter((key) => key.startsWith('slot!'))
  const rawSlot = slotOfKind(told, 1)
  const ring = openKeyring(keys, recordAt(records, KEYRING_KEY))
  const listing = (slotIds: readonly Uint8Array[]): Changes =>
    withKeyring(told, { ...ring, slotIds })
  const damaged = flipped(recordAt(records, rawSlot), 60)
  const planted = namedBytes('a planted slot', 16)
  const otherKey = flipped(RAW_KEY, 0)
  const plantedSlot = sealSlot(
    keys,
    {
      slotId: planted,
      suite: 1,
      createTime: START_TIME,
      kdf: { kind: 'raw-key' },
      salt: namedBytes('a planted salt', 32),
      description: '',
    },
    otherKey,
    namedBytes('a planted root key', 32),
  )
  return [
    opening('no slot', without(slotKeys), 'RECORD_MISSING'),
    opening('no slot for the key', { [rawSlot]: null }, 'RECORD_MISSING'),
    opening(
      'no slot for the key, and no keyring',
      { [rawSlot]: null, [KEYRING_KEY]: null },
      'RECORD_MISSING',
    ),
    opening('a damaged slot', { [rawSlot]: damaged }, 'MALFORMED_RECORD', 'REC-5'),
    accept(
      'LAY-3',
      'open: a damaged slot, with the key of the other',
      'open',
      changed({ [rawSlot]: damaged }, { unlock: 'passphrase' }),
    ),
    opening(
      'a slot that the keyring does not list',
      listing(ring.slotIds.filter((id) => slotKey(id) !== rawSlot)),
      'UNLOCK_FAILED',
      'LAY-15',
    ),
    reject(
      'LAY-15',
      'open: a slot that was planted',
      'open',
      changed({ [slotKey(planted)]: plantedSlot }, { unlock: { rawKey: toHex(otherKey) } }),
      'UNLOCK_FAILED',
    ),
    opening('slots that cost more than 2^23', costlySlots(told, ring), 'RECORD_MISMATCH', 'LAY-18'),
  ]
}

/** Nine slots of 2^20 each, before the keyring is known to be genuine. */
function costlySlots(told: ToldVault, ring: KeyringState): Changes {
  const slotIds = Array.from({ length: 9 }, (_, i) =>
    overwritten(namedBytes('a costly slot', 16), 0, [i]),
  )
  const slots = slotIds.map((slotId, i) => [
    slotKey(slotId),
    sealSlot(
      told.keys,
      {
        slotId,
        suite: 1,
        createTime: START_TIME,
        description: '',
        kdf: {
          kind: 'passphrase',
          logN: 20,
          salt: namedBytes(`costly scrypt salt ${String(i)}`, 16),
        },
        salt: namedBytes(`costly salt ${String(i)}`, 32),
      },
      RAW_KEY,
      namedBytes('a root key', 32),
    ),
  ])
  return { ...withKeyring(told, { ...ring, slotIds }), ...(Object.fromEntries(slots) as Changes) }
}

/** With the right MAC: what only someone with the root key could have written. */
function keyringFaults(told: ToldVault): DraftCase[] {
  const { keys, records, story } = told
  const ring = openKeyring(keys, recordAt(records, KEYRING_KEY))
  const faulty = (rule: string, what: string, forged: KeyringState, expect: string): DraftCase =>
    opening(what, withKeyring(told, forged), expect, rule)
  const [key] = ring.keys
  const [version] = key?.versions ?? []
  if (key === undefined || version === undefined) throw new Error('the story has no key')
  const withVersion = (change: object): KeyringState => ({
    ...ring,
    keys: [{ ...key, versions: [{ ...version, ...change }] }],
  })
  const missing = 'KEY_NOT_FOUND'
  const openerOnly = ring.slotIds.filter((id) => slotKey(id) === slotOfKind(told, 1))
  return [
    faulty(
      'REC-15',
      'a KEK that was changed',
      withVersion({
        wrapped: flipped(version.wrapped, 0),
      }),
      'DECRYPTION_FAILED',
    ),
    faulty(
      'REC-15',
      'a KEK with another key check',
      withVersion({
        check: flipped(version.check, 0),
      }),
      'DECRYPTION_FAILED',
    ),
    faulty(
      'REC-16',
      'no default key',
      {
        ...ring,
        defaultKeyId: namedBytes('no key', 16),
      },
      missing,
    ),
    faulty(
      'REC-16',
      'no primary version',
      {
        ...ring,
        keys: [{ ...key, primaryVersion: 2 }],
      },
      missing,
    ),
    faulty('REC-16', 'no versions', { ...ring, keys: [{ ...key, versions: [] }] }, missing),
    faulty('REC-16', 'no keys', { ...ring, keys: [] }, missing),
    opening(
      'an earlier keyring under the newer root',
      { [KEYRING_KEY]: story.formerKeyring },
      'ROLLBACK_DETECTED',
      'LAY-17',
    ),
    opening(
      'a later keyring under the same root',
      {
        [KEYRING_KEY]: sealKeyring(keys, { ...ring, generation: ring.generation + 1 }),
      },
      'ROLLBACK_DETECTED',
      'LAY-17',
    ),
    opening(
      'another keyring of the same generation',
      {
        [KEYRING_KEY]: sealKeyring(keys, { ...ring, slotIds: openerOnly }),
      },
      'RECORD_MISMATCH',
      'LAY-17',
    ),
  ]
}

function rootFaults(told: ToldVault): DraftCase[] {
  const { records } = told
  const root = recordAt(records, ROOT_KEY)
  const faulty = (
    rule: string,
    what: string,
    record: Uint8Array | null,
    expect: string,
  ): DraftCase => opening(what, { [ROOT_KEY]: record }, expect, rule)
  const unproved = (what: string, record: Uint8Array | null): DraftCase =>
    accept(
      'LAY-20',
      `get, unproved: ${what}`,
      'get',
      changed({ [ROOT_KEY]: record }, { secretName: 'MyDbCreds', unproved: true }),
    )
  return [
    faulty('LAY-3', 'no root', null, 'RECORD_MISSING'),
    faulty(
      'REC-3',
      'the first bit of the epoch in the root',
      flipped(root, 5, 0x80),
      'DECRYPTION_FAILED',
    ),
    faulty('REC-3', 'the last bit of the root', flipped(root, -1), 'DECRYPTION_FAILED'),
    faulty(
      'REC-1',
      'the keyring at the place of the root',
      recordAt(records, KEYRING_KEY),
      'MALFORMED_RECORD',
    ),
    faulty(
      'REC-17',
      'a root with a section that readers may not skip',
      withSection(told, 0),
      'UNSUPPORTED_FORMAT',
    ),
    accept(
      'REC-17',
      'open: a root with a section that readers may skip',
      'open',
      changed({ [ROOT_KEY]: withSection(told, 1) }),
    ),
    faulty('REC-28', 'a root with epoch 0', withEpoch(told, 0), 'MALFORMED_RECORD'),
    unproved('the root is missing', null),
    unproved('a bit of the root is flipped', flipped(root, -1)),
  ]
}

/** Of one byte: the story has fewer commits. */
function withEpoch(told: ToldVault, epoch: number): Uint8Array {
  const edit: Edit = (body) => overwritten(body, 12, [epoch])
  return editUnderMac(recordAt(told.records, ROOT_KEY), ROOT_KEY, edit, told.keys)
}

/** The root with a section that no reader knows. */
function withSection(told: ToldVault, flags: number): Uint8Array {
  const section = { number: 40, flags, bytes: namedBytes('section', 5) }
  const edit: Edit = (body) => Uint8Array.from([...body.slice(0, -2), ...sectionBytes([section])])
  return editUnderMac(recordAt(told.records, ROOT_KEY), ROOT_KEY, edit, told.keys)
}
