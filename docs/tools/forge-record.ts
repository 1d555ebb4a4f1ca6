/** Records whose MAC or checksum is right although their fields are wrong. */

import { createByteWriter } from '@stagevault/core/bytes'
import type { ByteWriter } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { SECRET_TYPES } from '@stagevault/core/names'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { appendChecksum, sealRecord } from '@stagevault/core/records/record-frame'
import { RECORD_KEYS } from './example-vault.js'

const MAC_BYTES = 32
const CHECKSUM_BYTES = 8

export type Edit = (body: Uint8Array) => Uint8Array

/** The record with its fields edited, and the MAC that belongs to them. */
export function editUnderMac(
  record: Uint8Array,
  storageKey: string,
  edit: Edit,
  keys: RecordKeys = RECORD_KEYS,
): Uint8Array {
  const body = edit(record.slice(0, -MAC_BYTES))
  const writer = createByteWriter(body.length + MAC_BYTES)
  writer.bytes(body)
  return sealRecord(keys, storageKey, writer)
}

/** The record with its bytes edited and its checksum computed again. */
export function editUnderChecksum(record: Uint8Array, edit: Edit): Uint8Array {
  return appendChecksum(noblePrimitives, edit(record.slice(0, -CHECKSUM_BYTES)))
}

/** The descriptor has both. */
export function editUnderBoth(record: Uint8Array, storageKey: string, edit: Edit): Uint8Array {
  return editUnderChecksum(record, (body) => editUnderMac(body, storageKey, edit))
}

/** A section that may have any flags and any length. */
export interface ForgedSection {
  readonly number: number
  readonly flags: number
  readonly bytes: Uint8Array
  readonly length?: number
}

/** Where a forged head departs from what its state says. */
export interface HeadFaults {
  readonly secretType?: number
  readonly status?: number
  readonly sections?: readonly ForgedSection[]
  readonly sectionCount?: number
  readonly tombstoneCount?: number
  readonly tail?: Uint8Array
  readonly descriptionBytes?: Uint8Array
}

/** A head by the table of docs/format/records.md. Nothing is checked. */
export function forgeHead(
  storageKey: string,
  state: SecretState,
  faults: HeadFaults = {},
): Uint8Array {
  const writer = createByteWriter()
  for (const char of 'SVHD') writer.u8(char.charCodeAt(0))
  writer.u8(1)
  writer.u64(state.generation)
  writer.bytes(state.previousHeadHash)
  writer.bytes(state.secretId)
  writer.shortText(state.secretName)
  writer.u8(faults.secretType ?? SECRET_TYPES.indexOf(state.secretType))
  writer.bytes(state.encryptionKeyId)
  writer.u64(state.createTime)
  writer.u64(state.updateTime)
  writer.u64(state.plannedDeleteTime ?? 0)
  writeDescription(writer, state, faults)
  writer.longText(state.extendedConfig)
  writer.u8(state.tags.length)
  for (const { tagKey, tagValue } of state.tags) {
    writer.shortText(tagKey)
    writer.shortText(tagValue)
  }
  writeHistory(writer, state, faults)
  writeSections(writer, state, faults)
  if (faults.tail !== undefined) writer.bytes(faults.tail)
  return sealRecord(RECORD_KEYS, storageKey, writer)
}

function writeSections(writer: ByteWriter, state: SecretState, faults: HeadFaults): void {
  const sections: readonly ForgedSection[] =
    faults.sections ??
    state.sections.map(({ number, isSkippable, bytes }) => ({
      number,
      flags: isSkippable ? 1 : 0,
      bytes,
    }))
  writer.bytes(sectionBytes(sections, faults.sectionCount))
}

/** The count of sections, and the sections. */
export function sectionBytes(
  sections: readonly ForgedSection[],
  count: number = sections.length,
): Uint8Array {
  const writer = createByteWriter()
  writer.u16(count)
  for (const { number, flags, bytes, length } of sections) {
    writer.u16(number)
    writer.u8(flags)
    writer.u32(length ?? bytes.length)
    writer.bytes(bytes)
  }
  return writer.take()
}

function writeDescription(writer: ByteWriter, state: SecretState, faults: HeadFaults): void {
  if (faults.descriptionBytes === undefined) {
    writer.longText(state.description)
    return
  }
  writer.u32(faults.descriptionBytes.length)
  writer.bytes(faults.descriptionBytes)
}

function writeHistory(writer: ByteWriter, state: SecretState, faults: HeadFaults): void {
  writer.u32(state.nextNumber)
  writer.u64(state.nextAutoId)
  writer.u16(state.versions.length)
  for (const version of state.versions) {
    writer.u32(version.number)
    writer.shortText(version.versionId)
    writer.u64(version.createTime)
    writer.u8(faults.status ?? ['Enabled', 'Disabled', 'Destroyed'].indexOf(version.status))
    writer.bytes(version.valueDigest)
    writer.bytes(version.recordHash)
  }
  writer.u16(state.stages.length)
  for (const { stage, number } of state.stages) {
    writer.shortText(stage)
    writer.u32(number)
  }
  writer.u16(faults.tombstoneCount ?? state.tombstones.length)
  for (const { versionId, valueDigest } of state.tombstones) {
    writer.shortText(versionId)
    writer.bytes(valueDigest)
  }
}
