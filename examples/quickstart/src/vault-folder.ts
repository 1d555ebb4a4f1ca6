/** The folder that the vault goes into. */

import { rmSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from './usage.js'

export interface VaultFolder {
  readonly path: string
  readonly isKept: boolean
  /** Removes a temporary folder with everything in it. */
  discard(): void
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
    const discard = (): void => {
      rmSync(path, { recursive: true, force: true })
    }
    return { path, isKept: false, discard }
  }
  const path = resolve(location)
  if ((await namesIn(path)).length > 0) {
    throw new UsageError(`${path} is not empty; name a new or an empty folder`)
  }
  return { path, isKept: true, discard: () => undefined }
}

/** Someone who has seen enough (Ctrl-C) was promised that nothing stays behind, too. */
export function discardOnSignals(folder: VaultFolder): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      folder.discard()
      process.exit(128 + constants.signals[signal])
    })
  }
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
