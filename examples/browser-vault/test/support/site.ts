/** The page as it is published: built by Vite, served with its headers. */
import type { IncomingMessage } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import { PLANTER, plantingScript } from './planted-vault.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OPTIONS = { root: ROOT, logLevel: 'error' } as const

export interface Site {
  /** Serves it at an origin of its own, where there is no vault yet. */
  readonly open: () => Promise<ServedSite>
  /** Serves it no longer, at no origin. */
  readonly close: () => Promise<void>
}

export interface ServedSite {
  readonly address: string
  /** Everything that was requested, by any part of the browser: paths with their queries. */
  readonly requests: readonly string[]
  /** Serves it no longer. */
  readonly stop: () => Promise<void>
}

/** The page that was built last, for as long as a server uses it. */
let built: Promise<string> | null = null
let servers = 0

async function buildPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'browser-vault-'))
  await build({ ...OPTIONS, build: { outDir: folder, emptyOutDir: true } })
  writeFileSync(join(folder, PLANTER), await plantingScript())
  return folder
}

export async function openSite(): Promise<Site> {
  servers += 1
  const outDir = await (built ??= buildPage())
  const closings: (() => Promise<void>)[] = []
  return {
    open: async () => {
      const server = await preview({ ...OPTIONS, build: { outDir }, preview: { port: 0 } })
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
      servers -= 1
      if (servers > 0) return
      built = null
      rmSync(outDir, { recursive: true })
    },
  }
}
