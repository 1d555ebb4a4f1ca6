/**
 * A vault that is there already, for journeys that are about something else than its making. Its
 * passphrase costs a quarter of what the page's own do, on a machine that has three browsers to go.
 */
import { bundleScript } from '@stagevault/browser-engines'
import { LOCATION } from '@stagevault/browser-vault/unlocking/vault-place'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, passphrase } from 'stagevault'
import type { Plant, PlantedRecord } from './planter.js'
import { WORDS, unlockVaultIn } from './vault-page.js'
import type { VaultPage } from './vault-page.js'

const SCRYPT_LOG_N = 15

/** The name of {@link plantingScript} next to the page's own files. */
export const PLANTER = 'planter.js'

/** What a page runs to write the records of a vault. */
export function plantingScript(): Promise<string> {
  return bundleScript(new URL('planter.ts', import.meta.url))
}

const made = new Map<number, Promise<readonly PlantedRecord[]>>()

/** Opens a vault that was not there before. Its secrets are `s000`, `s001` and so on. */
export async function enterVaultIn(vault: VaultPage, secretCount = 0): Promise<void> {
  const making = made.get(secretCount) ?? makeRecords(secretCount)
  made.set(secretCount, making)
  await vault.sees('Choose a passphrase')
  await vault.evaluate(
    async (source, location, records) => {
      const script = document.createElement('script')
      await new Promise((resolve, reject) => {
        Object.assign(script, { type: 'module', src: source, onload: resolve, onerror: reject })
        document.body.append(script)
      })
      await (Reflect.get(globalThis, 'plant') as Plant)(location, records)
    },
    `/${PLANTER}`,
    LOCATION,
    await making,
  )
  await vault.reload()
  await unlockVaultIn(vault)
}

async function makeRecords(secretCount: number): Promise<readonly PlantedRecord[]> {
  const storage = createMemoryStorage()
  const unlock = passphrase(WORDS, { scryptLogN: SCRYPT_LOG_N })
  const vault = await createVault({ storage, unlock })
  for (let i = 0; i < secretCount; i += 1) {
    const secretName = `s${String(i).padStart(3, '0')}`
    await vault.createSecret({ secretName, secretData: `value of ${secretName}` })
  }
  await vault.close()
  const entries = await storage.scan({ start: '!', end: '~', limit: 1_000 })
  return entries.map(({ key, value }) => ({ key, value: [...value] }))
}
