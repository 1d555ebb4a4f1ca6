/** Reading a version: what its secret's head says now, and the value in its record. */

import { equalBytes, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { isDeletionDue, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { VersionSelector } from '@stagevault/core/model/select-version'
import { selectVersion } from '@stagevault/core/model/select-version'
import type { SecretValue } from '@stagevault/core/model/value'
import { headKey, versionKey } from '@stagevault/core/records/layout'
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
 * Head and record are read in one step, at the version that the head named last time; the head
 * alone where that record is remembered. Where the guess was wrong the head just read names the
 * right version. As head and record come from one point in time, a record that is missing then was
 * not evicted in between: it is lost.
 *
 * @throws {@link VaultError} `SECRET_NOT_FOUND`, `SECRET_IN_DELETE_WINDOW`; `CONFLICT` for a secret
 *   that is never the same twice; and as `selectVersion` and `openStoredVersion`
 */
export async function readVersion(
  session: Session,
  secretName: string,
  selector: VersionSelector,
): Promise<ReadVersion> {
  let head = session.heads.guess(secretName) ?? await requireHead(session, secretName)
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const guess = guessVersion(head.state, selector)
    const stored = await readGuess(session, head.state, guess)
    let value: SecretValue | null = null
    try {
      const found = stored.head
      if (found === null || isDeletionDue(found.state, session.now())) {
        head = await requireHead(session, secretName)
        continue
      }
      const { state } = found
      requireNotScheduled(state)
      const version = selectVersion(state, selector)
      if (guess !== null && isSameRecord(head.state, guess, state, version)) {
        value = stored.value ?? await openStored(session, found, version, stored.record)
        return { state, version, value }
      }
      head = found
    } finally {
      if (value === null && stored.value !== null) wipe(stored.value.bytes)
    }
  }
  throw new VaultError('CONFLICT', `secret ${secretName} changes faster than it can be read`)
}

/** What the store holds now for a secret and the version that is guessed of it. */
interface StoredGuess {
  /** `null` where another secret has the name, or none. */
  readonly head: HeadSnapshot | null
  readonly record: Uint8Array | null
  /** Of the remembered record. */
  readonly value: SecretValue | null
}

/** A remembered record is opened while the store looks for the head. */
async function readGuess(
  session: Session,
  state: SecretState,
  guess: VersionState | null,
): Promise<StoredGuess> {
  const { secretName, secretId } = state
  const known = guess === null ? null : session.records.find(state, guess)
  const keys = [headKey(secretName)]
  if (guess !== null && known === null) keys.push(versionKey(secretId, guess.number))
  const asked = session.memory.now()
  const reading = session.storage.read(keys)
  const value = guess === null || known === null
    ? null
    : openRemembered(session, state, guess, known)
  try {
    const [bytes = null, record = null] = await reading
    const head = bytes === null ? null : session.heads.tryOpen(secretName, bytes, asked)
    return { head, record: known ?? record, value }
  } catch (error) {
    if (value !== null) wipe(value.bytes)
    throw error
  }
}

/** Opens a record that was read with its head, and remembers it. */
async function openStored(
  session: Session,
  head: HeadSnapshot,
  version: VersionState,
  record: Uint8Array | null,
): Promise<SecretValue> {
  const { state } = head
  const value = await openStoredVersionSoon(session, state, version, record)
  // By now the version may be destroyed, and its record forgotten.
  const isNewest = session.heads.guess(state.secretName) === head
  if (record !== null && isNewest) session.records.keep(state, version, record)
  return value
}

/**
 * What a head said last time may no longer hold; the stored head decides. Values of a secret that
 * is scheduled for deletion are not given out, and need not be read.
 */
function guessVersion(state: SecretState, selector: VersionSelector): VersionState | null {
  if (state.plannedDeleteTime !== null) return null
  try {
    return selectVersion(state, selector)
  } catch {
    return null
  }
}

/** Whether what was read at a guess is what the stored head names. */
function isSameRecord(
  guessed: SecretState,
  guess: VersionState,
  state: SecretState,
  version: VersionState,
): boolean {
  return guess.number === version.number &&
    equalBytes(guessed.secretId, state.secretId) &&
    equalBytes(guess.recordHash, version.recordHash)
}
