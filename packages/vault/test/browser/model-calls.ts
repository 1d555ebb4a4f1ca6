/** In a page: the vault of the model test over IndexedDB, with its faulty store and its clock. */

import type { CallTable } from '@stagevault/browser-engines/page'
import { deleteDatabase, uniqueName } from '@stagevault/browser-engines/page'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { VaultLimits } from 'stagevault'
import type { Operation } from '../model/operation.js'
import type { Fault, Place, VaultUnderTest } from '../model/vault-under-test.js'
import { createVaultUnderTest } from '../model/vault-under-test.js'
import { fromWire, toWire } from './wire.js'

/** One database, which is really closed and opened again. */
function idbPlace(): Place {
  const name = uniqueName()
  let isMade = false
  return {
    open: () => {
      const options = { name, durability: 'relaxed' } as const
      if (isMade) return openIdbStorage(options)
      isMade = true
      return createIdbStorage(options)
    },
    remove: () => deleteDatabase(name),
  }
}

export interface RunOrder {
  readonly handle: 0 | 1
  /** On the wire. */
  readonly operation: unknown
  readonly fault: Fault | null
}

/** The one that a history is played on. */
let vault: VaultUnderTest | null = null

function open(): VaultUnderTest {
  if (vault === null) throw new Error('no history is being played')
  return vault
}

export const modelCalls: CallTable = {
  createVaultUnderTest: async (limits: Partial<VaultLimits>) => {
    vault = await createVaultUnderTest(idbPlace(), limits)
  },
  advance: (ms: number) => {
    open().advance(ms)
  },
  run: async ({ handle, operation, fault }: RunOrder) => {
    const outcome = await open().run(handle, fromWire(operation) as Operation, fault)
    return toWire({ outcome, isStopped: open().isStopped(), events: open().events() })
  },
  verify: async (handle: 0 | 1) => toWire(await open().verify(handle)),
  reopen: async () => toWire(await open().reopen()),
  heads: async () => toWire(await open().heads()),
  dispose: () => open().dispose(),
}
