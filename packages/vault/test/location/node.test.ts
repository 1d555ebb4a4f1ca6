import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createVault, openVault, rawKey } from 'stagevault'
import { locationCases } from './location-cases.js'
import { nodePlaces } from './node-places.js'
import { KEY } from './places.js'

const unlock = rawKey(KEY)

describe('LevelDB', () => {
  locationCases({ describe, it }, nodePlaces)
})

describe('a folder', () => {
  it.skipIf(process.platform === 'win32')('is made for its owner alone', () =>
    nodePlaces.withPlace(async ({ location }) => {
      await (await createVault({ location, unlock })).close()
      expect((await stat(location)).mode & 0o777).toBe(0o700)
    }),
  )

  it('that another handle has open is STORAGE_LOCKED', () =>
    nodePlaces.withPlace(async ({ location }) => {
      const vault = await createVault({ location, unlock })
      const locked = { code: 'STORAGE_LOCKED' }
      await expect(openVault({ location, unlock })).rejects.toMatchObject(locked)
      await expect(createVault({ location, unlock })).rejects.toMatchObject(locked)
      await vault.createSecret({ secretName: 'S', secretData: 'one' })
      await vault.close()
      await (await openVault({ location, unlock })).close()
    }))

  it('with what LevelDB leaves when it is stopped while it makes a store is as good as new', () =>
    nodePlaces.withPlace(async ({ location }) => {
      await mkdir(location, { recursive: true })
      for (const name of ['LOCK', 'LOG', 'MANIFEST-000001', '000001.dbtmp']) {
        await writeFile(join(location, name), '')
      }
      await expect(openVault({ location, unlock })).rejects.toMatchObject({ code: 'VAULT_MISSING' })
      const vault = await createVault({ location, unlock })
      await vault.createSecret({ secretName: 'S', secretData: 'one' })
      await vault.close()
      const again = await openVault({ location, unlock })
      expect((await again.getSecretValue({ secretName: 'S' })).secretData).toBe('one')
      await again.close()
    }))
})
