/** LevelDB could not close: the vault is closed for operations, and closing can be tried again. */

import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createVault, openVault, rawKey } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const require = createRequire(import.meta.resolve('@stagevault/storage-level'))
const { Level } = require('level') as { Level: { prototype: { close: () => Promise<void> } } }

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagevault-close-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

it('a close that failed reaches LevelDB again, and then the folder can be opened', async () => {
  const location = join(folder, 'vault')
  const vault = await createVault({ location, unlock })
  await vault.createSecret({ secretName: 'S', secretData: 'x' })
  const { close } = Level.prototype
  let failures = 2
  Level.prototype.close = function closeLate(this: object) {
    failures -= 1
    return failures < 0 ? close.call(this as never) : Promise.reject(new Error('not now'))
  }
  try {
    await expectFailure(() => vault.close(), 'STORAGE_UNAVAILABLE')
    await expectFailure(() => vault.getSecretValue({ secretName: 'S' }), 'VAULT_CLOSED')
    await expectFailure(() => vault.close(), 'STORAGE_UNAVAILABLE')
    await expectFailure(() => openVault({ location, unlock }), 'STORAGE_LOCKED')
    await vault.close()
    await vault.close()
  } finally {
    Level.prototype.close = close
  }
  const again = await openVault({ location, unlock })
  expect((await again.getSecretValue({ secretName: 'S' })).secretData).toBe('x')
  await again.close()
})
