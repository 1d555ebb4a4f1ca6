/**
 * A plain `Uint8Array` that owns its whole memory, from what a native call returned. Node gives
 * each result of `node:crypto` memory of its own, but promises nothing: a `Buffer` may also be a
 * window on a pool of 8 KiB shared with unrelated data, and a secret must not stay in there.
 */
export function ownBytes(native: Uint8Array): Uint8Array {
  if (native.byteLength === native.buffer.byteLength) return new Uint8Array(native.buffer)
  const copy = new Uint8Array(native)
  native.fill(0)
  return copy
}
