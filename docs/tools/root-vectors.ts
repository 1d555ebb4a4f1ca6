/** The part of `records.json` that is about the vault root. */

import { DEFAULT_LIMITS, LIMIT_RANGES } from '@stagevault/core/limits'
import type { VaultLimits } from '@stagevault/core/limits'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { sealRoot } from '@stagevault/core/records/vault-root'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  RECORD_KEYS,
  ROOT_KEY as ROOT,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import type { Edit, ForgedSection } from './forge-record.js'
import { editUnderMac, sectionBytes } from './forge-record.js'
import { namedBytes } from './named-bytes.js'

const NEW_ROOT: VaultRoot = {
  epoch: 1,
  secretCount: 0,
  keyringGeneration: 1,
  keyringTag: namedBytes('keyring tag', 16),
  limits: DEFAULT_LIMITS,
  sections: [],
}

const NUMBER_MAX = 2 ** 53 - 1
const GIVEN = { vaultId: VAULT_ID, rootKey: ROOT }
const RECORD = sealRoot(RECORD_KEYS, NEW_ROOT)

/** Where the limits stand in the record, and how many bytes each takes. */
const PLACES: readonly (readonly [name: keyof VaultLimits, at: number, bytes: number])[] = [
  ['secretValueBytesMax', 45, 4],
  ['versionsMax', 49, 2],
  ['stageLabelsMax', 51, 2],
  ['secretsMax', 53, 8],
]
const SECTION_COUNT_AT = 61

export function rootDrafts(): DraftCase[] {
  return [
    ...acceptedRoots(),
    ...macFaults(),
    ...fieldFaults(),
    ...limitDrafts(),
    ...sectionDrafts(),
  ]
}

function taken(rule: string, what: string, record: Uint8Array): DraftCase {
  return accept(rule, `root: ${what}`, 'open-root', inputOf({ ...GIVEN, record }))
}

function refused(rule: string, what: string, record: Uint8Array, expect: string): DraftCase {
  return reject(rule, `root: ${what}`, 'open-root', inputOf({ ...GIVEN, record }), expect)
}

function edited(edit: Edit): Uint8Array {
  return editUnderMac(RECORD, ROOT_KEY, edit)
}

function acceptedRoots(): DraftCase[] {
  const greatest: VaultRoot = {
    epoch: NUMBER_MAX,
    secretCount: NUMBER_MAX,
    keyringGeneration: NUMBER_MAX,
    keyringTag: new Uint8Array(16).fill(0xff),
    limits: { ...DEFAULT_LIMITS, secretsMax: NUMBER_MAX },
    sections: [],
  }
  const later = { ...NEW_ROOT, epoch: 12_345, secretCount: 100_000, keyringGeneration: 7 }
  return [
    taken('REC-3', 'of a new vault', RECORD),
    taken('REC-3', 'after many commits', sealRoot(RECORD_KEYS, later)),
    taken('FMT-1', 'the greatest numbers', sealRoot(RECORD_KEYS, greatest)),
  ]
}

function macFaults(): DraftCase[] {
  const failed = 'DECRYPTION_FAILED'
  return [
    refused('REC-3', 'a flipped bit in the count', flipped(RECORD, 20), failed),
    refused('REC-3', 'a flipped bit in the tag of the keyring', flipped(RECORD, 29), failed),
    refused('REC-3', 'a flipped bit in the limits', flipped(RECORD, 50), failed),
    refused('REC-3', 'the last bit of the MAC', flipped(RECORD, -1), failed),
    refused(
      'REC-3',
      'the MAC of another place',
      editUnderMac(RECORD, 'vault!keyring', (body) => body),
      failed,
    ),
    refused('REC-3', 'one byte short', RECORD.slice(0, -1), failed),
    refused('REC-3', 'one byte long', joined(RECORD, [0]), failed),
    refused('REC-4', 'shorter than a header and a MAC', RECORD.slice(0, 36), 'MALFORMED_RECORD'),
    reject(
      'REC-3',
      'root: with the MAC key of another root key',
      'open-root',
      inputOf({ ...GIVEN, rootKey: flipped(ROOT, 0), record: RECORD }),
      failed,
    ),
    reject(
      'REC-3',
      'root: of another vault with the same root key',
      'open-root',
      inputOf({ ...GIVEN, vaultId: flipped(VAULT_ID, 0), record: RECORD }),
      failed,
    ),
  ]
}

