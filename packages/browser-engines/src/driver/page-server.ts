import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { RemoteClient } from './remote-client.js'
import { createRemoteClients } from './remote-client.js'

/** Serves pages on their own origin, which browsers treat as secure. */
export interface PageServer {
  /** Without a trailing slash. */
  readonly origin: string
  /** Expects a client to connect: the page or worker whose address contains `client`. */
  expect(): { readonly client: string; readonly connected: Promise<RemoteClient> }
  /** The address of a page that runs one of the scripts as `client`. */
  pageAddress(script: string, client: string): string
  close(): Promise<void>
}

export interface PageServerOptions {
  /** Whether pages are isolated from other origins, which also gives them an exact clock. */
  readonly isIsolated?: boolean
}

/** Fetching this path deletes the origin's storage, as when a user clears site data. */
const CLEARING_PATH = '/clear-site-data'

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** Serves scripts by name, each as its own page and as a module for workers. */
export async function startPageServer(
  scripts: Readonly<Record<string, string>>,
  { isIsolated = false }: PageServerOptions = {},
): Promise<PageServer> {
  const clients = createRemoteClients()
  const server = createServer((request, response) => {
    for (const [name, value] of isIsolated ? Object.entries(ISOLATED) : []) {
      response.setHeader(name, value)
    }
    respond(scripts, request, response)
  })
  const sockets = new WebSocketServer({ server, path: '/calls' })
  sockets.on('connection', (socket, request) => {
    const address = new URL(request.url ?? '', 'http://localhost')
    clients.connect(address.searchParams.get('client') ?? '', socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    expect: () => clients.expect(),
    pageAddress: (script, client) => `${origin}/pages/${script}?client=${client}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function respond(
  scripts: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname } = new URL(request.url ?? '', 'http://localhost')
  if (pathname === CLEARING_PATH) {
    response.writeHead(200, { 'clear-site-data': '"storage"' }).end()
    return
  }
  const [, kind, name = ''] = /^\/(pages|scripts)\/([\w-]+)(?:\.js)?$/.exec(pathname) ?? []
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  if (script === undefined) {
    response.writeHead(404).end()
    return
  }
  const type = kind === 'pages' ? 'text/html' : 'text/javascript'
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` })
  response.end(kind === 'pages' ? page(name) : script)
}

function page(name: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="data:,"><script type="module" src="/scripts/${name}.js"></script>
</head><body></body></html>`
}
