/** Opening a vault: the derivation of a passphrase has to be the whole cost of it. */
import { randomFillSync, scrypt } from 'node:crypto'
import { join } from 'node:path'
import {
  DESCRIPTOR_KEY, DUE_KEYS, KEYRING_KEY, SLOT_KEYS,
} from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage } from '@stagevault/storage-level'
import { createVault, generateKey, openVault, passphrase, rawKey, type Unlock } from 'stagevault'
import type { Comparison, PrepareSuite, Subject } from '../comparison.js'
import { check } from '../comparison.js'

const PASSPHRASE = 'correct horse battery staple'

/** A vault of its own, for one kind of unlock each. */
async function storageOf(
  folder: string, name: string, unlock: Unlock,
): Promise<StorageAdapter> {
  const storage = await createLevelStorage({ location: join(folder, name) })
  const vault = await createVault({ storage, unlock })
  await vault.createSecret({ secretName: 'canary', secretData: name })
  await vault.close()
  return storage
}

function openingSubject(name: string, storage: StorageAdapter, unlock: Unlock): Subject {
  return {
    kind: 'async',
    name: `openVault and close, ${name}`,
    run: async () => {
      const vault = await openVault({ storage, unlock })
      await vault.close()
    },
    verify: async () => {
      const vault = await openVault({ storage, unlock })
      const { secretData } = await vault.getSecretValue({ secretName: 'canary' })
      check(secretData === `unlocking-${name}`, 'another vault')
      await vault.close()
    },
  }
}

function scryptSubject(logN: number): Subject {
  const salt = randomFillSync(new Uint8Array(32))
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 128 * 8 * (2 ** logN + 8) }
  const derive = () => new Promise<Uint8Array>((resolve, reject) => {
    scrypt(PASSPHRASE, salt, 32, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
  return {
    kind: 'async',
    name: `crypto.scrypt, N = 2^${logN}`,
    run: derive,
    verify: async () => {
      const [once, again] = [await derive(), await derive()]
      check(once.length === 32 && Buffer.compare(once, again) === 0, 'another key')
    },
  }
}

/** The reads that opening makes, and nothing but them. */
function readsSubject(storage: StorageAdapter): Subject {
  const readAll = async (): Promise<number> => {
    const [descriptor] = await storage.read([DESCRIPTOR_KEY, KEYRING_KEY])
    const slots = await storage.scan({ ...SLOT_KEYS, limit: 32 })
    const due = await storage.scan({ ...DUE_KEYS, limit: 32 })
    return (descriptor?.length ?? 0) + slots.length + due.length
  }
  return {
    kind: 'async',
    name: 'the reads that it makes',
    run: readAll,
    verify: async () => {
      check((await readAll()) > 1, 'no vault')
    },
  }
}

export const prepareUnlocking: PrepareSuite = async ({ folder, scale }) => {
  const { scryptLogN } = scale
  const key = rawKey(generateKey())
  const phrase = passphrase(PASSPHRASE, { scryptLogN })
  const underKey = await storageOf(folder, 'unlocking-raw key', key)
  const underPhrase = await storageOf(folder, 'unlocking-passphrase', phrase)
  const comparisons: Comparison[] = [
    {
      title: 'open a vault with a raw key, LevelDB',
      subjects: [openingSubject('raw key', underKey, key), readsSubject(underKey)],
    },
    {
      title: 'open a vault with a passphrase, LevelDB',
      subjects: [
        openingSubject('passphrase', underPhrase, phrase),
        scryptSubject(scryptLogN),
      ],
    },
  ]
  return {
    name: 'unlocking',
    comparisons,
    close: async () => {
      await underKey.close()
      await underPhrase.close()
    },
  }
}
