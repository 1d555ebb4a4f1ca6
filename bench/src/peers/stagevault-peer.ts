/** stagevault over LevelDB, with a passphrase and the settings that it has by default. */
import { join } from 'node:path'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { createVault, openVault, passphrase } from 'stagevault'
import { PASSPHRASE, type Peer, type PeerKind } from './peer.js'

/** Creates started at once while filling. */
const AT_ONCE = 64

async function open(folder: string, isNew: boolean): Promise<Peer> {
  const location = join(folder, 'vault')
  const unlock = passphrase(PASSPHRASE)
  const storage = isNew
    ? await createLevelStorage({ location })
    : await openLevelStorage({ location })
  const vault = isNew
    ? await createVault({ storage, unlock })
    : await openVault({ storage, unlock })
  return {
    fill: async (entries) => {
      const rest = entries.entries()
      const creates = Array.from({ length: AT_ONCE }, async () => {
        for (const [secretName, secretData] of rest) {
          await vault.createSecret({ secretName, secretData })
        }
      })
      await Promise.all(creates)
    },
    put: async (secretName, secretData) => {
      await vault.putSecretValue({ secretName, secretData })
    },
    get: async (secretName) => {
      const { secretData } = await vault.getSecretValue({ secretName })
      return typeof secretData === 'string' ? secretData : undefined
    },
    close: async () => {
      await vault.close()
      await storage.close()
    },
  }
}

export const stagevaultPeer: PeerKind = {
  name: 'stagevault',
  encryption: 'envelope of ChaCha20-Poly1305, every record authenticated, ten versions kept',
  durability: 'fdatasync of the log of LevelDB (by default)',
  opening: 'scrypt 2^17',
  open,
}
