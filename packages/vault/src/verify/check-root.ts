import { VaultError } from '@stagevault/core/errors'
import { openRoot } from '@stagevault/core/records/index-records'
import { ROOT_KEY, SECRET_KEYS, parseSecretKey } from '@stagevault/core/records/layout'
import { SCAN_LIMIT_MAX, scanAll } from '@stagevault/storage'
import { requireRoot } from '../purge.js'
import type { Session } from '../session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/** A count is worth something only if no secret came or went meanwhile. */
const COUNTS_MAX = 5

/**
 * Compares the root's count of secrets with the heads there are. It tells of a secret that was
 * removed with every trace, which no other record would miss.
 */
export async function checkSecretCount(session: Session, findings: Findings): Promise<void> {
  for (let count = 0; count < COUNTS_MAX; count++) {
    const before = await readRoot(session)
    const found = await countHeads(session)
    const after = await readRoot(session)
    if (!isSame(before, after)) continue
    note(findings, ROOT_KEY, () => {
      const { secretCount } = openRoot(session.keys.records, requireRoot(before))
      if (secretCount === found) return
      const message = `the vault root counts ${String(secretCount)} secrets; there are`
      throw new VaultError('RECORD_MISMATCH', `${message} ${String(found)}`)
    })
    return
  }
}

async function readRoot(session: Session): Promise<Uint8Array | null> {
  const [root = null] = await session.storage.read([ROOT_KEY])
  return root
}

async function countHeads(session: Session): Promise<number> {
  let count = 0
  const range = { ...SECRET_KEYS, pageSize: SCAN_LIMIT_MAX }
  for await (const { key } of scanAll(session.storage, range)) {
    if (parseSecretKey(key)?.part === 'head') count++
  }
  return count
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
