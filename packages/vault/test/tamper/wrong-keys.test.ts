/** Goal F12: a wrong key or passphrase is told as such, opens nothing and changes nothing. */

import { describe, expect, it } from 'vitest'
import { passphrase, rawKey } from 'stagevault'
import { seededBytes } from '../primitives/implementations.js'
import { expectFailure } from '../support/failures.js'
import { CIPHERS, createSampleVault, openSample, recordsOf } from '../support/sample-vault.js'
import { TEST_KEY } from '../support/test-vault.js'

const RANDOM_KEYS = 2_000

describe.each(CIPHERS)('a raw key that is not the one (%s)', (cipher) => {
  it('opens nothing: 2,000 random keys, and all that differ in one bit', async () => {
    const { data } = await createSampleVault({ cipher })
    const before = recordsOf(data)
    const random = seededBytes(12)
    for (let i = 0; i < RANDOM_KEYS; i++) {
      await expectFailure(() => openSample(data, rawKey(random.bytes(32))), 'UNLOCK_FAILED')
    }
    for (let bit = 0; bit < 256; bit++) {
      const key = new Uint8Array(TEST_KEY)
      key[bit >>> 3] = (key[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
      await expectFailure(() => openSample(data, rawKey(key)), 'UNLOCK_FAILED')
    }
    expect(recordsOf(data)).toEqual(before)
    await openSample(data, rawKey(new Uint8Array(TEST_KEY)))
  })
})

describe('a passphrase that is not the one', () => {
  const right = 'Zoë’s ﬁrst pass'

  it('opens nothing; composed and decomposed forms are the same, compatible ones are not', async () => {
    const unlock = passphrase(right.normalize('NFC'), { scryptLogN: 15 })
    const { data } = await createSampleVault({ unlock })
    const before = recordsOf(data)
    expect(right.normalize('NFD')).not.toBe(right.normalize('NFC'))
    await openSample(data, passphrase(right.normalize('NFD')))
    const wrong = [
      right.normalize('NFKC'),
      right.toUpperCase(),
      `${right} `,
      ` ${right}`,
      right.slice(0, -1),
      // The last bit of the last byte.
      `${right.slice(0, -1)}r`,
      `${right}\u0301`,
      'x',
    ]
    for (const text of wrong) {
      await expectFailure(() => openSample(data, passphrase(text)), 'UNLOCK_FAILED')
    }
    expect(recordsOf(data)).toEqual(before)
  })

  it('is not opened by the raw key of another vault, nor the other way round', async () => {
    const locked = await createSampleVault({ unlock: passphrase(right, { scryptLogN: 15 }) })
    await expectFailure(() => openSample(locked.data, rawKey(TEST_KEY)), 'UNLOCK_FAILED')
    const { data } = await createSampleVault()
    await expectFailure(() => openSample(data, passphrase(right)), 'UNLOCK_FAILED')
  })
})
