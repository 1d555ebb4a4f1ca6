/**
 * A vault under test: one store, two handles on it, a clock that only tests move, and a store that
 * fails when it is told to. Real in every other way.
 */

import type { StorageAdapter } from '@stagevault/storage'
import type { FaultVerdict } from '@stagevault/storage/faulty'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import type { Vault, VaultEvent, VaultLimits, VaultOptions, VerifyResult } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { ACCOUNT_ID, REGION } from './scope.js'
import type { Operation, Outcome } from './operation.js'
import { perform } from './operation.js'
import type { HeadReader, StoredHeads } from './stored-heads.js'
import { createHeadReader } from './stored-heads.js'

/** A place for one store, which can be closed and opened again. */
export interface Place {
  /** Makes the store at the first call, and opens what is there at later ones. */
  open(): Promise<StorageAdapter>
  remove(): Promise<void>
}

export function memoryPlace(): Place {
  const data = createMemoryData()
  return {
    open: () => Promise.resolve(createMemoryStorage({ data })),
    remove: () => Promise.resolve(),
  }
}

/** What befalls the storage calls of one operation. */
export interface Fault {
  readonly verdict: Exclude<FaultVerdict, 'pass'>
  /** Which of the operation's calls it befalls, from 0; or every commit, as on a full disk. */
  readonly call: number | 'every commit'
}

export interface VaultUnderTest {
  /** Milliseconds since 1970. */
  now(): number
  advance(ms: number): void
  /** Runs an operation through one of the handles; the fault, if any, befalls its storage calls. */
  run(handle: 0 | 1, operation: Operation, fault: Fault | null): Promise<Outcome>
  /** Whether the fault of the last operation stopped the store: only a reopening helps. */
  isStopped(): boolean
  /** Events of the last operation. */
  events(): readonly VaultEvent[]
  verify(handle: 0 | 1): Promise<VerifyResult>
  /**
   * Closes the vaults and the store, and opens them again.
   *
   * @returns what a vault answers that was closed
   */
  reopen(): Promise<Outcome>
  heads(): Promise<StoredHeads>
  /** Closes everything and removes the store. */
  dispose(): Promise<void>
}

/** One whose handles can be used directly; they are other objects after a reopening. */
export interface LocalVaultUnderTest extends VaultUnderTest {
  handles(): readonly [Vault, Vault]
}

export const START: number = Date.UTC(2026, 0, 1)
const KEY = new Uint8Array(32).fill(7)

export async function createVaultUnderTest(
  place: Place,
  limits: Partial<VaultLimits>,
): Promise<LocalVaultUnderTest> {
  let time = START
  let fault: Fault | null = null
  let calls = 0
  let isStopped = false
  let events: VaultEvent[] = []
  const options = { unlock: rawKey(KEY), clock: () => time }

  let store = await place.open()
  const readHeads = await createFirstVault(store, { ...options, limits })
  let handles = await openHandles()

  async function openHandles(): Promise<readonly [Vault, Vault]> {
    const storage = faultyStorage(store, ({ method }) => {
      if (fault === null) return 'pass'
      const call = calls
      calls += 1
      const isMeant = fault.call === 'every commit' ? method === 'commit' : fault.call === call
      if (!isMeant) return 'pass'
      isStopped = fault.verdict === 'stop' || fault.verdict === 'stop-after'
      return fault.verdict
    })
    const pair = [
      await openVault({ ...options, storage }),
      await openVault({ ...options, storage }),
    ] as const
    for (const vault of pair) {
      vault.subscribe((event) => {
        if (event.isRemote !== true) events.push(event)
      })
    }
    return pair
  }

  async function closeAll(): Promise<void> {
    for (const vault of handles) await vault.close()
    await store.close()
  }

  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
    handles: () => handles,
    run: async (handle, operation, planned) => {
      calls = 0
      events = []
      fault = planned
      try {
        return await perform(handles[handle], operation)
      } finally {
        fault = null
      }
    },
    isStopped: () => isStopped,
    events: () => events,
    verify: (handle) => handles[handle].verify(),
    reopen: async () => {
      const [closed] = handles
      isStopped = false
      await closeAll()
      store = await place.open()
      handles = await openHandles()
      return perform(closed, { name: 'walkSecrets', request: {} })
    },
    heads: () => readHeads(store),
    dispose: async () => {
      await closeAll()
      await place.remove()
    },
  }
}

async function createFirstVault(
  storage: StorageAdapter,
  options: VaultOptions & { readonly limits: Partial<VaultLimits> },
): Promise<HeadReader> {
  const scope = { region: REGION, accountId: ACCOUNT_ID }
  const vault = await createVault({ ...options, ...scope, storage })
  await vault.close()
  return createHeadReader(storage, KEY)
}
