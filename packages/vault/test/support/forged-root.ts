/** A vault root as a later release may write it. */

import { ROOT_KEY } from '@stagevault/core/records/layout'
import { beginRecord, sealRecord } from '@stagevault/core/records/record-frame'
import { writeSections } from '@stagevault/core/records/sections'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { StorageAdapter } from '@stagevault/storage'
import { recordKeysOf } from './forged-records.js'
import { overwrite, recordAt } from './stored-records.js'
import { TEST_KEY } from './test-vault.js'

/** Adds a section to the root of the next epoch, as a commit of a later release would. */
export async function forgeRootSection(
  storage: StorageAdapter,
  isSkippable: boolean,
): Promise<void> {
  const keys = await recordKeysOf(storage, TEST_KEY)
  const root = openRoot(keys, await recordAt(storage, ROOT_KEY))
  const writer = beginRecord('root')
  writer.u64(root.epoch + 1)
  writer.u64(root.secretCount)
  writer.u64(root.keyringGeneration)
  writer.bytes(root.keyringTag)
  writer.u32(root.limits.secretValueBytesMax)
  writer.u16(root.limits.versionsMax)
  writer.u16(root.limits.stageLabelsMax)
  writer.u64(root.limits.secretsMax)
  writeSections(writer, [{ number: 40, isSkippable, bytes: new Uint8Array(5) }])
  await overwrite(storage, ROOT_KEY, sealRecord(keys, ROOT_KEY, writer))
}
