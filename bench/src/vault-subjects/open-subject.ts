/** Opening a vault, over any storage. */
import type { StorageAdapter } from '@stagevault/storage'
import { createVault, openVault, type Unlock } from 'stagevault'
import type { Subject } from '../comparison.js'
import { check } from '../comparison.js'

export const PASSPHRASE = 'correct horse battery staple'

const CANARY = 'canary'

/** Makes the vault first, in a storage of its own, for one kind of unlock. */
export async function createOpenSubject(
  name: string,
  storage: StorageAdapter,
  unlock: Unlock,
): Promise<Subject> {
  const created = await createVault({ storage, unlock })
  await created.createSecret({ secretName: CANARY, secretData: name })
  await created.close()
  return {
    kind: 'async',
    name: `openVault and close, ${name}`,
    run: async () => {
      const vault = await openVault({ storage, unlock })
      await vault.close()
    },
    verify: async () => {
      const vault = await openVault({ storage, unlock })
      const { secretData } = await vault.getSecretValue({ secretName: CANARY })
      check(secretData === name, 'another vault')
      await vault.close()
    },
  }
}
