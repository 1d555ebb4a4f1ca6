/** The primitives in JavaScript, for vaults with ChaCha20-Poly1305, the default suite. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { nobleSuites } from './noble-suites.js'
import type { Primitives } from './primitives.js'
import { SUITE_CHACHA20_POLY1305 } from './primitives.js'

export const nobleChaCha: Primitives = /* @__PURE__ */ nobleSuites({
  [SUITE_CHACHA20_POLY1305]: chacha20poly1305,
})
