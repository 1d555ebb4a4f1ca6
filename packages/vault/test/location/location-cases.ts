/** What holds for vaults at a location, in Node over LevelDB and in browsers over IndexedDB. */
import type { CaseFrame } from '@stagevault/browser-engines/page'
import { check, rejects, same } from '@stagevault/browser-engines/page'
import type { StorageAdapter, StorageEntry } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import type { CreateVaultOptions } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { failingCases } from './failing-cases.js'
import type { Place, Places } from './places.js'
import { KEY } from './places.js'

const S = { secretName: 'S' }

export function locationCases({ describe, it }: CaseFrame, places: Places): void {
  const onPlace = (name: string, step: (place: Place) => Promise<void>): void => {
    it(name, () => places.withPlace(step))
  }
  const unlock = rawKey(KEY)

  describe('a vault at a location', () => {
    onPlace('is created, closed, and opened with all that was put into it', async (place) => {
      const { location } = place
      const created = await createVault({ location, unlock })
      const { vaultId } = created
      await created.createSecret({ ...S, secretData: 'one' })
      await created.close()
      const vault = await openVault({ location, unlock, vaultId })
      same((await vault.getSecretValue(S)).secretData, 'one', 'value')
      await vault.putSecretValue({ ...S, secretData: 'two' })
      await vault.close()
      const again = await openVault({ location, unlock })
      same((await again.getSecretValue(S)).secretData, 'two', 'value')
      same((await again.verify()).isClean, true, 'verified')
      await again.close()
    })

    onPlace('gives values of every length, and none of a record that is another', async (place) => {
      const { location } = place
      const created = await createVault({ location, unlock })
      await created.createSecret({ ...S, secretData: 'one' })
      const lengths = [3_900, 4_096, 4_097, 30_720]
      for (const length of lengths) {
        await created.putSecretValue({ ...S, secretData: 'é'.repeat(length / 2) })
        same((await created.getSecretValue(S)).secretData, 'é'.repeat(length / 2), 'value')
      }
      await created.close()
      const storage = await place.openStorage()
      for (const { key, value } of await recordsOf(storage)) {
        if (!key.startsWith('version!') || value.length < 30_000) continue
        const changed = value.map((byte, i) => (i === 20_000 ? byte ^ 1 : byte))
        await storage.commit({ guards: [], mutations: [{ key, value: changed }] })
      }
      await storage.close()
      const vault = await openVault({ location, unlock })
      await rejects(vault.getSecretValue(S), 'RECORD_MISMATCH')
      const { secretData } = await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
      same(secretData, 'é'.repeat(2_048), 'value')
      await vault.close()
    })

    onPlace('holds the same records as its storage, in both directions', async (place) => {
      const { location } = place
      const created = await createVault({ location, unlock })
      await created.createSecret({ ...S, secretData: 'one' })
      await created.close()
      const storage = await place.openStorage()
      const vault = await openVault({ storage, unlock })
      same((await vault.getSecretValue(S)).secretData, 'one', 'value')
      await vault.close()
      check(await place.isOpen(), 'a storage that was given is closed')
      check((await recordsOf(storage)).length > 0, 'a storage that was given is of no use any more')
      await storage.close()
    })

    onPlace('is closed with its store, once what runs has ended', async (place) => {
      const { location } = place
      const vault = await createVault({ location, unlock })
      check(await place.isOpen(), 'the store is not open')
      const put = vault.createSecret({ ...S, secretData: 'one' })
      await Promise.all([vault.close(), vault.close(), put])
      await vault.close()
      check(!(await place.isOpen()), 'the store is still open')
      const again = await openVault({ location, unlock })
      same((await again.getSecretValue(S)).secretData, 'one', 'value')
      await again.close()
    })

    onPlace('writes strictly unless told otherwise', async (place) => {
      const { location } = place
      await (await createVault({ location, unlock })).close()
      const vault = await openVault({ location, unlock })
      await vault.createSecret({ ...S, secretData: 'one' })
      await vault.close()
      same(place.durabilities(), ['strict'], 'durability')
    })

    onPlace('writes relaxed when told to', async (place) => {
      const options = { location: place.location, unlock, durability: 'relaxed' } as const
      await (await createVault(options)).close()
      const vault = await openVault(options)
      await vault.createSecret({ ...S, secretData: 'one' })
      await vault.close()
      same(place.durabilities(), ['relaxed'], 'durability')
    })
  })

  describe('opening', () => {
    onPlace('nothing is VAULT_MISSING, and makes nothing', async (place) => {
      await rejects(openVault({ location: place.location, unlock }), 'VAULT_MISSING')
      check(!(await place.exists()), 'something was made')
    })

    onPlace('an empty store is VAULT_MISSING, and leaves it empty', async (place) => {
      await (await place.createStorage()).close()
      await rejects(openVault({ location: place.location, unlock }), 'VAULT_MISSING')
      same(await contentOf(place), [], 'records')
    })
  })

  describe('creating', () => {
    onPlace('over a vault is VAULT_EXISTS, and leaves it as it was', async (place) => {
      const { location } = place
      const vault = await createVault({ location, unlock })
      await vault.createSecret({ ...S, secretData: 'one' })
      await vault.close()
      const before = await contentOf(place)
      await rejects(createVault({ location, unlock }), 'VAULT_EXISTS')
      same(await contentOf(place), before, 'records')
    })

    onPlace('in a store that holds something else changes nothing', async (place) => {
      const storage = await place.createStorage()
      await storage.commit({
        guards: [],
        mutations: [{ key: 'stray', value: Uint8Array.of(1) }],
      })
      await storage.close()
      const before = await contentOf(place)
      await rejects(createVault({ location: place.location, unlock }), 'RECORD_MISSING')
      same(await contentOf(place), before, 'records')
    })
  })

  describe('options that are wrong', () => {
    const wrong: readonly (readonly [string, object, string])[] = [
      ['a durability that is none', { durability: 'weak' }, 'INVALID_PARAMETER'],
      ['a durability that is no text', { durability: true }, 'TypeError'],
      ['a cipher that is none', { cipher: 'rot13' }, 'INVALID_PARAMETER'],
      ['a region that is none', { region: 'a b' }, 'INVALID_PARAMETER'],
      ['no unlock', { unlock: undefined }, 'TypeError'],
      ['a location that names nothing', { location: '' }, 'INVALID_PARAMETER'],
      ['a location with a NUL', { location: 'a\0b' }, 'INVALID_PARAMETER'],
      ['a location that is no text', { location: '\ud800' }, 'INVALID_PARAMETER'],
      ['neither a location nor a storage', { location: undefined }, 'TypeError'],
    ]
    for (const [what, change, refusal] of wrong) {
      onPlace(`are refused before anything is made: ${what}`, async (place) => {
        const options = { location: place.location, unlock, ...change } as CreateVaultOptions
        await refuses(createVault(options), refusal)
        check(!(await place.exists()), 'something was made')
      })
    }
  })

  failingCases({ describe, it }, places)
}

async function refuses(promise: Promise<unknown>, refusal: string): Promise<void> {
  if (refusal !== 'TypeError') {
    await rejects(promise, refusal)
    return
  }
  const error: unknown = await promise.catch((reason: unknown) => reason)
  check(error instanceof TypeError, 'expected a TypeError')
}

async function contentOf(place: Place): Promise<StorageEntry[]> {
  const storage = await place.openStorage()
  const records = await recordsOf(storage)
  await storage.close()
  return records
}

async function recordsOf(storage: StorageAdapter): Promise<StorageEntry[]> {
  const entries: StorageEntry[] = []
  for await (const entry of scanAll(storage, { start: '!', end: '~' })) entries.push(entry)
  return entries
}
