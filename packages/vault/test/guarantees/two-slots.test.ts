/** A passphrase has one slot at most: with two it would stay valid after it was replaced. */

import { describe, expect, it } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { createVault, generateKey, keyProvider, openVault, passphrase, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure } from '../support/failures.js'
import { dumpRecords, keysOf } from '../support/stored-records.js'
import { sharedMemory } from '../support/test-vault.js'

const words = (text: string): Unlock => passphrase(text, { scryptLogN: 15 })
const key = rawKey(generateKey())

/** A provider that wraps nothing: it gives the same key again for what it stored. */
function provider(): Unlock {
  const kept = generateKey()
  return keyProvider({
    name: 'test',
    createKey: () => Promise.resolve({ key: new Uint8Array(kept), data: Uint8Array.of(1) }),
    loadKey: () => Promise.resolve(new Uint8Array(kept)),
  } as unknown as Parameters<typeof keyProvider>[0])
}
