import { defineConfig } from 'vite'

/** Nothing but the page's own files, and no requests of any kind once they are loaded. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "worker-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
]

/** `frame-ancestors` and the rest mean something in a header only. */
const HEADERS = {
  'Content-Security-Policy': [...CONTENT_POLICY, "frame-ancestors 'none'"].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** In the page too, for servers that do not send the headers. */
const policyInPage = {
  name: 'content-policy-in-page',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_POLICY.join('; ') },
      injectTo: 'head-prepend',
    },
  ],
}

/** What the page imports when it is needed; an unlock needs all of the others. */
const NOT_FOR_UNLOCKING = /verify|strength/

/** Has a browser load with the page what an unlock imports: its server may be away by then. */
const preloadForUnlocking = {
  name: 'preload-for-unlocking',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) =>
      Object.values(bundle)
        .filter(({ isDynamicEntry, name }) => isDynamicEntry && !NOT_FOR_UNLOCKING.test(name))
        .flatMap(({ fileName, imports }) => [fileName, ...imports])
        .filter((fileName, place, all) => all.indexOf(fileName) === place)
        .filter((fileName) => !html.includes(fileName))
        .map((fileName) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
          injectTo: 'head',
        })),
  },
}

const KEPT = 'public, max-age=31536000, immutable'
const ASKED_FOR = 'no-cache'

/** A file whose name holds its hash never changes; the page itself is asked for each time. */
const keepHashedFiles = {
  name: 'keep-hashed-files',
  configurePreviewServer: ({ middlewares }) => {
    middlewares.use(({ url }, response, next) => {
      response.setHeader('Cache-Control', url.startsWith('/assets/') ? KEPT : ASKED_FOR)
      next()
    })
    // What is not there may be there later.
    return () =>
      middlewares.use((_request, response, next) => {
        response.setHeader('Cache-Control', ASKED_FOR)
        next()
      })
  },
}

// The scripts in dist/ are made by tsc; what is made of them here, to be served, goes to site/.
export default defineConfig({
  base: './',
  // What is not there is not found, and is no other page.
  appType: 'mpa',
  plugins: [policyInPage, preloadForUnlocking, keepHashedFiles],
  build: {
    outDir: 'site',
    target: 'es2022',
    // Small files as data: URLs would need a weaker policy, and the polyfill is inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // In one file: a worker has loaded all of itself before it is asked for a key.
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: false } } },
  // Another port would be another origin, where there is no vault.
  preview: { host: '127.0.0.1', port: 4780, strictPort: true, headers: HEADERS },
})
