/**
 * The primitives in JavaScript: for every runtime without `node:crypto`, and as the reference in
 * tests.
 */
import { gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { nobleSuites } from './noble-suites.js'
import type { Primitives } from './primitives.js'
import { SUITE_AES_256_GCM, SUITE_CHACHA20_POLY1305 } from './primitives.js'

/**
 * The implementation that runs everywhere. Its AES uses lookup tables, so its timing may leak
 * through caches; its ChaCha20-Poly1305 does not.
 */
export const noblePrimitives: Primitives = /* @__PURE__ */ nobleSuites({
  [SUITE_CHACHA20_POLY1305]: chacha20poly1305,
  [SUITE_AES_256_GCM]: gcm,
})
