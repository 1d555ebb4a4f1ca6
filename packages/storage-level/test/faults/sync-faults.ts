import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { describeWith } from './describe-with.js'

/** A call of fsync or fdatasync, as `sync-faults.c` notes it. */
export interface NotedSync {
  /** The file, relative to the folder that is watched, or `.` for the folder itself. */
  readonly name: string
  /** How long the file was. */
  readonly bytes: number
  readonly outcome: 'made' | 'failed'
}

/**
 * Registers tests whose child processes have `sync-faults.c` preloaded: start them with the
 * environment that `register` is given. Skips them, visibly, where it cannot be compiled.
 */
export function describeWithSyncFaults(
  title: string,
  register: (environment: NodeJS.ProcessEnv) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-sync-faults-'))
  const library = join(folder, 'sync-faults.so')
  const message = 'needs Linux and a C compiler (Debian: apt-get install gcc libc6-dev)'
  const lack = compile(library) ? null : { message, isInstallable: true }
  describeWith(lack, title, () => {
    afterAll(() => {
      rmSync(folder, { recursive: true })
    })
    register({ ...process.env, LD_PRELOAD: library })
  })
  if (lack !== null) rmSync(folder, { recursive: true })
}

function compile(library: string): boolean {
  if (process.platform !== 'linux') return false
  const source = fileURLToPath(new URL('sync-faults.c', import.meta.url))
  const argv = ['-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', library, source]
  return spawnSync('cc', [...argv, '-ldl', '-lpthread'], { stdio: 'ignore' }).status === 0
}

/** The calls in the order in which they were answered, from the file that the program named. */
export async function readTrace(path: string): Promise<NotedSync[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, name = '', bytes = '', outcome] = line.split(' ')
      return { name, bytes: Number(bytes), outcome: outcome === 'made' ? 'made' : 'failed' }
    })
}
