/** The page as it is published: built by Vite, served with its headers. */
import type { IncomingMessage } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Site {
  /** Serves it at an origin of its own, where there is no vault yet. */
  readonly open: () => Promise<ServedSite>
  readonly close: () => Promise<void>
}

export interface ServedSite {
  readonly address: string
  /** Everything that was asked for: paths with their queries, by whatever in the browser. */
  readonly requests: readonly string[]
  /** Serves it no longer. */
  readonly stop: () => Promise<void>
}

export async function buildSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'browser-vault-'))
  const options = { root: ROOT, logLevel: 'error', build: { outDir: folder } } as const
  await build({ ...options, build: { outDir: folder, emptyOutDir: true } })
  const closings: (() => Promise<void>)[] = []
  return {
    open: async () => {
      const server = await preview({ ...options, preview: { port: 0 } })
      let closing: Promise<void> | null = null
      const stop = (): Promise<void> => (closing ??= server.close())
      closings.push(stop)
      const [address] = server.resolvedUrls?.local ?? []
      if (address === undefined) throw new Error('the page is not served')
      const requests: string[] = []
      server.httpServer.on('request', (request: IncomingMessage) => {
        requests.push(request.url ?? '')
      })
      return { address, requests, stop }
    },
    close: async () => {
      for (const close of closings) await close()
      rmSync(folder, { recursive: true })
    },
  }
}
