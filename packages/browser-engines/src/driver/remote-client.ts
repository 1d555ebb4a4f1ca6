import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'

/** A page or a worker that answers calls. */
export interface RemoteClient {
  /** Rejects with the error's text, or if the client disconnects before it has answered. */
  call<T = unknown>(name: string, argument?: unknown): Promise<T>
}

/** How long a page may take to start: engines are slow on a busy machine. */
const START_MS = 60_000

export interface RemoteClients {
  expect(): { readonly client: string; readonly connected: Promise<RemoteClient> }
  connect(client: string, socket: WebSocket): void
}

export function createRemoteClients(): RemoteClients {
  const expected = new Map<string, (socket: WebSocket) => void>()
  return {
    expect: () => {
      const client = randomUUID()
      const connected = new Promise<RemoteClient>((resolve, reject) => {
        const timer = setTimeout(() => {
          expected.delete(client)
          reject(new Error(`no page answered within ${START_MS / 1_000} s`))
        }, START_MS)
        expected.set(client, (socket) => {
          clearTimeout(timer)
          expected.delete(client)
          resolve(remoteClient(socket))
        })
      })
      // If opening the page fails, this promise is never awaited; avoid an unhandled rejection.
      connected.catch(() => undefined)
      return { client, connected }
    },
    connect: (client, socket) => {
      const accept = expected.get(client)
      if (accept === undefined) socket.close()
      else accept(socket)
    },
  }
}

interface Answer {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
}

function remoteClient(socket: WebSocket): RemoteClient {
  const waiting = new Map<number, Waiting>()
  let calls = 0
  socket.on('message', (data: Buffer) => {
    const { id, answer, error } = JSON.parse(data.toString('utf8')) as Answer
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    if (error === undefined) resolve?.(answer as never)
    else reject?.(new Error(error))
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the page disconnected'))
    waiting.clear()
  })
  return {
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) {
          reject(new Error('the page has disconnected'))
          return
        }
        calls += 1
        waiting.set(calls, { resolve, reject })
        socket.send(JSON.stringify({ id: calls, name, argument }))
      }),
  }
}
