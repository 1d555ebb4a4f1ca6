/** Reading a version: what its secret's head says now, and the value in its record. */

import { wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { isDeletionDue, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { VersionSelector } from '@stagevault/core/model/select-version'
import { selectVersion } from '@stagevault/core/model/select-version'
import type { SecretValue } from '@stagevault/core/model/value'
import { headKey, nameKey, versionKey } from '@stagevault/core/records/layout'
import { requireHead } from '../heads/find-head.js'
import type { HeadSnapshot } from '../heads/head-snapshot.js'
import type { Session } from '../session/session.js'
import { openRemembered, openStoredVersionSoon } from './open-version.js'

/** A version and its value, and the secret as it was then. */
export interface ReadVersion {
  readonly state: SecretState
  readonly version: VersionState
  readonly value: SecretValue
}

/**
 * The version that `selector` names, by what is stored now.
 *
 * @throws {@link VaultError} `SECRET_NOT_FOUND`, `SECRET_IN_DELETE_WINDOW`; `CONFLICT` for a secret
 *   that is never the same twice; and as `selectVersion` and `openStoredVersion`
 */
export async function readVersion(
  session: Session,
  secretName: string,
  selector: VersionSelector,
): Promise<ReadVersion> {
  const head = session.heads.guess(secretName) ?? await requireHead(session, secretName)
  const guess = guessVersion(head.state, selector)
  const found = guess === null ? null : await readRemembered(session, head, guess)
  return found ?? readStored(session, session.heads.guess(secretName) ?? head, selector)
}

/**
 * The version by its remembered record, which is opened while the store looks for the head; `null`
 * where the record is not remembered, or the head is another one by now.
 */
async function readRemembered(
  session: Session,
  head: HeadSnapshot,
  version: VersionState,
): Promise<ReadVersion | null> {
  const { state } = head
  const record = session.records.find(state, version)
  if (record === null) return null
  const asked = session.memory.now()
  const reading = session.storage.read([headKey(state.secretName)])
  const value = openRemembered(session, state, version, record)
  let isCurrent = false
  try {
    const [bytes = null] = await reading
    isCurrent = bytes !== null && !isDeletionDue(state, session.now()) &&
      session.heads.tryOpen(state.secretName, bytes, asked) === head
    return isCurrent && value !== null ? { state, version, value } : null
  } finally {
    if (!isCurrent && value !== null) wipe(value.bytes)
  }
}

/**
 * Reads head and record in one step, at the version that the head named last time. Where that
 * guess was wrong the head just read names the right one. As both come from one point in time, a
 * record that is missing then was not evicted in between: it is lost.
 */
async function readStored(
  session: Session,
  guessed: HeadSnapshot,
  selector: VersionSelector,
): Promise<ReadVersion> {
  const { secretName } = guessed.state
  let head = guessed
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const guess = guessKey(head.state, selector)
    const asked = session.memory.now()
    const [bytes = null, record = null] = await session.storage.read([headKey(secretName), guess])
    const found = bytes === null ? null : session.heads.tryOpen(secretName, bytes, asked)
    if (found === null || isDeletionDue(found.state, session.now())) {
      head = await requireHead(session, secretName)
      continue
    }
    const { state } = found
    requireNotScheduled(state)
    const version = selectVersion(state, selector)
    if (guess === versionKey(state.secretId, version.number)) {
      const value = await openStoredVersionSoon(session, state, version, record)
      if (record !== null) session.records.keep(state, version, record)
      return { state, version, value }
    }
    head = found
  }
  throw new VaultError('CONFLICT', `secret ${secretName} changes faster than it can be read`)
}

function guessKey(state: SecretState, selector: VersionSelector): string {
  const version = guessVersion(state, selector)
  return version === null ? nameKey(state.secretName) : versionKey(state.secretId, version.number)
}

/** What a head said last time may no longer hold; the stored head decides. */
function guessVersion(state: SecretState, selector: VersionSelector): VersionState | null {
  if (state.plannedDeleteTime !== null) return null
  try {
    return selectVersion(state, selector)
  } catch {
    return null
  }
}
