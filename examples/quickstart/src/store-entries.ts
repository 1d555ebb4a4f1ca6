/** The first section: every entry of the credentials file becomes a secret. */

import type { Vault } from 'stagevault'
import { isVaultError } from 'stagevault'
import type { EnvEntry, EnvFile, EnvProblem } from './env-file.js'
import type { Report } from './report.js'
import { shorten } from './report.js'

const MASK = '••••••••'
const NAME_COLUMNS = 40
/** A longer file is stored too, but its table would be too long to read. */
const ROWS_MAX = 40

export interface StoredEntries {
  readonly stored: readonly EnvEntry[]
  /** How many statements of the file are not in the vault. */
  readonly leftOutCount: number
}

/** Stores what the vault takes. The rest is reported by line, without names. */
export async function storeEntries(
  vault: Vault,
  report: Report,
  { entries, problems }: EnvFile,
): Promise<StoredEntries> {
  report.section('1  Each line of the file becomes a secret')
  const stored: EnvEntry[] = []
  const rows: string[][] = [['NAME', 'VALUE', 'BYTES', 'VERSION', 'LABELS']]
  const refused = problems.map(({ line, message }) => ({ line, message }))
  for (const entry of entries) {
    const message = await storeEntry(vault, entry)
    if (message !== null) {
      refused.push({ line: entry.line, message })
      continue
    }
    stored.push(entry)
    const { versionId, versionStages } = await vault.getSecretValue({ secretName: entry.name })
    const byteCount = String(Buffer.byteLength(entry.value))
    const name = shorten(entry.name, NAME_COLUMNS)
    rows.push([name, MASK, byteCount.padStart(5), versionId, versionStages.join(' ')])
  }
  report.table(rows.slice(0, ROWS_MAX + 1))
  if (rows.length > ROWS_MAX + 1) report.line(`… and ${rows.length - ROWS_MAX - 1} more`)
  refused.sort((a, b) => a.line - b.line)
  for (const problem of refused) report.notice(describeProblem(problem))
  report.line()
  report.check(
    `${stored.length} stored and read back: every value is the same`,
    await areStored(vault, stored),
  )
  return { stored, leftOutCount: refused.length }
}

export function describeProblem({ line, message }: EnvProblem): string {
  return `line ${line} not stored: ${message}`
}

/** Stores an entry; says why where the vault refuses it, for its name or for its value. */
async function storeEntry(vault: Vault, { name, value }: EnvEntry): Promise<string | null> {
  try {
    await vault.createSecret({ secretName: name, secretData: value })
    return null
  } catch (error) {
    // Messages of the vault never quote a name that is not one, or a value.
    if (isVaultError(error, 'INVALID_PARAMETER')) return error.message
    throw error
  }
}

/** Whether the vault gives back every entry as it was in the file. */
export async function areStored(vault: Vault, entries: readonly EnvEntry[]): Promise<boolean> {
  for (const { name, value } of entries) {
    const { secretData } = await vault.getSecretValue({ secretName: name })
    if (secretData !== value) return false
  }
  return true
}
