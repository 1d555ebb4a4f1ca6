/** The way back for a vault whose root is damaged or lost. */

import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, ROOT_KEY, SECRET_KEYS, parseSecretKey } from '@stagevault/core/records/layout'
import { openRecord, recordTag } from '@stagevault/core/records/record-frame'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot } from '@stagevault/core/records/vault-root'
import { parseVaultLimits } from '@stagevault/core/request/vault-requests'
import { readFields } from '@stagevault/core/request/request-fields'
import type { RebuildRootRequest } from '../api/requests.js'
import type { RebuildRootResult, SecretError } from '../api/results.js'
import type { HeadSnapshot } from '../memory/head-snapshot.js'
import { headMissing } from '../records/read-head.js'
import { scanRecords, readSnapshot } from '../records/snapshot.js'
import { createBreather } from '../platform/breather.js'
import type { Session } from '../session/session.js'

/**
 * Writes a root that counts the secrets that authenticate. What is missing by now is missing for
 * good: nothing tells any more that it was there.
 */
export async function rebuildRoot(
  session: Session,
  input: RebuildRootRequest = {},
): Promise<RebuildRootResult> {
  const fields = readFields('rebuildRoot', input, ['limits'])
  if (!session.isUnproved) {
    const message = 'rebuildRoot takes a vault that was opened with readOnly and unproved'
    throw new VaultError('UNSUPPORTED_OPERATION', message)
  }
  const { records } = session.keys
  const snapshot = await readSnapshot(session, [ROOT_KEY, KEYRING_KEY])
  const former = snapshot.get(ROOT_KEY)
  const known = tryOpenRoot(session, former)
  const limits = parseVaultLimits(fields.get('limits'), known?.limits)
  const keyring = snapshot.get(KEYRING_KEY)
  if (keyring === null) throw new VaultError('RECORD_MISSING', 'the keyring is missing')
  const { secretCount, errors } = await countSecrets(session)
  const root: VaultRoot = {
    // Above every epoch that an open handle may have seen, of which there was one a commit.
    epoch: Math.max(session.now(), (known?.epoch ?? 0) + 1),
    secretCount,
    keyringGeneration: openKeyring(records, keyring).generation,
    keyringTag: recordTag(keyring),
    limits,
    sections: known?.sections ?? [],
  }
  const outcome = await session.storage.commit({
    guards: [
      { key: ROOT_KEY, value: former },
      { key: KEYRING_KEY, value: keyring },
    ],
    mutations: [{ key: ROOT_KEY, value: sealRoot(records, root) }],
  })
  if (outcome === 'conflict') {
    throw new VaultError('CONFLICT', 'the vault root was written by others; look at it again')
  }
  return { secretCount, limits, errors }
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

/** An authentic root that this program does not know is no damage, and must not be replaced. */
function isOfLaterRelease(session: Session, bytes: Uint8Array, code: string): boolean {
  if (code !== 'UNSUPPORTED_FORMAT') return false
  try {
    openRecord(session.keys.records, 'root', ROOT_KEY, bytes)
    return true
  } catch {
    return false
  }
}

interface Count {
  readonly secretCount: number
  readonly errors: readonly SecretError[]
}

async function countSecrets(session: Session): Promise<Count> {
  const breather = createBreather()
  const errors: SecretError[] = []
  const names = new Set<string>()
  const secrets: Secrets = new Map()
  const readAt = session.guard.time()
  for await (const { key, value } of scanRecords(session, SECRET_KEYS)) {
    await breather.breathe()
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
  return { secretCount: secrets.size, errors }
}

/** By id: the latest head of each secret. There is one, unless a record was put back. */
type Secrets = Map<string, { readonly secretName: string; readonly generation: number }>

/** @returns the error for the earlier of two names, where the secret has another one already */
function addSecret(secrets: Secrets, { id, state }: HeadSnapshot): SecretError | null {
  // Not the state itself: there may be more secrets than memory has room for.
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
  const message = `secrets ${secretName} and ${later.secretName} are one and the same`
  return { secretName, code: 'RECORD_MISMATCH', message }
}
