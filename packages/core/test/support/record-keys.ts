import { createHash, createHmac } from 'node:crypto'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { sealRecord } from '@stagevault/core/records/record-frame'
import { createByteWriter } from '@stagevault/core/bytes'

/** Bytes that differ from place to place and from seed to seed. */
export function someBytes(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 57 + 11) % 256)
}

/** The hashes of Node give the same bytes, in a fraction of the time. */
export const TEST_PRIMITIVES: Primitives = {
  ...noblePrimitives,
  sha256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  hmacSha256: (key, ...parts) => {
    const mac = createHmac('sha256', key)
    for (const part of parts) mac.update(part)
    return new Uint8Array(mac.digest())
  },
}

export const TEST_KEYS: RecordKeys = {
  primitives: TEST_PRIMITIVES,
  vaultId: someBytes(16, 2),
  macKey: someBytes(32, 3),
}

/** Bytes with a MAC that fits them and their place: what only a holder of the keys can make. */
export function withMac(storageKey: string, body: Uint8Array): Uint8Array {
  const writer = createByteWriter()
  writer.bytes(body)
  return sealRecord(TEST_KEYS, storageKey, writer)
}
