/**
 * The cryptographic primitives that the core takes as an argument. One implementation runs
 * everywhere (`noble-primitives.ts`), another uses `node:crypto` of Node, Bun and Deno (package
 * `stagevault`). All are synchronous and return the same bytes.
 */

/**
 * An algorithm suite of the envelope. The suite's number is part of every record and of every key
 * derivation, so a record cannot be read under another suite.
 *
 * - 1: ChaCha20-Poly1305 (RFC 8439)
 * - 2: AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce
 */
export type SuiteId = 1 | 2

export const SUITE_CHACHA20_POLY1305 = 1
export const SUITE_AES_256_GCM = 2

/** Length of every symmetric key, in bytes. */
export const KEY_BYTES = 32
/** Length of an AEAD nonce, in bytes, in both suites. */
export const NONCE_BYTES = 12
/** Length of an AEAD tag, in bytes, in both suites. Shorter tags are never accepted. */
export const TAG_BYTES = 16
/** Length of a SHA-256 digest and of an HMAC-SHA-256 tag, in bytes. */
export const DIGEST_BYTES = 32

/**
 * Arguments are valid: a key has 32 bytes, a nonce has 12. An implementation neither keeps nor
 * changes its arguments, and the caller owns its results.
 */
export interface Primitives {
  /** Names the implementation in benchmarks and diagnostics. */
  readonly name: string

  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(data: Uint8Array): Uint8Array

  /** HMAC-SHA-256 (RFC 2104) over the concatenation of `parts`: 32 bytes. Any key length. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array

  /** Ciphertext followed by the 16-byte tag. */
  aeadSeal(
    suite: SuiteId,
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array

  /**
   * The plaintext, or `null` if the tag does not verify (also if `box` is shorter than a tag). No
   * plaintext is released before the tag has been checked.
   */
  aeadOpen(
    suite: SuiteId,
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    box: Uint8Array,
  ): Uint8Array | null
}
