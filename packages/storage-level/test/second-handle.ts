import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Where a second handle is: each has less in common with the test than the one before. */
export type Where = 'worker' | 'process' | 'container' | 'process without /proc'

/** A handle in another thread or process. Calls answer with what came of them, or with a code. */
export interface SecondHandle {
  readonly call: (name: string, ...args: readonly (string | number)[]) => Promise<unknown>
  /** Ends it at once, without closing anything. */
  readonly kill: () => Promise<void>
}

interface Answer {
  readonly id: number
  readonly answer: unknown
}

type Receive = (answer: Answer) => void

interface Channel {
  readonly send: (message: object) => void
  readonly kill: () => Promise<void>
}

const PROGRAM = new URL('children/second-handle.mjs', import.meta.url)

/** What makes a container of a process, as far as processes see one another. */
export const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']

const WITHOUT_PROC = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs none /proc && exec "$@"',
  'sh',
]

export function startSecondHandle(where: Where): SecondHandle {
  const waiting = new Map<number, (answer: unknown) => void>()
  let last = 0
  const receive: Receive = ({ id, answer }) => {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  }
  const channel = where === 'worker' ? openThread(receive) : openProcess(where, receive)
  return {
    call: (call, ...args) =>
      new Promise((resolve) => {
        waiting.set((last += 1), resolve)
        channel.send({ id: last, call, args })
      }),
    kill: channel.kill,
  }
}

function openThread(receive: Receive): Channel {
  const thread = new Worker(PROGRAM)
  thread.on('message', receive)
  return {
    send: (message) => {
      thread.postMessage(message)
    },
    kill: async () => {
      await thread.terminate()
    },
  }
}

function openProcess(where: Where, receive: Receive): Channel {
  const program = [process.execPath, fileURLToPath(PROGRAM)]
  const prefix =
    where === 'container' ? CONTAINER : where === 'process without /proc' ? WITHOUT_PROC : []
  const [command = '', ...args] = [...prefix, ...program]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', (line) => {
    receive(JSON.parse(line) as Answer)
  })
  const ended = once(child, 'exit')
  return {
    send: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
