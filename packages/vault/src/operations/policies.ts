/** Creates, updates, attaches and detaches the policies of users, roles and groups. */

import {
  attachPolicy as attachEntry,
  createPolicy as createEntry,
  detachPolicy as detachEntry,
  updatePolicy as updateEntry,
} from '@stagevault/core/access/access-changes'
import { entityNotFound } from '@stagevault/core/access/access-entries'
import { readPolicy } from '@stagevault/core/access/read-policy'
import type {
  Attachment,
  CreatePolicy,
  UpdatePolicy,
} from '@stagevault/core/request/access-requests'
import { accessChange } from '../policy/change-access.js'
import type { EntityResult } from './identities.js'
import { resultOf } from './identities.js'
import type { VaultHandle } from './vault-handle.js'

/** Refuses a document that is not a policy of users, roles and groups. */
function checkDocument(document: string): void {
  readPolicy(document, { kind: 'identity' })
}

export async function createPolicy(
  session: VaultHandle,
  request: CreatePolicy,
): Promise<EntityResult> {
  checkDocument(request.document)
  return session.committer.submit(
    accessChange(session, {
      targets: [request],
      needsAll: false,
      signal: request.signal,
      decide: (view) => createEntry(view, request),
      resultOf: (change, view) => resultOf(request, change, view),
    }),
  )
}

export async function updatePolicy(
  session: VaultHandle,
  request: UpdatePolicy,
): Promise<EntityResult> {
  const { kind, name, document, expectedGeneration, signal } = request
  checkDocument(document)
  return session.committer.submit(
    accessChange(session, {
      targets: [request],
      needsAll: true,
      signal,
      decide: (view) => {
        const before = view.target(kind, name)
        if (before?.kind !== 'policy') throw entityNotFound(kind, name)
        return updateEntry(view, before, document, expectedGeneration)
      },
      resultOf: (change, view) => resultOf(request, change, view),
    }),
  )
}

/** @returns the generation of the user, role or group */
export async function attachPolicy(
  session: VaultHandle,
  request: Attachment,
): Promise<EntityResult> {
  return changeAttachment(session, request, true, attachEntry)
}

/** @returns the generation of the user, role or group */
export async function detachPolicy(
  session: VaultHandle,
  request: Attachment,
): Promise<EntityResult> {
  return changeAttachment(session, request, false, detachEntry)
}

/** @param needsAll - whether the policies that principals reach are counted */
function changeAttachment(
  session: VaultHandle,
  { policyName, holder, signal }: Attachment,
  needsAll: boolean,
  decide: typeof attachEntry,
): Promise<EntityResult> {
  return session.committer.submit(
    accessChange(session, {
      targets: [holder, { kind: 'policy', name: policyName }],
      needsAll,
      signal,
      decide: (view) => decide(view, policyName, holder),
      resultOf: (change, view) => resultOf(holder, change, view),
    }),
  )
}
