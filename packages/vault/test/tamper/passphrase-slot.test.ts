/**
 * A vault under a passphrase whose records are damaged: what is damaged is told as damage, and told
 * before the passphrase costs anything.
 */

import { describe, expect, it } from 'vitest'
import { passphrase } from 'stagevault'
import { isIntegrityError } from '@stagevault/core/errors'
import { countingUnlock } from '../support/counting-unlock.js'
import { failureOf } from '../support/failures.js'
import { createSampleVault, kindOf, openSample, recordsOf } from '../support/sample-vault.js'

const unlock = countingUnlock(passphrase('correct horse', { scryptLogN: 15 }))

/** How many keys were derived while every flip in the records of a kind was refused. */
async function derivationsOfFlips(kind: string): Promise<{ flips: number; derived: number }> {
  const { data } = await createSampleVault({ unlock, hasOneSlot: true })
  const [key, value] = [...recordsOf(data)].find(([each]) => kindOf(each) === kind) ?? []
  if (key === undefined || value === undefined) throw new Error(`there is no ${kind}`)
  unlock.take()
  for (let bit = 0; bit < 8 * value.length; bit++) {
    const damaged = new Uint8Array(value)
    damaged[bit >>> 3] = (value[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
    data.apply([{ key, value: damaged }])
    const error = await failureOf(() => openSample(data, unlock))
    if (!isIntegrityError(error)) expect(error).toBe(`no integrity error at bit ${String(bit)}`)
  }
  data.apply([{ key, value }])
  const derived = unlock.take().length
  await openSample(data, unlock)
  expect(unlock.take()).toHaveLength(1)
  return { flips: 8 * value.length, derived }
}

describe('every bit flipped in a vault under a passphrase', () => {
  it.each(['slot', 'descriptor'])('of the %s: refused, and no key is derived', async (kind) => {
    const { flips, derived } = await derivationsOfFlips(kind)
    expect(flips).toBeGreaterThan(800)
    expect(derived).toBe(0)
  })

  it('of the keyring: refused as damage, at the latest once the key is there to tell', async () => {
    const { flips, derived } = await derivationsOfFlips('keyring')
    expect(derived).toBeLessThan(flips)
    // Flips in the list of slots, and in the lengths before it, tell themselves.
    expect(flips - derived).toBeLessThan(400)
  })
})
