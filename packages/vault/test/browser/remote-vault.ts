/** The vault of the model test in a page, as the model test sees it. */

import type { RemoteClient } from '@stagevault/browser-engines'
import type { VaultEvent, VaultLimits, VerifyResult } from 'stagevault'
import type { Outcome } from '../model/operation.js'
import type { StoredHeads } from '../model/stored-heads.js'
import type { VaultUnderTest } from '../model/vault-under-test.js'
import { START } from '../model/vault-under-test.js'
import { fromWire, toWire } from './wire.js'

/** What came of one operation in the page. */
interface RunAnswer {
  readonly outcome: Outcome
  readonly isStopped: boolean
  readonly events: readonly VaultEvent[]
}

const NOTHING: RunAnswer = { outcome: { result: null }, isStopped: false, events: [] }

export async function createRemoteVault(
  page: RemoteClient,
  limits: Partial<VaultLimits>,
): Promise<VaultUnderTest> {
  let now = START
  let last = NOTHING
  async function ask<T>(name: string, argument?: unknown): Promise<T> {
    return fromWire(await page.call(name, argument)) as T
  }
  await ask('createVaultUnderTest', limits)
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
      // Calls are answered in their order: the next one finds the clock moved.
      void ask('advance', ms)
    },
    run: async (handle, operation, fault) => {
      last = await ask<RunAnswer>('run', { handle, operation: toWire(operation), fault })
      return last.outcome
    },
    isStopped: () => last.isStopped,
    events: () => last.events,
    verify: (handle) => ask<VerifyResult>('verify', handle),
    reopen: async () => {
      last = NOTHING
      return ask<Outcome>('reopen')
    },
    heads: () => ask<StoredHeads>('heads'),
    dispose: () => ask('dispose'),
  }
}
