import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Another process, and what it prints line by line. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  readonly lines: AsyncIterableIterator<string>
  /** Resolves when the process has ended and been removed. */
  readonly ended: Promise<unknown>
}

export interface ChildOptions {
  /** A command that the shell runs first, to set a limit. */
  readonly shell?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program of `children/` with these arguments. */
export function startChild(
  program: string,
  args: readonly string[],
  { shell, env = process.env }: ChildOptions = {},
): Child {
  const path = fileURLToPath(new URL(`children/${program}.mjs`, import.meta.url))
  const argv =
    shell === undefined
      ? ([process.execPath, path, ...args] as const)
      : (['/bin/sh', '-c', `${shell}; exec "$0" "$@"`, process.execPath, path, ...args] as const)
  const [command, ...rest] = argv
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'], env })
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    ended: once(child, 'exit'),
  }
}

export async function nextLine({ lines }: Child): Promise<string> {
  const { value, done } = (await lines.next()) as IteratorResult<string, unknown>
  if (done === true) throw new Error('the child ended')
  return value
}
