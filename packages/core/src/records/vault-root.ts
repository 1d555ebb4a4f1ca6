/**
 * The vault root: the state of the vault as a whole. Every commit writes it and is guarded by it,
 * so that two writers never fork and one comparison detects a rollback of the whole store.
 * Normative description: docs/format/records.md.
 */

import { VaultError } from '../errors.js'
import type { VaultLimits } from '../limits.js'
import { checkStoredLimits } from '../model/vault-limits.js'
import { ROOT_KEY } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { RECORD_TAG_BYTES, beginRecord, openRecord, sealRecord } from './record-frame.js'
import type { RecordSection } from './sections.js'
import { readSections, requireReadable, requireRewritable, writeSections } from './sections.js'

export interface VaultRoot {
  /** 1 in a new vault, one more with every commit. */
  readonly epoch: number
  /** Secrets in the vault, including those scheduled for deletion. */
  readonly secretCount: number
  /** Generation of the current keyring. */
  readonly keyringGeneration: number
  /**
   * Tag of the current keyring, 16 bytes. An earlier keyring that was put back alone has another.
   */
  readonly keyringTag: Uint8Array
  readonly limits: VaultLimits
  /** Parts of the root that this release may not support, by number; kept unchanged. */
  readonly sections: readonly RecordSection[]
}

/** The section that pins the access records: the tag of the access root. */
const ACCESS_SECTION = 1

/** Sections that this release supports. Reserved numbers: 2 audit, 3 inventory tree. */
const KNOWN_SECTIONS: readonly number[] = [ACCESS_SECTION]

const OWNER = 'the vault root'

/**
 * Refuses to rewrite a root with an unsupported section.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT`
 */
export function requireRewritableRoot({ sections }: VaultRoot): void {
  requireRewritable(OWNER, sections, KNOWN_SECTIONS)
}

/**
 * The root as it is stored.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT` for a root with an unsupported section, which
 *   must not be rewritten; `MALFORMED_RECORD` for epoch 0, for limits out of range and for an
 *   access section that is not a tag: an internal error, detected before anything is written
 */
export function sealRoot(keys: RecordKeys, root: VaultRoot): Uint8Array {
  requireRewritableRoot(root)
  checkRoot(root)
  const { limits } = root
  const writer = beginRecord('root', 128)
  writer.u64(root.epoch)
  writer.u64(root.secretCount)
  writer.u64(root.keyringGeneration)
  writer.bytes(root.keyringTag)
  writer.u32(limits.secretValueBytesMax)
  writer.u16(limits.versionsMax)
  writer.u16(limits.stageLabelsMax)
  writer.u64(limits.secretsMax)
  writeSections(writer, root.sections)
  return sealRecord(keys, ROOT_KEY, writer)
}

/**
 * The root in a record, authenticated.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openRoot(keys: RecordKeys, record: Uint8Array): VaultRoot {
  const reader = openRecord(keys, 'root', ROOT_KEY, record)
  const root: VaultRoot = {
    epoch: reader.u64(),
    secretCount: reader.u64(),
    keyringGeneration: reader.u64(),
    keyringTag: reader.bytes(RECORD_TAG_BYTES),
    limits: {
      secretValueBytesMax: reader.u32(),
      versionsMax: reader.u16(),
      stageLabelsMax: reader.u16(),
      secretsMax: reader.u64(),
    },
    sections: readSections(reader, OWNER),
  }
  reader.end()
  checkRoot(root)
  requireReadable(OWNER, root.sections, KNOWN_SECTIONS)
  return root
}

/** The tag of the access root, 16 bytes, or `null` if the vault never had an access record. */
export function accessTagOf({ sections }: Pick<VaultRoot, 'sections'>): Uint8Array | null {
  return sections.find(({ number }) => number === ACCESS_SECTION)?.bytes ?? null
}

/** The sections of a root with another access root pinned. */
export function withAccessTag(
  sections: readonly RecordSection[],
  tag: Uint8Array,
): readonly RecordSection[] {
  // A handle that does not enforce policies must not use the vault.
  const section = { number: ACCESS_SECTION, isSkippable: false, bytes: tag }
  const others = sections.filter(({ number }) => number !== ACCESS_SECTION)
  return [...others, section].sort((a, b) => a.number - b.number)
}

/** Epoch 0 marks a handle that has seen no root yet, so no root may have it. */
function checkRoot({ epoch, limits, sections }: VaultRoot): void {
  if (epoch === 0) throw new VaultError('MALFORMED_RECORD', 'the vault root has epoch 0')
  checkAccessSection(sections)
  checkStoredLimits(limits)
}

function checkAccessSection(sections: readonly RecordSection[]): void {
  const section = sections.find(({ number }) => number === ACCESS_SECTION)
  if (section === undefined) return
  if (section.bytes.length === RECORD_TAG_BYTES && !section.isSkippable) return
  const problem = section.isSkippable ? 'is skippable' : 'has another length than a tag'
  throw new VaultError('MALFORMED_RECORD', `the access section of the vault root ${problem}`)
}
