/** Slots beyond the limit: planted ones must not hide the one that opens the vault. */

import { describe, it } from 'vitest'
import { generateKey, rawKey } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import { vaultWithSecret } from '../support/test-vault.js'

describe('unlock slots', () => {
  it('more than a vault can have are refused as damage, not as a wrong key', async () => {
    const { storage, open } = await vaultWithSecret()
    const [slot = ''] = await keysOf(storage, 'slot!')
    const record = await recordAt(storage, slot)
    for (let i = 0; i < 31; i++) {
      await overwrite(storage, `slot!${i.toString(16).padStart(32, '0')}`, record)
    }
    await open()
    await overwrite(storage, `slot!${'0'.repeat(30)}ff`, record)
    await expectFailure(() => open(), 'RECORD_MISMATCH')
  })

  it('that were planted do not make a wrong key look like damage', async () => {
    const { storage, open } = await vaultWithSecret()
    const [slot = ''] = await keysOf(storage, 'slot!')
    for (const record of [Uint8Array.of(1, 2, 3), await recordAt(storage, slot)]) {
      await overwrite(storage, `slot!${'0'.repeat(32)}`, record)
      await open()
      await expectFailure(() => open({ unlock: rawKey(generateKey()) }), 'UNLOCK_FAILED')
    }
    // One that is the vault's own is another matter: it may have been the one for this key.
    await overwrite(storage, slot, Uint8Array.of(1, 2, 3))
    await expectFailure(() => open({ unlock: rawKey(generateKey()) }), 'MALFORMED_RECORD')
  })
})
