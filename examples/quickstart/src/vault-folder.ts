/** The folder that the vault goes into. */

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from './usage.js'

export interface VaultFolder {
  readonly path: string
  readonly isKept: boolean
  /** Removes a temporary folder with everything in it. */
  discard(): Promise<void>
}

/**
 * The folder at `location`, or a new temporary one.
 *
 * @throws {@link UsageError} where `location` holds anything: the search of the disk would find it,
 *   and a vault should have a folder of its own.
 */
export async function chooseFolder(location: string | null): Promise<VaultFolder> {
  if (location === null) {
    const path = await mkdtemp(join(tmpdir(), 'stagevault-quickstart-'))
    return { path, isKept: false, discard: () => rm(path, { recursive: true, force: true }) }
  }
  const path = resolve(location)
  if ((await namesIn(path)).length > 0) {
    throw new UsageError(`${path} is not empty; name a new or an empty folder`)
  }
  return { path, isKept: true, discard: () => Promise.resolve() }
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'ENOENT') return []
    throw new UsageError(`cannot use ${path} (${code})`)
  }
}
