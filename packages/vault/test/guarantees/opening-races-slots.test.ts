/** Opening a vault while another handle changes its unlock slots. */

import { describe, expect, it } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { createVault, generateKey, openVault, passphrase, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf, expectFailure } from '../support/failures.js'
import { sharedMemory } from '../support/test-vault.js'

/** The same store, which lets `act` happen between the answer to a call and its delivery. */
function interruptedStorage(
  inner: StorageAdapter,
  isDue: (call: number) => boolean,
  act: () => Promise<unknown>,
): StorageAdapter {
  let calls = 0
  async function after<T>(answer: Promise<T>): Promise<T> {
    const given = await answer
    calls += 1
    if (isDue(calls)) await act()
    return given
  }
  return {
    read: (keys) => after(inner.read(keys)),
    scan: (range) => after(inner.scan(range)),
    commit: (commit) => after(inner.commit(commit)),
    close: () => inner.close(),
  }
}

interface Keys {
  readonly first: Unlock
  readonly second: Unlock
  readonly wrong: Unlock
}

const RAW: Keys = {
  first: rawKey(generateKey()),
  second: rawKey(generateKey()),
  wrong: rawKey(generateKey()),
}
const words = (text: string): Unlock => passphrase(text, { scryptLogN: 15 })
const WORDS: Keys = { first: words('first'), second: words('second'), wrong: words('wrong') }

type Change = (vault: Vault, keys: Keys) => Promise<unknown>

const add: Change = (vault, { first, second }) =>
  vault.addUnlockSlot({ unlock: first, newUnlock: second })
const replace: Change = (vault, { first, second }) =>
  vault.replaceUnlockSlot({ unlock: first, newUnlock: second })
/** In one round trip of the opening: no slot that it saw first is left. */
const addAndRemove: Change = async (vault, keys) => {
  const [former] = (await vault.listUnlockSlots()).slots
  await add(vault, keys)
  await vault.removeUnlockSlot({ unlock: keys.second, slotId: former?.slotId ?? '' })
}

const CHANGES: readonly (readonly [name: string, change: Change])[] = [
  ['a slot is added', add],
  ['a slot is replaced', replace],
  ['a slot is added and the first one removed', addAndRemove],
]

/** Storage calls of an opening, and some more: the change comes after each of them in turn. */
const CALLS = [1, 2, 3, 4, 5, 6]

/** What opening with `unlock` comes to when the slots change after its n-th storage call. */
async function outcomeOf(
  keys: Keys,
  change: Change,
  unlock: Unlock,
  afterCall: number,
): Promise<string> {
  const memory = sharedMemory()
  const vault = await createVault({ storage: memory.open(), unlock: keys.first })
  const isDue = (call: number): boolean => call === afterCall
  const storage = interruptedStorage(memory.open(), isDue, () => change(vault, keys))
  try {
    const opened = await openVault({ storage, unlock })
    expect((await opened.verify()).problems).toEqual([])
    return 'opened'
  } catch (error) {
    if (error instanceof Error) return codeOf(error)
    throw error
  }
}

async function outcomesOf(keys: Keys, change: Change, unlock: Unlock): Promise<string[]> {
  const outcomes: string[] = []
  for (const call of CALLS) outcomes.push(await outcomeOf(keys, change, unlock, call))
  return outcomes
}

describe.each(CHANGES)('opening with a raw key while %s', (_, change) => {
  it('refuses a wrong key as a wrong key', async () => {
    const outcomes = await outcomesOf(RAW, change, RAW.wrong)
    expect(new Set(outcomes)).toEqual(new Set(['UNLOCK_FAILED']))
  })

  it('takes the key that was right at a moment of the call', async () => {
    const before = await outcomesOf(RAW, change, RAW.first)
    const after = await outcomesOf(RAW, change, RAW.second)
    for (const outcome of [...before, ...after])
      expect(['opened', 'UNLOCK_FAILED']).toContain(outcome)
    // A change before the slots are read makes the new key right, a later one leaves the old one.
    expect(after[0]).toBe('opened')
    expect(before.at(-1)).toBe('opened')
    const isRight = CALLS.map((_call, i) => [before[i], after[i]].includes('opened'))
    expect(isRight).toEqual(CALLS.map(() => true))
  })
})

describe('opening with a passphrase while a slot is replaced', () => {
  it('refuses a wrong passphrase as a wrong passphrase', async () => {
    for (const call of [1, 2, 3]) {
      expect(await outcomeOf(WORDS, replace, WORDS.wrong, call)).toBe('UNLOCK_FAILED')
    }
  })

  it('takes the passphrase that is right in the end', async () => {
    expect(await outcomeOf(WORDS, replace, WORDS.second, 1)).toBe('opened')
    expect(await outcomeOf(WORDS, replace, WORDS.second, 2)).toBe('opened')
  })

  it('takes the one that was right when the slots were read', async () => {
    expect(await outcomeOf(WORDS, replace, WORDS.first, 3)).toBe('opened')
  })
})

describe('slots that change whenever they are looked at', () => {
  it('are given up as a conflict, not as damage', async () => {
    const memory = sharedMemory()
    const vault = await createVault({ storage: memory.open(), unlock: RAW.first })
    const storage = interruptedStorage(
      memory.open(),
      () => true,
      () => vault.replaceUnlockSlot({ unlock: RAW.first, newUnlock: RAW.first }),
    )
    await expectFailure(() => openVault({ storage, unlock: RAW.first }), 'CONFLICT')
  })
})

describe('without a change', () => {
  it('a slot that is really gone is named as missing', async () => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock: RAW.first })
    const [slot] = await storage.scan({ start: 'slot!', end: 'slot"', limit: 1 })
    await storage.commit({ guards: [], mutations: [{ key: slot?.key ?? '', value: null }] })
    await expectFailure(() => openVault({ storage, unlock: RAW.first }), 'RECORD_MISSING')
  })
})
