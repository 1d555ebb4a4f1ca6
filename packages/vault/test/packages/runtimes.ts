/** The runtimes that the packages support, from the npm registry. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const IS_WINDOWS = process.platform === 'win32'

export interface Runtime {
  readonly name: 'node' | 'bun' | 'deno'
  readonly version: string
}

/** The oldest Node that is supported, and one of each line after it. */
export const RUNTIMES: readonly Runtime[] = [
  { name: 'node', version: '20.19.0' },
  { name: 'node', version: '22.23.3' },
  { name: 'node', version: '24.21.0' },
  { name: 'node', version: '26.10.0' },
  { name: 'bun', version: '1.4.5' },
  { name: 'deno', version: '2.9.6' },
]

export interface InstalledRuntimes {
  /** Runs a script and hands back its output, also where a signal ended it. */
  runScript(runtime: Runtime, cwd: string, args: readonly string[]): Promise<ScriptEnd>
  remove(): Promise<void>
}

export interface ScriptEnd {
  readonly isKilled: boolean
  readonly output: string
  readonly errors: string
}

export async function installRuntimes(): Promise<InstalledRuntimes> {
  const parent = await mkdtemp(join(tmpdir(), 'stagevault-runtimes-'))
  const remove = (): Promise<void> => rm(parent, { recursive: true })
  try {
    await Promise.all(RUNTIMES.map((runtime) => installRuntime(runtime, folderOf(parent, runtime))))
  } catch (error) {
    await remove()
    throw error
  }
  return {
    remove,
    runScript: (runtime, cwd, args) => runScript(runtime, folderOf(parent, runtime), cwd, args),
  }
}

function folderOf(parent: string, { name, version }: Runtime): string {
  return join(parent, `${name}-${version}`)
}

async function installRuntime({ name, version }: Runtime, folder: string): Promise<void> {
  await mkdir(folder)
  const manifest = { private: true, dependencies: { [name]: version } }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await run('npm', args, { cwd: folder, shell: IS_WINDOWS })
}

async function runScript(
  { name }: Runtime,
  folder: string,
  cwd: string,
  args: readonly string[],
): Promise<ScriptEnd> {
  const program = join(folder, 'node_modules', '.bin', name)
  const before = name === 'deno' ? ['run', '--allow-all', '--node-modules-dir=manual'] : []
  try {
    const options = { cwd, shell: IS_WINDOWS, timeout: 60_000 }
    const { stdout, stderr } = await run(program, [...before, ...args], options)
    return { isKilled: false, output: stdout, errors: stderr }
  } catch (error) {
    const { signal, code, stdout, stderr } = error as {
      readonly signal?: string
      readonly code?: number
      readonly stdout?: string
      readonly stderr?: string
    }
    // A launcher of a runtime tells by its exit code which signal ended the program.
    const isKilled = signal === 'SIGKILL' || code === 128 + 9
    return { isKilled, output: stdout ?? '', errors: stderr ?? '' }
  }
}
