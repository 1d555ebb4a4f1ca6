/**
 * The policy of a secret: a record of its own, which the head pins. A put does not rewrite it.
 * Normative description: docs/format/records.md.
 */

import { createByteReader, createByteWriter, isZero } from '../bytes.js'
import { VaultError } from '../errors.js'
import { POLICY_BYTES_MAX } from '../limits.js'
import type { RecordSection, SecretState } from '../model/secret-state.js'
import { withChanges } from '../model/secret-state.js'
import { POLICY_GENERATION_MAX, policyKey } from './layout.js'
import type { RecordKeys } from './record-frame.js'
import { RECORD_TAG_BYTES, beginRecord, openRecord, recordTag, sealRecord } from './record-frame.js'

/** The number of the head's section that pins the policy. */
export const POLICY_SECTION = 2

/** The policy that a head pins. */
export interface PolicyPin {
  /**
   * 1 for the first policy of the secret; one more with every later policy and with every removal,
   * so that no two states of the policy have one generation.
   */
  readonly generation: number
  /** Tag of the record, 16 bytes; zeros after the policy was removed. */
  readonly tag: Uint8Array
}

/** The document as it is stored at {@link policyKey}. */
export function sealSecretPolicy(
  keys: RecordKeys,
  secretId: Uint8Array,
  generation: number,
  document: string,
): Uint8Array {
  const writer = beginRecord('secretPolicy')
  writer.longText(document)
  return sealRecord(keys, policyKey(secretId, generation), writer)
}

/** @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED` */
export function openSecretPolicy(
  keys: RecordKeys,
  secretId: Uint8Array,
  generation: number,
  record: Uint8Array,
): string {
  const reader = openRecord(keys, 'secretPolicy', policyKey(secretId, generation), record)
  const document = reader.longText(POLICY_BYTES_MAX)
  reader.end()
  return document
}

/**
 * The policy that the head pins, or `null` if the secret never had one.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`
 */
export function policyPinOf({ sections }: Pick<SecretState, 'sections'>): PolicyPin | null {
  const section = sections.find(({ number }) => number === POLICY_SECTION)
  if (section === undefined) return null
  const what = 'the policy section of a head'
  const reader = createByteReader(what, section.bytes)
  const pin = { generation: reader.u64(), tag: reader.bytes(RECORD_TAG_BYTES) }
  reader.end()
  if (pin.generation === 0 || pin.generation > POLICY_GENERATION_MAX) {
    throw new VaultError('MALFORMED_RECORD', `${what}: a generation out of range`)
  }
  if (section.isSkippable) throw new VaultError('MALFORMED_RECORD', `${what}: it is skippable`)
  return pin
}

/** Whether the secret has no policy now. */
export function isRemoved({ tag }: PolicyPin): boolean {
  return isZero(tag)
}

/** The state with another policy pinned; `record` is `null` where the policy is removed. */
export function withPolicy(
  state: SecretState,
  generation: number,
  record: Uint8Array | null,
): SecretState {
  const writer = createByteWriter(8 + RECORD_TAG_BYTES)
  writer.u64(generation)
  writer.bytes(record === null ? new Uint8Array(RECORD_TAG_BYTES) : recordTag(record))
  // Readers that do not enforce policies must not read the secret.
  const section: RecordSection = {
    number: POLICY_SECTION,
    isSkippable: false,
    bytes: writer.take(),
  }
  const others = state.sections.filter(({ number }) => number !== POLICY_SECTION)
  const sections = [...others, section].sort((a, b) => a.number - b.number)
  return withChanges(state, { sections })
}
