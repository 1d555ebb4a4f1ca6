/** Creates, changes and deletes users, roles and groups. */

import type { AccessChange } from '@stagevault/core/access/access-changes'
import {
  addToGroup,
  createHolder,
  deleteEntity as deleteEntry,
  removeFromGroup,
  setEnabled as setEntryEnabled,
} from '@stagevault/core/access/access-changes'
import type {
  CreateEntity,
  DeleteEntity,
  EntityId,
  Membership,
  SetEnabled,
} from '@stagevault/core/request/access-requests'
import type { MembershipResult } from '../api/access-results.js'
import type { AccessView } from '../policy/change-access.js'
import { accessChange } from '../policy/change-access.js'
import type { VaultHandle } from './vault-handle.js'

/** What changes of one entity return. */
export interface EntityResult {
  readonly name: string
  readonly generation: number
}

/** @returns the entity, which has generation 1 */
export async function createEntity(
  session: VaultHandle,
  request: CreateEntity,
): Promise<EntityResult> {
  return session.committer.submit(
    accessChange(session, {
      targets: [request],
      needsAll: false,
      signal: request.signal,
      decide: (view) => createHolder(view, request),
      resultOf: (change, view) => resultOf(request, change, view),
    }),
  )
}

export async function setEnabled(session: VaultHandle, request: SetEnabled): Promise<EntityResult> {
  const { kind, name, isEnabled, signal } = request
  return session.committer.submit(
    accessChange(session, {
      targets: [request],
      needsAll: false,
      signal,
      decide: (view) => setEntryEnabled(view, kind, name, isEnabled),
      resultOf: (change, view) => resultOf(request, change, view),
    }),
  )
}

export async function deleteEntity(
  session: VaultHandle,
  request: DeleteEntity,
): Promise<{ readonly name: string }> {
  const { kind, name, detach, signal } = request
  return session.committer.submit(
    accessChange(session, {
      targets: [request],
      // Only groups and policies are referred to by other records.
      needsAll: kind === 'group' || kind === 'policy',
      signal,
      decide: (view) => deleteEntry(view, kind, name, detach),
      resultOf: () => ({ name }),
    }),
  )
}

export async function addUserToGroup(
  session: VaultHandle,
  request: Membership,
): Promise<MembershipResult> {
  return changeMembership(session, request, true, addToGroup)
}

export async function removeUserFromGroup(
  session: VaultHandle,
  request: Membership,
): Promise<MembershipResult> {
  return changeMembership(session, request, false, removeFromGroup)
}

/** @param needsAll - whether the policies that the user reaches are counted */
function changeMembership(
  session: VaultHandle,
  { userName, groupName, signal }: Membership,
  needsAll: boolean,
  decide: typeof addToGroup,
): Promise<MembershipResult> {
  const user = { kind: 'user', name: userName } as const
  return session.committer.submit(
    accessChange(session, {
      targets: [user, { kind: 'group', name: groupName }],
      needsAll,
      signal,
      decide: (view) => decide(view, userName, groupName),
      resultOf: (change, view) => {
        const { generation } = resultOf(user, change, view)
        return { userName, groupName, generation }
      },
    }),
  )
}

/** The entity after a change that wrote it or, without a change, as it was. */
export function resultOf(
  { kind, name }: EntityId,
  change: AccessChange | null,
  view: AccessView,
): EntityResult {
  const written = change?.written.find((each) => each.kind === kind && each.name === name)
  return { name, generation: (written ?? view.get(kind, name))?.generation ?? 0 }
}
