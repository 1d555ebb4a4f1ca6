/** Loads LevelDB: the package `level`, which is native code. */
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { StorageError } from '@stagevault/storage'
import { hasCode } from './level-errors.js'
import type { Level } from 'level'

export type LevelClass = typeof Level

/**
 * Loads LevelDB, which an application that opens no folder does not need.
 *
 * Uses `require`: Node caches a failed `import` for the life of the process, and a bundler would
 * move LevelDB's scripts to a place from which they do not find their binary.
 *
 * Throws `STORAGE_DRIVER_MISSING` if the package is missing or has no binary for this machine.
 */
export function loadLevel(): LevelClass {
  try {
    // `require` of Node 20 resolves links by the result of the process's last stat. If that was a
    // pipe, as after readFileSync(0), it stops at a link and does not find what `level` needs. So
    // stat a path that always exists: the program file may be gone after an update, but not the
    // root folder.
    statSync('/', { throwIfNoEntry: false })
    const load = createRequire(import.meta.url)
    return (load('level') as { readonly Level: LevelClass }).Level
  } catch (cause) {
    // The package exists, and can be loaded once another file is closed.
    if (hasCode(cause, 'EMFILE') || hasCode(cause, 'ENFILE')) throw cause
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'LevelDB cannot be loaded: the package level or its binary for this machine is missing',
      { cause },
    )
  }
}
