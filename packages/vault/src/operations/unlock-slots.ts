/** Lists, adds, replaces and removes unlock slots. Values are never touched. */

import { toHex, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { SCRYPT_N_SUM_MAX, SLOTS_MAX } from '@stagevault/core/limits'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { changeSlots, hasSlot, sealKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, slotKey } from '@stagevault/core/records/layout'
import { recordTag } from '@stagevault/core/records/record-frame'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import { authenticateSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import type { AbortSignalLike, Fields } from '@stagevault/core/request/request-fields'
import { optionalSignal, readFields } from '@stagevault/core/request/request-fields'
import { slotDescriptionOf, slotIdOf } from '@stagevault/core/request/vault-requests'
import type { Mutation, StorageKey } from '@stagevault/storage'
import type {
  AddUnlockSlotRequest,
  RemoveUnlockSlotRequest,
  ReplaceUnlockSlotRequest,
} from '../api/requests.js'
import type { ListUnlockSlotsResult, SlotIdResult, UnlockSlotInfo } from '../api/results.js'
import type { Plan, View } from '../commit/change.js'
import { openNamedKeyring, readSlots } from '../records/keyring.js'
import type { VaultHandle } from './vault-handle.js'
import type { OpenedSlot } from '../keys/find-slot.js'
import { costOf, findSlot, opensOne, readableSlot, unlockFailed } from '../keys/find-slot.js'
import type { SealedSlot } from '../keys/new-slot.js'
import { makeSlot } from '../keys/new-slot.js'
import type { Unlock } from '../keys/unlock.js'
import { requireUnlock } from '../keys/unlock.js'

export async function listUnlockSlots(session: VaultHandle): Promise<ListUnlockSlotsResult> {
  const slots: UnlockSlotInfo[] = []
  for (const [key, record] of await readSlots(session)) {
    if (record === null) throw new VaultError('RECORD_MISSING', 'an unlock slot is missing')
    slots.push(toInfo(session, key, record))
  }
  slots.sort((a, b) => a.createTime.getTime() - b.createTime.getTime())
  return { slots }
}

function toInfo(session: VaultHandle, key: string, record: Uint8Array): UnlockSlotInfo {
  authenticateSlot(session.keys.records, key, record)
  const { slotId, kdf, description, createTime } = parseSlot(session.primitives, key, record)
  return {
    slotId: toHex(slotId),
    kind: kdf.kind,
    ...(kdf.kind === 'provider' ? { provider: kdf.provider } : {}),
    description,
    createTime: new Date(createTime),
  }
}

const NEW_SLOT_FIELDS = ['unlock', 'newUnlock', 'description', 'signal'] as const

export async function addUnlockSlot(
  session: VaultHandle,
  input: AddUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('addUnlockSlot', input, NEW_SLOT_FIELDS)
  return makeNewSlot(session, fields, (_, description) => ({
    removed: null,
    description: description ?? '',
  }))
}

export async function replaceUnlockSlot(
  session: VaultHandle,
  input: ReplaceUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('replaceUnlockSlot', input, NEW_SLOT_FIELDS)
  return makeNewSlot(session, fields, ({ slot }, description) => ({
    removed: slot.slotId,
    description: description ?? slot.description,
  }))
}

export async function removeUnlockSlot(
  session: VaultHandle,
  input: RemoveUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('removeUnlockSlot', input, ['slotId', 'unlock', 'signal'])
  const removed = slotIdOf(fields)
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  const signal = optionalSignal(fields)
  // Another slot must open first, so that the vault cannot be locked permanently.
  return withSlot(session, unlock, slotKey(removed), signal, async ({ slot }) => {
    const change = { unlock, opener: slot.slotId, added: null, newUnlock: null, removed }
    await submit(session, change, signal)
    return { slotId: toHex(removed) }
  })
}

/** @param choose - returns the slot to remove, and the description of the new one */
function makeNewSlot(
  session: VaultHandle,
  fields: Fields,
  choose: (
    opened: OpenedSlot,
    description: string | null,
  ) => { readonly removed: Uint8Array | null; readonly description: string },
): Promise<SlotIdResult> {
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  const newUnlock = requireUnlock('newUnlock', fields.get('newUnlock'))
  const given = slotDescriptionOf(fields)
  const signal = optionalSignal(fields)
  return withSlot(session, unlock, null, signal, async (opened) => {
    const { removed, description } = choose(opened, given)
    const { suite, random, now, keys } = session
    const maker = { records: keys.records, suite, random, now }
    const added = await makeSlot(maker, newUnlock, description, opened.rootKey)
    const change = { unlock, opener: opened.slot.slotId, added, newUnlock, removed }
    await submit(session, change, signal)
    return { slotId: toHex(added.slotId) }
  })
}

/** Opens a slot to get the root key, which a session does not keep. */
async function withSlot<T>(
  session: VaultHandle,
  unlock: Unlock,
  except: string | null,
  signal: AbortSignalLike | null,
  use: (opened: OpenedSlot) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const opened = await findSlot(session.storage, session, unlock, except, signal)
  try {
    signal?.throwIfAborted()
    return await use(opened)
  } finally {
    wipe(opened.rootKey)
  }
}

interface SlotChange {
  readonly unlock: Unlock
  /** The slot that authorized the change; it must still exist. */
  readonly opener: Uint8Array
  readonly added: SealedSlot | null
  /** The unlock of the added slot. */
  readonly newUnlock: Unlock | null
  readonly removed: Uint8Array | null
}

async function submit(
  session: VaultHandle,
  change: SlotChange,
  signal: AbortSignalLike | null,
): Promise<void> {
  const { added, newUnlock, removed } = change
  const replaced = removed === null ? null : slotKey(removed)
  // The scrypt cost of each slot that the new unlock was tried on. It must not open two slots: the
  // second would still open the vault after the first is replaced.
  const tried = new Map<StorageKey, number>()
  await session.committer.submit<undefined>({
    secretNames: [],
    keys: added === null ? [KEYRING_KEY] : [KEYRING_KEY, added.key],
    signal,
    plan: (view) => {
      const { state } = openNamedKeyring(session.keys.records, view.record(KEYRING_KEY), view.root)
      if (added === null) return planSlots(session, view, state, change)
      const kept = state.slotIds.map(slotKey).filter((key) => key !== replaced)
      if (kept.some((key) => !tried.has(key))) return 'prepare'
      requireCost(added, kept, tried)
      return planSlots(session, view, state, change)
    },
    prepare: async () => {
      if (added === null || newUnlock === null) return
      const untried: UnlockSlot[] = []
      // Only stored slots are tried: a slot added in the same round is tried once it is committed.
      const stored = await readSlots(session)
      const kept = [...stored.keys()].filter((key) => key !== replaced)
      for (const key of kept) {
        if (tried.has(key)) continue
        const slot = readableSlot(session, key, stored.get(key) ?? null)
        tried.set(key, slot === null ? 0 : costOf([slot]))
        if (slot !== null) untried.push(slot)
      }
      requireCost(added, kept, tried)
      if (!(await opensOne(session, untried, newUnlock, signal))) return
      const message = 'newUnlock already opens a slot of the vault'
      throw new VaultError('INVALID_PARAMETER', message)
    },
  })
}

/** @throws {@link VaultError} `QUOTA_EXCEEDED` if opening the vault would cost too much */
function requireCost(
  added: SealedSlot,
  kept: readonly StorageKey[],
  costs: ReadonlyMap<StorageKey, number>,
): void {
  let sum = costOf([added])
  for (const key of kept) sum += costs.get(key) ?? 0
  if (sum <= SCRYPT_N_SUM_MAX) return
  const message = 'the passphrase slots of the vault would take too much time and memory to try'
  throw new VaultError('QUOTA_EXCEEDED', message)
}

function planSlots(
  session: VaultHandle,
  view: View,
  keyring: KeyringState,
  { unlock, opener, added, removed }: SlotChange,
): Plan<undefined> {
  if (!hasSlot(keyring, opener)) throw unlockFailed(unlock)
  if (removed !== null && !hasSlot(keyring, removed)) {
    throw new VaultError('KEY_NOT_FOUND', 'the vault has no unlock slot with this id')
  }
  if (added !== null && removed === null && keyring.slotIds.length >= SLOTS_MAX) {
    const most = String(SLOTS_MAX)
    throw new VaultError(
      'QUOTA_EXCEEDED',
      `the vault has ${most} unlock slots already, the maximum`,
    )
  }
  const state = changeSlots(keyring, added?.slotId ?? null, removed)
  const bytes = sealKeyring(session.keys.records, state)
  const records: Mutation[] = [{ key: KEYRING_KEY, value: bytes }]
  if (added !== null) {
    if (view.record(added.key) !== null) throw placeTaken()
    records.push({ key: added.key, value: added.value })
  }
  if (removed !== null) records.push({ key: slotKey(removed), value: null })
  const tag = recordTag(bytes)
  return {
    secrets: [],
    versions: [],
    records,
    rootChange: { keyring: { generation: state.generation, tag } },
    result: undefined,
    events: [],
  }
}

function placeTaken(): VaultError {
  return new VaultError('RECORD_MISMATCH', 'a record exists at the key of a new unlock slot')
}