function fieldFaults(): DraftCase[] {
  const malformed = 'MALFORMED_RECORD'
  const faulty = (rule: string, what: string, edit: Edit, expect = malformed): DraftCase =>
    refused(rule, what, edited(edit), expect)
  return [
    faulty('REC-1', 'the magic of a head', (body) => overwritten(body, 2, [0x48, 0x44])),
    faulty('REC-2', 'format 2', (body) => overwritten(body, 4, [2]), 'UNSUPPORTED_FORMAT'),
    faulty('FMT-1', 'an epoch of 2^53', (body) => overwritten(body, 5, [0, 32])),
    faulty('REC-28', 'epoch 0', (body) => overwritten(body, 5, new Array<number>(8).fill(0))),
    faulty('FMT-1', 'a count of 2^53', (body) => overwritten(body, 13, [0, 32])),
    faulty('FMT-1', 'a generation of 2^53', (body) => overwritten(body, 21, [0, 32])),
    faulty('FMT-3', 'a tag of 15 bytes', (body) => joined(body.slice(0, 44), body.slice(45))),
    faulty('FMT-3', 'no count of sections', (body) => body.slice(0, -2)),
    faulty('FMT-4', 'a byte too many', (body) => joined(body, [0])),
  ]
}

function limitDrafts(): DraftCase[] {
  return PLACES.flatMap(([name, at, bytes]) => {
    const [min, max] = LIMIT_RANGES[name]
    const withLimit = (value: number): Uint8Array =>
      edited((body) => overwritten(body, at, bigEndian(value, bytes)))
    const drafts = [
      taken('REC-27', `${name} of ${String(min)}`, withLimit(min)),
      taken('REC-27', `${name} of ${String(max)}`, withLimit(max)),
    ]
    const beyond = name === 'secretsMax' ? [] : [min - 1, max + 1]
    for (const value of beyond) {
      drafts.push(
        refused('REC-27', `${name} of ${String(value)}`, withLimit(value), 'MALFORMED_RECORD'),
      )
    }
    if (name === 'secretsMax') {
      drafts.push(refused('FMT-1', 'secretsMax of 2^53', withLimit(max + 1), 'MALFORMED_RECORD'))
    }
    return drafts
  })
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from(
    { length: bytes },
    (_, i) => Math.floor(value / 2 ** (8 * (bytes - 1 - i))) % 256,
  )
}

function sectionDrafts(): DraftCase[] {
  const withSections = (...sections: readonly ForgedSection[]): Uint8Array =>
    edited((body) => joined(body.slice(0, SECTION_COUNT_AT), sectionBytes(sections)))
  const bytes = namedBytes('section', 5)
  const unsupported = 'UNSUPPORTED_FORMAT'
  return [
    taken(
      'REC-17',
      'a section that readers may skip',
      withSections({ number: 4, flags: 1, bytes }),
    ),
    taken(
      'REC-17',
      'two of them',
      withSections(
        { number: 4, flags: 1, bytes },
        { number: 40, flags: 1, bytes: new Uint8Array(0) },
      ),
    ),
    refused(
      'REC-17',
      'a section that they may not skip',
      withSections({ number: 2, flags: 0, bytes }),
      unsupported,
    ),
    refused(
      'REC-17',
      'one that they may, and one that they may not',
      withSections({ number: 2, flags: 1, bytes }, { number: 3, flags: 0, bytes }),
      unsupported,
    ),
    refused(
      'REC-24',
      'sections out of order',
      withSections({ number: 3, flags: 1, bytes }, { number: 2, flags: 1, bytes }),
      'MALFORMED_RECORD',
    ),
    refused(
      'REC-25',
      'a section with flag 2',
      withSections({ number: 4, flags: 2, bytes }),
      unsupported,
    ),
    ...accessSectionDrafts(withSections),
  ]
}

/** Section 1 is the tag of the access root and nothing else. */
function accessSectionDrafts(
  withSections: (...sections: readonly ForgedSection[]) => Uint8Array,
): DraftCase[] {
  const access = (byteCount: number, flags = 0): ForgedSection => ({
    number: 1,
    flags,
    bytes: namedBytes('access root tag', byteCount),
  })
  const other = { number: 40, flags: 1, bytes: namedBytes('section', 5) }
  const malformed = 'MALFORMED_RECORD'
  return [
    taken('REC-33', 'with an access root', withSections(access(16))),
    taken('REC-33', 'with an access root and another section', withSections(access(16), other)),
    refused('REC-33', 'an access tag of 15 bytes', withSections(access(15)), malformed),
    refused('REC-33', 'an access tag of 17 bytes', withSections(access(17)), malformed),
    refused('REC-33', 'an access section without a tag', withSections(access(0)), malformed),
    refused('REC-33', 'an access tag that may be skipped', withSections(access(16, 1)), malformed),
    refused(
      'REC-24',
      'an access section behind another',
      withSections(other, access(16)),
      malformed,
    ),
  ]
}
