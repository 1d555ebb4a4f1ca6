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

/** In the page as well, for who serves it without the headers. */
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

// The scripts in dist/ are made by tsc; what is made of them here, to be served, goes to site/.
export default defineConfig({
  base: './',
  // What is not there is not found, and is no other page.
  appType: 'mpa',
  plugins: [policyInPage],
  build: {
    outDir: 'site',
    target: 'es2022',
    // Small files as data: URLs would need a weaker policy, and the polyfill is inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  // Another port would be another origin, where there is no vault.
  preview: { host: '127.0.0.1', port: 4780, strictPort: true, headers: HEADERS },
})
