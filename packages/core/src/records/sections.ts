/**
 * The sections at the end of the head of a secret and of the vault root: parts that some releases
 * write and others do not support. Normative description: docs/format/records.md.
 */

import type { ByteReader, ByteWriter } from '../bytes.js'
import { VaultError } from '../errors.js'
import { SECTIONS_BYTES_MAX, SECTIONS_MAX } from '../limits.js'
import type { RecordSection } from '../model/secret-state.js'

export type { RecordSection } from '../model/secret-state.js'

const SECTION_NUMBER_MAX = 0xffff
const FLAG_SKIPPABLE = 1
/** Bytes of a section apart from its content: number, flags and length. */
const SECTION_HEADER_BYTES = 7

/** Bytes that the sections take in a record, apart from their count. */
export function lengthOfSections(sections: readonly RecordSection[]): number {
  let bytes = 0
  for (const section of sections) bytes += SECTION_HEADER_BYTES + section.bytes.length
  return bytes
}

/**
 * Writes the sections with their count.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` if they break a rule: an internal error, detected
 *   before anything is written
 */
export function writeSections(writer: ByteWriter, sections: readonly RecordSection[]): void {
  checkSections(sections)
  writer.u16(sections.length)
  for (const { number, isSkippable, bytes } of sections) {
    writer.u16(number)
    writer.u8(isSkippable ? FLAG_SKIPPABLE : 0)
    writer.u32(bytes.length)
    writer.bytes(bytes)
  }
}

function checkSections(sections: readonly RecordSection[]): void {
  let bytes = 0
  let last = 0
  for (const section of sections) {
    requireAscending(last, section.number)
    last = section.number
    bytes += section.bytes.length
  }
  const isBounded = sections.length <= SECTIONS_MAX && bytes <= SECTIONS_BYTES_MAX
  if (isBounded && last <= SECTION_NUMBER_MAX) return
  throw new VaultError('MALFORMED_RECORD', 'the sections of a record exceed their bounds')
}

/** The numbers ascend from 1 or more, so that the order is unique and no number occurs twice. */
function requireAscending(last: number, number: number): void {
  if (number > last) return
  throw new VaultError('MALFORMED_RECORD', 'the sections of a record do not ascend by number')
}

/**
 * The sections of a record, supported or not. Their bytes are views of the record.
 *
 * @param owner - the name of the record in messages
 * @throws {@link VaultError} `MALFORMED_RECORD`; `UNSUPPORTED_FORMAT` for an undefined flag
 */
export function readSections(reader: ByteReader, owner: string): RecordSection[] {
  const sections: RecordSection[] = []
  const count = reader.bounded(reader.u16(), SECTIONS_MAX)
  let bytesLeft = SECTIONS_BYTES_MAX
  let last = 0
  for (let i = 0; i < count; i++) {
    const number = reader.u16()
    requireAscending(last, number)
    last = number
    const flags = reader.u8()
    if (flags > FLAG_SKIPPABLE) {
      const message = `section ${String(number)} of ${owner} has an unsupported flag`
      throw new VaultError('UNSUPPORTED_FORMAT', message)
    }
    const bytes = reader.window(reader.bounded(reader.u32(), bytesLeft))
    bytesLeft -= bytes.length
    sections.push({ number, isSkippable: flags === FLAG_SKIPPABLE, bytes })
  }
  return sections
}

/**
 * Refuses a record whose other fields this release must not interpret.
 *
 * @param known - the numbers of the sections that this release supports
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT` for an unsupported section that is not skippable
 */
export function requireReadable(
  owner: string,
  sections: readonly RecordSection[],
  known: readonly number[],
): void {
  const unknown = sections.find(
    ({ number, isSkippable }) => !isSkippable && !known.includes(number),
  )
  if (unknown !== undefined) throw unknownSection(owner, unknown, 'read')
}

/**
 * Refuses to rewrite a record with an unsupported section, even a skippable one: the section may
 * have to change together with the rest.
 *
 * @param known - the numbers of the sections that this release supports
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT`
 */
export function requireRewritable(
  owner: string,
  sections: readonly RecordSection[],
  known: readonly number[],
): void {
  const unknown = sections.find(({ number }) => !known.includes(number))
  if (unknown !== undefined) throw unknownSection(owner, unknown, 'change')
}

function unknownSection(owner: string, { number }: RecordSection, verb: string): VaultError {
  const section = `section ${String(number)}, which this release does not support`
  return new VaultError('UNSUPPORTED_FORMAT', `cannot ${verb} ${owner}: it has ${section}`)
}
