/** What a verification has seen so far. */

import { isVaultError } from '@stagevault/core/errors'
import type { VerifyProblem } from '../api/results.js'

export interface Findings {
  readonly problems: VerifyProblem[]
  /** Names under which secrets were checked; one that is renamed meanwhile has two. */
  readonly names: Set<string>
  /** The secrets that were checked, each once: by id, or by name where the head does not open. */
  readonly secrets: Set<string>
  /** Keys of the version records that heads name. */
  readonly namedVersionKeys: Set<string>
  /** Keys of the version records that are there. */
  readonly versionKeys: string[]
  /** Versions whose values were opened. */
  versionCount: number
}

export function createFindings(): Findings {
  return {
    problems: [],
    names: new Set(),
    secrets: new Set(),
    namedVersionKeys: new Set(),
    versionKeys: [],
    versionCount: 0,
  }
}

/**
 * Runs a check of the record at `storageKey`; what it throws is a problem of that record. A
 * failing store is not a problem but the end of the verification.
 *
 * @returns what the check returns, or `null` where it found a problem.
 */
export function note<T>(findings: Findings, storageKey: string, check: () => T): T | null {
  try {
    return check()
  } catch (error) {
    return noteError(findings, storageKey, error)
  }
}

/** The same for a check that reads. */
export async function noteAsync<T>(
  findings: Findings,
  storageKey: string,
  check: () => Promise<T>,
): Promise<T | null> {
  try {
    return await check()
  } catch (error) {
    return noteError(findings, storageKey, error)
  }
}

function noteError({ problems }: Findings, storageKey: string, error: unknown): null {
  if (!isVaultError(error)) throw error
  const { code, message } = error
  // Several checks may come across one record that is damaged or missing.
  const isKnown = problems.some((known) => known.storageKey === storageKey && known.code === code)
  if (!isKnown) problems.push({ code, storageKey, message })
  return null
}
