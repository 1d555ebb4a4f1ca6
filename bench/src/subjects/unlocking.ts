/** Opening a vault: the derivation of a passphrase has to be the whole cost of it. */
import { randomFillSync, scrypt } from 'node:crypto'
import { join } from 'node:path'
import {
  DESCRIPTOR_KEY,
  DELETION_KEYS,
  KEYRING_KEY,
  SLOT_KEYS,
} from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage } from '@stagevault/storage-level'
import { generateKey, passphrase, rawKey } from 'stagevault'
import type { Comparison, Subject } from '../comparison.js'
import { createOpenSubject, PASSPHRASE } from '../vault-subjects/open-subject.js'
import { check } from '../comparison.js'
import type { PrepareSuite } from '../suite.js'

function scryptSubject(logN: number): Subject {
  const salt = randomFillSync(new Uint8Array(32))
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 128 * 8 * (2 ** logN + 8) }
  const derive = () =>
    new Promise<Uint8Array>((resolve, reject) => {
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
    const due = await storage.scan({ ...DELETION_KEYS, limit: 32 })
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
  const underKey = await createLevelStorage({ location: join(folder, 'raw-key') })
  const underPhrase = await createLevelStorage({ location: join(folder, 'passphrase') })
  const comparisons: Comparison[] = [
    {
      title: 'open a vault with a raw key, LevelDB',
      subjects: [await createOpenSubject('raw key', underKey, key), readsSubject(underKey)],
    },
    {
      title: 'open a vault with a passphrase, LevelDB',
      subjects: [
        await createOpenSubject('passphrase', underPhrase, phrase),
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
