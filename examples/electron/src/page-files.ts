/** The page of the application on an origin of its own, and nothing else on it. */

import { readFile } from 'node:fs/promises'

export const PAGE_SCHEME = 'app'
export const PAGE_ADDRESS = 'app://vault/'

interface PageFile {
  readonly location: URL
  readonly type: string
}

/** By address. A table, because paths that are put together can lead out of a folder. */
const FILES: ReadonlyMap<string, PageFile> = new Map([
  [PAGE_ADDRESS, { location: built('../renderer/index.html'), type: 'text/html' }],
  [`${PAGE_ADDRESS}page.css`, { location: built('../renderer/page.css'), type: 'text/css' }],
  [`${PAGE_ADDRESS}page.js`, script('page.js')],
  [`${PAGE_ADDRESS}problem-words.js`, script('problem-words.js')],
])

function script(name: string): PageFile {
  return { location: built(`./renderer/${name}`), type: 'text/javascript' }
}

function built(path: string): URL {
  return new URL(path, import.meta.url)
}

/** Nothing but our own script and style, and no text that becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** Answers a request for a file of the page; 404 for everything else. */
export async function servePage({ url }: { readonly url: string }): Promise<Response> {
  const file = FILES.get(url)
  if (file === undefined) return new Response(null, { status: 404 })
  return new Response(await readFile(file.location), {
    headers: {
      'content-type': `${file.type}; charset=utf-8`,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
}
