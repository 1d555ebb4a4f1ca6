/** The ways to unlock a vault: listed, added, replaced, removed. Values are never touched. */

import { toHex, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { SLOTS_MAX } from '@stagevault/core/limits'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import {
  changeSlots,
  hasSlot,
  sealKeyring,
} from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, slotKey } from '@stagevault/core/records/layout'
import { authenticateSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import { readFields } from '@stagevault/core/request/request-fields'
import { slotDescriptionOf, slotIdOf } from '@stagevault/core/request/slot-requests'
import type { Commit, Guard, Mutation } from '@stagevault/storage'
import type {
  AddUnlockSlotRequest,
  RemoveUnlockSlotRequest,
  ReplaceUnlockSlotRequest,
} from '../api/requests.js'
import type { ListUnlockSlotsResult, SlotIdResult, UnlockSlotInfo } from '../api/results.js'
import type { StoredKeyring } from '../unlock/read-keyring.js'
import { readKeyring, readSlots } from '../unlock/read-keyring.js'
import { KEYRING_LANE } from '../session/secret-queue.js'
import type { Session } from '../session/session.js'
import { transact } from '../session/transact.js'
import type { OpenedSlot } from '../unlock/find-slot.js'
import { findSlot, unlockFailed } from '../unlock/find-slot.js'
import type { SealedSlot } from '../unlock/new-slot.js'
import { makeSlot } from '../unlock/new-slot.js'
import type { Unlock } from '../unlock/unlock.js'
import { requireUnlock } from '../unlock/unlock.js'

export async function listUnlockSlots(session: Session): Promise<ListUnlockSlotsResult> {
  const slots: UnlockSlotInfo[] = []
  for (const [key, record] of await readSlots(session)) {
    if (record === null) throw new VaultError('RECORD_MISSING', 'an unlock slot is missing')
    slots.push(toInfo(session, key, record))
  }
  slots.sort((a, b) => a.createTime.getTime() - b.createTime.getTime())
  return { slots }
}

function toInfo(session: Session, key: string, record: Uint8Array): UnlockSlotInfo {
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

export async function addUnlockSlot(
  session: Session,
  input: AddUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('addUnlockSlot', input, ['unlock', 'newUnlock', 'description'])
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  const newUnlock = requireUnlock('newUnlock', fields.get('newUnlock'))
  const description = slotDescriptionOf(fields) ?? ''
  return withSlot(session, unlock, null, async ({ slot, rootKey }) => {
    const made = await newSlot(session, newUnlock, description, rootKey)
    await changeKeyring(session, unlock, slot.slotId, { added: made, removed: null })
    return { slotId: toHex(made.slotId) }
  })
}

export async function replaceUnlockSlot(
  session: Session,
  input: ReplaceUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('replaceUnlockSlot', input, ['unlock', 'newUnlock', 'description'])
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  const newUnlock = requireUnlock('newUnlock', fields.get('newUnlock'))
  const description = slotDescriptionOf(fields)
  return withSlot(session, unlock, null, async ({ slot, rootKey }) => {
    const kept = description ?? slot.description
    const made = await newSlot(session, newUnlock, kept, rootKey)
    await changeKeyring(session, unlock, slot.slotId, { added: made, removed: slot.slotId })
    return { slotId: toHex(made.slotId) }
  })
}

export async function removeUnlockSlot(
  session: Session,
  input: RemoveUnlockSlotRequest,
): Promise<SlotIdResult> {
  const fields = readFields('removeUnlockSlot', input, ['slotId', 'unlock'])
  const slotId = slotIdOf(fields)
  const unlock = requireUnlock('unlock', fields.get('unlock'))
  // Whoever removes a slot shows that another one still opens: nobody locks himself out.
  return withSlot(session, unlock, slotKey(slotId), async ({ slot }) => {
    await changeKeyring(session, unlock, slot.slotId, { added: null, removed: slotId })
    return { slotId: toHex(slotId) }
  })
}

/** Opens a slot, for the root key that a session does not keep. */
async function withSlot<T>(
  session: Session,
  unlock: Unlock,
  except: string | null,
  use: (opened: OpenedSlot) => Promise<T>,
): Promise<T> {
  const opened = await findSlot(session.storage, session, unlock, except)
  try {
    return await use(opened)
  } finally {
    wipe(opened.rootKey)
  }
}

function newSlot(
  session: Session,
  unlock: Unlock,
  description: string,
  rootKey: Uint8Array,
): Promise<SealedSlot> {
  const { suite, random, now, keys } = session
  return makeSlot({ records: keys.records, suite, random, now }, unlock, description, rootKey)
}

interface SlotChange {
  readonly added: SealedSlot | null
  readonly removed: Uint8Array | null
}

/** @param opener - the slot that gave the right to the change; it must still be there. */
function changeKeyring(
  session: Session,
  unlock: Unlock,
  opener: Uint8Array,
  change: SlotChange,
): Promise<void> {
  return session.queue([KEYRING_LANE], () =>
    transact(
      session,
      () => readKeyring(session),
      (stored) => {
        if (!hasSlot(stored.state, opener)) throw unlockFailed(unlock)
        checkChange(stored.state, change)
        const state = changeSlots(stored.state, change.added?.slotId ?? null, change.removed)
        const keyring = { bytes: sealKeyring(session.keys.records, state), state }
        const commit = commitOf(stored, keyring, change)
        return { commit, result: undefined, events: [], keyring }
      },
    ),
  )
}

function checkChange(keyring: KeyringState, { added, removed }: SlotChange): void {
  if (removed !== null && !hasSlot(keyring, removed)) {
    throw new VaultError('KEY_NOT_FOUND', 'the vault has no unlock slot with this id')
  }
  if (added === null || removed !== null || keyring.slotIds.length < SLOTS_MAX) return
  const most = String(SLOTS_MAX)
  throw new VaultError('QUOTA_EXCEEDED', `the vault has ${most} unlock slots, as many as it can`)
}

function commitOf(
  before: StoredKeyring,
  after: StoredKeyring,
  { added, removed }: SlotChange,
): Commit {
  const guards: Guard[] = [{ key: KEYRING_KEY, value: before.bytes }]
  const mutations: Mutation[] = [{ key: KEYRING_KEY, value: after.bytes }]
  if (added !== null) {
    guards.push({ key: added.key, value: null })
    mutations.push({ key: added.key, value: added.value })
  }
  if (removed !== null) mutations.push({ key: slotKey(removed), value: null })
  return { guards, mutations }
}
