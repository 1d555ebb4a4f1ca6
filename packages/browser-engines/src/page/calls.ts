/**
 * The calls of a test that a page or worker answers: by name, with arguments and results as JSON.
 * They use a WebSocket, so that all engines are driven in the same way and a closed page is
 * detected immediately.
 */
export type CallTable = Readonly<Record<string, (argument: never) => unknown>>

interface CallMessage {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** Connects this page or worker to the test. The script's address contains the client's id. */
export function serveCalls(table: CallTable): void {
  const { host, search } = self.location
  const client = new URLSearchParams(search).get('client') ?? ''
  const socket = new WebSocket(`ws://${host}/calls?client=${client}`)
  const calls: CallTable = { ...table, ...WORKER_CALLS }
  socket.onmessage = ({ data }) => {
    const { id, name, argument } = JSON.parse(String(data)) as CallMessage
    void answer(calls, name, argument).then((outcome) => {
      socket.send(JSON.stringify({ id, ...outcome }))
    })
  }
}

async function answer(calls: CallTable, name: string, argument: unknown): Promise<object> {
  try {
    const call = calls[name]
    if (call === undefined) throw new Error(`this page has no call ${name}`)
    return { answer: await call(argument as never) }
  } catch (error) {
    return { error: describeError(error) }
  }
}

/** Describes an error with its causes, and its code if it has one. */
export function describeError(error: unknown): string {
  const lines: string[] = []
  let at: unknown = error
  while (typeof at === 'object' && at !== null && 'message' in at) {
    const { name, code, message, stack = '', cause } = at as Error & { readonly code?: unknown }
    // Exceptions of the DOM have a numeric code, which says less than their name.
    const shown = typeof code === 'string' ? ` ${code}` : ''
    lines.push(`${name}${shown}: ${message}\n${stack}`)
    at = cause
  }
  return lines.length === 0 ? String(error) : lines.join('\ncaused by ')
}

const WORKERS = new Map<string, Worker>()

/** Workers connect as separate clients; the page only starts and ends them. */
const WORKER_CALLS: CallTable = {
  startWorker: ({ script, client }: { readonly script: string; readonly client: string }) => {
    const address = `/scripts/${script}.js?client=${client}`
    WORKERS.set(client, new Worker(address, { type: 'module' }))
  },
  endWorker: (client: string) => {
    WORKERS.get(client)?.terminate()
    WORKERS.delete(client)
  },
}
