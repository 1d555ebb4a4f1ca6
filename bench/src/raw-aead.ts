/** `node:crypto` alone: what sealing and opening costs at the least, with nothing around it. */
import { createCipheriv, createDecipheriv, randomFillSync, type CipherGCMTypes } from 'node:crypto'

// Node's types know one set of signatures for each algorithm; GCM's are right for this one.
const ALGORITHM = 'chacha20-poly1305' as string as CipherGCMTypes
const TAG = { authTagLength: 16 } as const
const TAG_BYTES = 16

export interface RawAead {
  readonly seal: (plaintext: Uint8Array) => Uint8Array
  /** Throws where the box was changed. */
  readonly open: (box: Uint8Array) => Uint8Array
}

/** ChaCha20-Poly1305 under one random key and nonce, with 128 bytes of associated data. */
export function createRawAead(): RawAead {
  const key = randomFillSync(new Uint8Array(32))
  const nonce = randomFillSync(new Uint8Array(12))
  const aad = randomFillSync(new Uint8Array(128))
  return {
    seal: (plaintext) => {
      const cipher = createCipheriv(ALGORITHM, key, nonce, TAG)
      cipher.setAAD(aad)
      const body = cipher.update(plaintext)
      cipher.final()
      const box = new Uint8Array(body.length + TAG_BYTES)
      box.set(body)
      box.set(cipher.getAuthTag(), body.length)
      return box
    },
    open: (box) => {
      const split = box.length - TAG_BYTES
      const decipher = createDecipheriv(ALGORITHM, key, nonce, TAG)
      decipher.setAAD(aad)
      decipher.setAuthTag(box.subarray(split))
      const body = decipher.update(box.subarray(0, split))
      decipher.final()
      return body
    },
  }
}
