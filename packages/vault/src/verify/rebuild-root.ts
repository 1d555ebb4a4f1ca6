/** Rebuilds the root of a vault whose root is damaged or lost. */

import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import {
  ACCESS_KEY,
  KEYRING_KEY,
  ROOT_KEY,
  SECRET_KEYS,
  VERSION_KEYS,
  parseSecretKey,
  parseVersionKey,
} from '@stagevault/core/records/layout'
import { RECORD_TAG_BYTES, openRecord, recordTag } from '@stagevault/core/records/record-frame'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot, withAccessTag } from '@stagevault/core/records/vault-root'
import { parseVaultLimits } from '@stagevault/core/request/vault-requests'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { optionalSignal, readFields } from '@stagevault/core/request/request-fields'
import type { RebuildRootRequest } from '../api/requests.js'
import type { RebuildRootResult, SecretError } from '../api/results.js'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import { headMissing } from '../records/read-head.js'
import { scanRecords, readSnapshot } from '../records/snapshot.js'
import { createBreather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Progress } from './findings.js'
import { progressOf } from './findings.js'

/** Half of the safe integers, if the clock is centuries ahead; the rest remains for commits. */
const EPOCH_MAX = 2 ** 52

/**
 * Writes a root that counts the secrets that authenticate. Secrets that are missing now can no
 * longer be detected as missing afterwards.
 */
export async function rebuildRoot(
  session: Session,
  input: RebuildRootRequest = {},
): Promise<RebuildRootResult> {
  const fields = readFields('rebuildRoot', input, ['limits', 'signal', 'onProgress'])
  const signal = optionalSignal(fields) ?? undefined
  const walk: Walk = { session, signal, progress: progressOf(fields) }
  if (!session.isUnproved) {
    const message = 'rebuildRoot needs a vault that was opened with readOnly and unproved'
    throw new VaultError('UNSUPPORTED_OPERATION', message)
  }
  signal?.throwIfAborted()
  const { records } = session.keys
  const snapshot = await readSnapshot(session, [ROOT_KEY, KEYRING_KEY, ACCESS_KEY])
  const former = snapshot.get(ROOT_KEY)
  const known = tryOpenRoot(session, former)
  const limits = parseVaultLimits(fields.get('limits'), known?.limits)
  const keyring = snapshot.get(KEYRING_KEY)
  if (keyring === null) throw new VaultError('RECORD_MISSING', 'the keyring is missing')
  const accessRoot = snapshot.get(ACCESS_KEY)
  const { secrets, errors } = await findSecrets(walk)
  const secretCount = secrets.size
  const lostSecretCount = await countLostSecrets(walk, secrets)
  walk.progress.end()
  signal?.throwIfAborted()
  const root: VaultRoot = {
    epoch: Math.max(epochOf(session.now()), (known?.epoch ?? 0) + 1),
    secretCount,
    keyringGeneration: openKeyring(records, keyring).generation,
    keyringTag: recordTag(keyring),
    limits,
    sections: sectionsOf(known, accessRoot),
  }
  const outcome = await session.storage.commit({
    guards: [
      { key: ROOT_KEY, value: former },
      { key: KEYRING_KEY, value: keyring },
      { key: ACCESS_KEY, value: accessRoot },
    ],
    mutations: [{ key: ROOT_KEY, value: sealRoot(records, root) }],
  })
  if (outcome === 'conflict') {
    throw new VaultError('CONFLICT', 'another handle wrote the vault root; verify the vault again')
  }
  const formerCount = known === null ? {} : { formerSecretCount: known.secretCount }
  return { secretCount, ...formerCount, lostSecretCount, limits, errors }
}

/**
 * Takes the access root as it is, also a damaged one, with which no user or role has access. If it
 * is missing, a root that could be read still names it, so that the vault does not forget whom it
 * disabled.
 */
function sectionsOf(known: VaultRoot | null, accessRoot: Uint8Array | null): VaultRoot['sections'] {
  const sections = known?.sections ?? []
  const tag = accessRoot === null ? null : recordTag(accessRoot)
  return tag?.length === RECORD_TAG_BYTES ? withAccessTag(sections, tag) : sections
}

/**
 * An epoch above every epoch that an open handle may have seen: the time in microseconds. Every
 * commit adds one, and no vault makes a million commits per second.
 */
function epochOf(now: number): number {
  return Math.min(1_000 * now, EPOCH_MAX)
}

function tryOpenRoot(session: Session, bytes: Uint8Array | null): VaultRoot | null {
  if (bytes === null) return null
  try {
    return openRoot(session.keys.records, bytes)
  } catch (error) {
    if (isIntegrityError(error) && !isOfLaterRelease(session, bytes, error.code)) return null
    throw error
  }
}

/**
 * An authentic root in an unsupported format is from a later release: not damaged, so not replaced.
 */
function isOfLaterRelease(session: Session, bytes: Uint8Array, code: string): boolean {
  if (code !== 'UNSUPPORTED_FORMAT') return false
  try {
    openRecord(session.keys.records, 'root', ROOT_KEY, bytes)
    return true
  } catch {
    return false
  }
}

interface Found {
  readonly secrets: Secrets
  readonly errors: readonly SecretError[]
}

/** What both scans of the store need. */
interface Walk {
  readonly session: Session
  readonly signal: AbortSignalLike | undefined
  readonly progress: Progress
}

async function findSecrets({ session, signal, progress }: Walk): Promise<Found> {
  const breather = createBreather()
  const errors: SecretError[] = []
  const names = new Set<string>()
  const secrets: Secrets = new Map()
  const { readAt, entries } = scanRecords(session, SECRET_KEYS, signal)
  for await (const { key, value } of entries) {
    await breather.breathe()
    progress.record()
    const place = parseSecretKey(key)
    if (place === null) continue
    const { name, part } = place
    try {
      if (part === 'head') {
        names.add(name)
        const twin = addSecret(secrets, session.heads.openForScan(name, value, readAt))
        if (twin !== null) errors.push(twin)
      } else if (!names.has(name)) {
        throw headMissing(session, name, value)
      }
    } catch (error) {
      if (!isIntegrityError(error)) throw error
      errors.push({ secretName: name, code: error.code, message: error.message })
    }
  }
  return { secrets, errors }
}

/** How many secrets have version records, but none of the heads that were found. */
async function countLostSecrets(
  { session, signal, progress }: Walk,
  secrets: Secrets,
): Promise<number> {
  const breather = createBreather()
  const lost = new Set<string>()
  for await (const { key } of scanRecords(session, VERSION_KEYS, signal).entries) {
    await breather.breathe()
    progress.record()
    const place = parseVersionKey(key)
    if (place !== null && !secrets.has(place.secretId)) lost.add(place.secretId)
  }
  return lost.size
}

/**
 * The latest head of each secret, by id. A secret has a single head, unless a record was put back.
 */
type Secrets = Map<string, { readonly secretName: string; readonly generation: number }>

/** @returns the error for the earlier of two names of a secret, or `null` if it has one name */
function addSecret(secrets: Secrets, { id, state }: HeadSnapshot): SecretError | null {
  // Not the state itself: the states of all secrets may not fit in memory.
  const found = { secretName: state.secretName, generation: state.generation }
  const other = secrets.get(id)
  if (other === undefined) {
    secrets.set(id, found)
    return null
  }
  const isLater = found.generation > other.generation
  const [earlier, later] = isLater ? [other, found] : [found, other]
  secrets.set(id, later)
  const { secretName } = earlier
  const message = `secrets ${secretName} and ${later.secretName} are the same secret`
  return { secretName, code: 'RECORD_MISMATCH', message }
}
