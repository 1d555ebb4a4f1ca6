import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { spawn } from 'node:child_process'

/** A program that runs beside the test, with what it starts itself. */
export interface RunningProgram {
  readonly child: ChildProcess
  /** Ends the program and everything in its process group. */
  end(): Promise<void>
}

export function startProgram(
  path: string,
  args: readonly string[],
  options: SpawnOptions,
): RunningProgram {
  // A group of its own, so that it can be ended together with its children.
  const child = spawn(path, args, { ...options, detached: true })
  let failure: Error | null = null
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.once('error', (error) => {
      failure = error
      resolve()
    })
  })
  return {
    child,
    end: async () => {
      if (failure === null && child.exitCode === null && child.signalCode === null) {
        signalGroup(child)
      }
      await ended
    },
  }
}

function signalGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself a moment ago.
  }
}
