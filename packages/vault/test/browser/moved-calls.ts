/** In a page: a vault that came from elsewhere, record by record. */

import type { CallTable } from '@stagevault/browser-engines/page'
import { copyStorage } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import { openVault, passphrase, rawKey } from 'stagevault'
import { describeWhole } from './described-vault.js'
import type { StoredRecord } from './moved-records.js'
import { fillStorage, recordsOf } from './moved-records.js'

export interface MovedOrder {
  /** The name of the database. */
  readonly name: string
  readonly key: readonly number[] | string
  /** What the clock says. */
  readonly time: number
}

export const movedCalls: CallTable = {
  moveIn: async ({ name, records }: { name: string; records: readonly StoredRecord[] }) => {
    const from = createMemoryStorage()
    await fillStorage(from, records)
    const to = await createIdbStorage({ name })
    const { copied } = await copyStorage(from, to)
    await to.close()
    return copied
  },
  moveOut: async (name: string) => {
    const from = await openIdbStorage({ name })
    const to = createMemoryStorage()
    await copyStorage(from, to)
    await from.close()
    return recordsOf(to)
  },
  describeMoved: async ({ name, key, time }: MovedOrder) => {
    const unlock = typeof key === 'string' ? passphrase(key) : rawKey(Uint8Array.from(key))
    const vault = await openVault({ location: name, unlock, clock: () => time })
    const whole = await describeWhole(vault)
    await vault.close()
    return whole
  },
}
