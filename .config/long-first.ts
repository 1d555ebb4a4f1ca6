import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** The files that take longest, as parts of their paths. One that began last would run alone. */
const LONG = [
  'examples/browser-vault/test/engine/chromium',
  'examples/browser-vault/test/engine/',
  'packages/vault/test/browser/',
  'packages/vault/test/packages/',
  'packages/storage-idb/test/',
  'packages/vault/test/crash/',
  'packages/vault/test/tamper/bit-flips',
  'packages/vault/test/model/',
  'packages/storage-level/test/one-handle',
]

/** Starts the longest files first, also on a machine that has not timed them yet. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId))
  }
}

function rankOf(path: string): number {
  const rank = LONG.findIndex((part) => path.includes(part))
  return rank === -1 ? LONG.length : rank
}
