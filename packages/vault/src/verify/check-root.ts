import { VaultError } from '@stagevault/core/errors'
import { SECRET_COUNTS_MAX } from '@stagevault/core/limits'
import { ROOT_KEY, SECRET_KEYS, parseSecretKey } from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { SCAN_LIMIT_MAX, scanAll } from '@stagevault/storage'
import { openStoredRoot } from '../heads/read-root.js'
import { ROOT_LANE } from '../session/secret-queue.js'
import { platform } from '#platform'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/**
 * Compares the root's count of secrets with the heads there are. It tells of a secret that was
 * removed with every trace, which no other record would miss.
 *
 * @returns the names of all secrets, or `null` where others created, renamed and deleted secrets
 *   faster than they could be counted.
 */
export function checkSecretCount(
  session: Session,
  findings: Findings,
  signal: AbortSignalLike | undefined,
): Promise<ReadonlySet<string> | null> {
  // Nobody creates or deletes through this session meanwhile.
  return session.queue([ROOT_LANE], async () => {
    let counted: ReadonlySet<string> | null = null
    for (let count = 0; count < SECRET_COUNTS_MAX; count++) {
      const asked = session.memory.now()
      const before = await readRootBytes(session)
      const names = await readNames(session, signal)
      const after = await readRootBytes(session)
      if (!isSameRecord(before, after)) continue
      const root = note(findings, ROOT_KEY, () => openStoredRoot(session, before, asked).state)
      if (root === null || root.secretCount === names.size) return names
      // One that is renamed meanwhile may be seen under both names or neither, but not twice so.
      if (counted !== null && hasSameNames(counted, names)) {
        reportCount(findings, root.secretCount, names.size)
        return names
      }
      counted = names
    }
    return null
  })
}

function hasSameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name))
}

function reportCount(findings: Findings, counted: number, found: number): void {
  note(findings, ROOT_KEY, () => {
    const message = `the vault root counts ${String(counted)} secrets; there are ${String(found)}`
    throw new VaultError('RECORD_MISMATCH', message)
  })
}

async function readRootBytes(session: Session): Promise<Uint8Array | null> {
  const [root = null] = await session.storage.read([ROOT_KEY])
  return root
}

async function readNames(
  session: Session,
  signal: AbortSignalLike | undefined,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const range = { ...SECRET_KEYS, pageSize: SCAN_LIMIT_MAX }
  for await (const { key } of scanAll(session.storage, range, { signal })) {
    const place = parseSecretKey(key)
    if (place?.part === 'head') names.add(place.name)
  }
  return names
}

function isSameRecord(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : platform.isSame(a, b)
}
