/** In a page or a worker: one caller of a vault that others have open too. */

import type { CallTable } from '@stagevault/browser-engines/page'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { ACCOUNT_ID, REGION } from '../model/scope.js'
import type { Operation } from '../model/operation.js'
import { perform } from '../model/operation.js'
import { fromWire, toWire } from './wire.js'

export interface JoinOrder {
  /** The name of the database. */
  readonly location: string
  readonly limits: Readonly<Record<string, number>>
  /** What the clocks of all callers say. */
  readonly now: number
  /** Whether this one makes the vault. */
  readonly isFirst: boolean
}

const KEY = new Uint8Array(32).fill(3)

let vault: Vault | null = null
let writing: { isOver: boolean; readonly done: Promise<number> } | null = null

function joined(): Vault {
  if (vault === null) throw new Error('this caller has no vault open')
  return vault
}

export const raceCalls: CallTable = {
  join: async ({ location, limits, now, isFirst }: JoinOrder) => {
    const options = {
      location,
      durability: 'relaxed',
      unlock: rawKey(KEY),
      clock: () => now,
    } as const
    vault = isFirst
      ? await createVault({ ...options, limits, region: REGION, accountId: ACCOUNT_ID })
      : await openVault(options)
  },
  perform: async (operation: unknown) =>
    toWire(await perform(joined(), fromWire(operation) as Operation)),
  /** Puts one value after another, from in here: calls from outside come with pauses. */
  startWriting: (secretName: string) => {
    const state = { isOver: false }
    const write = async (): Promise<number> => {
      let puts = 0
      for (; !state.isOver; puts++) await joined().putSecretValue({ secretName, secretData: 'x' })
      return puts
    }
    writing = Object.assign(state, { done: write() })
    return Promise.resolve()
  },
  /** How many it has put. */
  stopWriting: async () => {
    if (writing === null) throw new Error('this caller does not write')
    writing.isOver = true
    return writing.done
  },
  /** Creates secrets at once: what failed, and how many commits were tried. */
  createMany: async ({ prefix, count }: { readonly prefix: string; readonly count: number }) => {
    const { prototype } = IDBDatabase
    const own = Object.getOwnPropertyDescriptor(prototype, 'transaction')
    if (own === undefined) throw new Error('there is no transaction to count')
    const begin = own.value as IDBDatabase['transaction']
    let commits = 0
    Object.defineProperty(prototype, 'transaction', {
      ...own,
      value(this: IDBDatabase, ...args: Parameters<IDBDatabase['transaction']>) {
        if (args[1] === 'readwrite') commits += 1
        return begin.apply(this, args)
      },
    })
    try {
      const outcomes = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          perform(joined(), {
            name: 'createSecret',
            request: { secretName: `${prefix}-${i}`, secretData: 'x' },
          }),
        ),
      )
      return { failed: outcomes.filter((outcome) => 'code' in outcome), commits }
    } finally {
      Object.defineProperty(prototype, 'transaction', own)
    }
  },
  problems: async () => (await joined().verify()).problems,
  leave: async () => {
    await joined().close()
    vault = null
  },
}
