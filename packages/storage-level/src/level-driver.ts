/** LevelDB itself: the package `level`, which is native. */
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { StorageError } from '@stagevault/storage'
import { hasCode } from './level-errors.js'
import type { Level } from 'level'

export type LevelClass = typeof Level

/**
 * Loads LevelDB, which an application that opens no folder does without.
 *
 * By `require`: Node remembers a failed `import` for the life of the process, and a bundler would
 * put LevelDB's scripts where they do not find their binary.
 *
 * Throws `STORAGE_DRIVER_MISSING` where it is not there or has no binary for this machine.
 */
export function loadLevel(): LevelClass {
  try {
    // `require` of Node 20 resolves links by what the last stat of the process said. Where that was
    // of a pipe, as after readFileSync(0), it stops at a link and does not find what level needs.
    // The program of the process may be gone, as after an update; the topmost folder cannot be.
    statSync('/', { throwIfNoEntry: false })
    const load = createRequire(import.meta.url)
    return (load('level') as { readonly Level: LevelClass }).Level
  } catch (cause) {
    // It is there, and can be loaded once another file is closed.
    if (hasCode(cause, 'EMFILE') || hasCode(cause, 'ENFILE')) throw cause
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'LevelDB cannot be loaded: the package level is missing, or a binary for this machine',
      { cause },
    )
  }
}
