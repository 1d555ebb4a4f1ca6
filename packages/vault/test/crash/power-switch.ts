/** Takes from a dead process's LevelDB folder what a loss of power could have taken. */

import { readdir, rm, stat, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readTrace } from '../../../storage-level/test/faults/sync-faults.js'
import type { DiskSwitch } from './kill-cycles.js'

/** What became of the bytes that were written and not synced. */
export interface CutBytes {
  files: number
  kept: number
  lost: number
}

/** Records are not in it. Without it the folder is no store, and it is synced before its name. */
const SPARED = new Set(['CURRENT', 'LOCK', 'LOG', 'LOG.old'])

/**
 * Of every file that the process made, what it had not synced is lost, or a part of it: LevelDB
 * only ever appends. Names are taken to be durable in their order, as a journalling file system
 * keeps them. `env` has the library preloaded that notes the syncs.
 */
export function powerSwitch(
  location: string,
  cycle: number,
  env: NodeJS.ProcessEnv,
  cut: CutBytes,
): DiskSwitch {
  const trace = `${location}.${String(cycle)}.trace`
  let before = new Set<string>()
  return {
    env: { ...env, SYNC_FAULTS_FOLDER: location, SYNC_FAULTS_TRACE: trace },
    async on() {
      before = new Set(await readdir(location))
    },
    async off() {
      const synced = new Map<string, number>()
      for (const { name, bytes, outcome } of await readTrace(trace)) {
        if (outcome === 'made') synced.set(basename(name), bytes)
      }
      await rm(trace, { force: true })
      for (const name of await readdir(location)) {
        if (before.has(name) || SPARED.has(name)) continue
        await cutFile(join(location, name), synced.get(name) ?? 0, cut)
      }
    },
  }
}

async function cutFile(path: string, synced: number, cut: CutBytes): Promise<void> {
  const { size } = await stat(path)
  if (size === synced) return
  // All of it, nothing of it, or a part.
  const share = [0, 1, Math.random()][Math.floor(Math.random() * 3)] ?? 0
  const left = synced + Math.round((size - synced) * share)
  await truncate(path, left)
  cut.files += 1
  cut.kept += left - synced
  cut.lost += size - left
}
