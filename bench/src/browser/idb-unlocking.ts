/** Opening a vault in a page: the derivation of a passphrase has to be the whole cost of it. */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { createIdbStorage } from '@stagevault/storage-idb'
import { passphrase } from 'stagevault'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes } from '../payloads.js'
import type { Scale } from '../suite.js'
import { createOpenSubject, PASSPHRASE } from '../vault-subjects/open-subject.js'

function scryptSubject(logN: number): Subject {
  const salt = crypto.getRandomValues(new Uint8Array(32))
  const derive = (): Promise<Uint8Array> =>
    scryptAsync(PASSPHRASE, salt, {
      N: 2 ** logN,
      r: 8,
      p: 1,
      dkLen: 32,
      maxmem: 128 * 8 * (2 ** logN + 8),
    })
  return {
    kind: 'async',
    name: `scrypt of noble, N = 2^${logN}`,
    aim: 1.1,
    run: derive,
    verify: async () => {
      const [once, again] = [await derive(), await derive()]
      check(once.length === 32 && isSameBytes(once, again), 'another key')
    },
  }
}

export async function prepareIdbUnlocking({ scryptLogN }: Scale): Promise<Comparison[]> {
  const storage = await createIdbStorage({ name: 'unlocking' })
  const unlock = passphrase(PASSPHRASE, { scryptLogN })
  return [
    {
      title: 'open a vault with a passphrase, IndexedDB',
      isOneByOne: true,
      subjects: [await createOpenSubject('passphrase', storage, unlock), scryptSubject(scryptLogN)],
    },
  ]
}
