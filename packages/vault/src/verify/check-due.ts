import { VaultError } from '@stagevault/core/errors'
import { toHex } from '@stagevault/core/bytes'
import { openDue } from '@stagevault/core/records/index-records'
import { headKey, parseDueKey } from '@stagevault/core/records/layout'
import type { StorageEntry } from '@stagevault/storage'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/** Checks that a deletion entry is authentic, and that the head it points at has that date. */
export async function checkDueEntry(
  session: Session,
  findings: Findings,
  { key, value }: StorageEntry,
): Promise<void> {
  const secretName = note(findings, key, () => {
    if (parseDueKey(key) === null) {
      throw new VaultError('MALFORMED_RECORD', 'a record is kept where no vault keeps one')
    }
    return openDue(session.keys.records, key, value)
  })
  if (secretName === null) return
  const asked = session.memory.now()
  const [entry = null, head = null] = await session.storage.read([key, headKey(secretName)])
  if (entry === null) return
  note(findings, key, () => {
    checkHead(session, key, secretName, head, asked)
  })
}

function checkHead(
  session: Session,
  key: string,
  secretName: string,
  head: Uint8Array | null,
  asked: number,
): void {
  const place = parseDueKey(key)
  const state = head === null ? null : session.heads.peek(secretName, head, asked).state
  const isRight =
    state?.plannedDeleteTime === place?.time && toHex(state?.secretId ?? NO_ID) === place?.secretId
  if (isRight) return
  const message = `a deletion entry names secret ${secretName}, which is not scheduled so`
  throw new VaultError('RECORD_MISMATCH', message)
}

const NO_ID = /* @__PURE__ */ new Uint8Array(0)
