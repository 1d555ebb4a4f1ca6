/** Collects the results of a verification, and reports its progress. */

import { isVaultError } from '@stagevault/core/errors'
import type { Fields } from '@stagevault/core/request/request-fields'
import type { VerifyProgress } from '../api/requests.js'
import type { VerifyProblem } from '../api/results.js'

export interface Findings {
  readonly problems: VerifyProblem[]
  /** The names of checked secrets; a secret renamed during the verification has two. */
  readonly names: Set<string>
  /** The checked secrets, each once: by id, or by name if the head does not open. */
  readonly secrets: Set<string>
  /** The keys of version records and policies that heads name. */
  readonly namedKeys: Set<string>
  /** The keys of all stored version records and policies of secrets. */
  readonly ownedKeys: string[]
  /** The keys of all stored users, roles, groups and policies. */
  readonly accessKeys: string[]
  /** How many versions had their value opened. */
  versionCount: number
}

export function createFindings(): Findings {
  return {
    problems: [],
    names: new Set(),
    secrets: new Set(),
    namedKeys: new Set(),
    ownedKeys: [],
    accessKeys: [],
    versionCount: 0,
  }
}

/**
 * Runs a check of the record at `storageKey`. A {@link VaultError} becomes a problem of that
 * record; any other error, such as a `StorageError`, ends the verification.
 *
 * @returns the result of the check, or `null` if it found a problem
 */
export function note<T>(findings: Findings, storageKey: string, check: () => T): T | null {
  try {
    return check()
  } catch (error) {
    return noteError(findings, storageKey, error)
  }
}

/** Like {@link note}, for a check that reads. */
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
  // Several checks may find the same damaged or missing record.
  const isKnown = problems.some((known) => known.storageKey === storageKey && known.code === code)
  if (!isKnown) problems.push({ code, storageKey, message })
  return null
}

/** Reports to the `onProgress` of a request how many records an operation has read. */
export interface Progress {
  /** Counts a record. Every 256 of them are reported. */
  record(): void
  /** Reports the sum. */
  end(): void
}

const RECORDS_BETWEEN_REPORTS = 256

/** @throws TypeError if `onProgress` is not a function */
export function progressOf(fields: Fields): Progress {
  const onProgress = fields.get('onProgress')
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }
  const report = onProgress as ((progress: VerifyProgress) => void) | undefined
  let records = 0
  return {
    record: () => {
      records++
      if (records % RECORDS_BETWEEN_REPORTS === 0) report?.({ records })
    },
    end: () => report?.({ records }),
  }
}
