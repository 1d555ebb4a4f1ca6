import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { spawn } from 'node:child_process'

/** A program that runs during the test, with the programs that it starts. */
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
  // A separate process group, so that the program can be ended together with its children.
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
    // The program has just ended by itself.
  }
}
