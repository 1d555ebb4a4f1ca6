/** Creating and opening at a location that fail: what they leave behind. */
import type { CaseFrame } from '@stagevault/browser-engines/page'
import { check, rejects, same } from '@stagevault/browser-engines/page'
import type { CreateVaultOptions, OpenVaultOptions, Unlock } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Place, Places } from './places.js'
import { KEY } from './places.js'

/** A random source that works so many times. */
function worksFor(times: number): (length: number) => Uint8Array {
  let left = times
  return (length) => {
    left -= 1
    if (left < 0) throw new Error('the random source failed')
    return crypto.getRandomValues(new Uint8Array(length))
  }
}

/** A slot's key that cannot be derived: the passphrase was given up, for one. */
function failingUnlock(): Unlock {
  return { ...rawKey(KEY), deriveKey: () => Promise.reject(new Error('given up')) }
}

export function failingCases({ describe, it }: CaseFrame, places: Places): void {
  const unlock = rawKey(KEY)
  const failsToOpen: readonly (readonly [string, Partial<OpenVaultOptions>])[] = [
    ['another key', { unlock: rawKey(new Uint8Array(32).fill(8)) }],
    ['another vault than the expected one', { vaultId: '00'.repeat(16) }],
    ['an unlock that fails', { unlock: failingUnlock() }],
  ]

  describe('opening that fails gives the store back', () => {
    for (const [what, change] of failsToOpen) {
      it(what, () =>
        places.withPlace(async (place) => {
          const { location } = place
          await (await createVault({ location, unlock })).close()
          await fails(openVault({ location, unlock, ...change } as OpenVaultOptions))
          check(!(await place.isOpen()), 'the store is still open')
          await (await openVault({ location, unlock })).close()
        }),
      )
    }
  })

  describe('creating that fails gives the store back, and can be repeated', () => {
    it('with an unlock that fails', () =>
      places.withPlace(async (place) => {
        await failsAndIsRepeated(place, { unlock: failingUnlock() })
      }))

    it('whenever the random source fails', () =>
      places.withPlace(async (place) => {
        // The first calls are made before the store is opened, the last ones before the commit.
        let times = 0
        while (await failsToCreate(place, { random: worksFor(times) })) times += 1
        check(times > 3, `the random source was asked ${times} times`)
        await rejects(createVault({ location: place.location, unlock }), 'VAULT_EXISTS')
      }))

    it('over a vault', () =>
      places.withPlace(async (place) => {
        const { location } = place
        const vault = await createVault({ location, unlock })
        const { vaultId } = vault
        await vault.close()
        await rejects(createVault({ location, unlock }), 'VAULT_EXISTS')
        check(!(await place.isOpen()), 'the store is still open')
        await (await openVault({ location, unlock, vaultId })).close()
      }))
  })

  async function failsAndIsRepeated(
    place: Place,
    change: Partial<CreateVaultOptions>,
  ): Promise<void> {
    const { location } = place
    check(await failsToCreate(place, change), 'a vault was created')
    const vault = await createVault({ location, unlock })
    await vault.createSecret({ secretName: 'S', secretData: 'one' })
    same((await vault.verify()).isClean, true, 'verified')
    await vault.close()
  }

  async function failsToCreate(
    place: Place,
    change: Partial<CreateVaultOptions>,
  ): Promise<boolean> {
    const options = { location: place.location, unlock, ...change } as CreateVaultOptions
    const vault = await createVault(options).catch(() => null)
    await vault?.close()
    check(!(await place.isOpen()), 'the store is still open')
    return vault === null
  }
}

async function fails(promise: Promise<unknown>): Promise<void> {
  const succeeded = await promise.then(
    () => true,
    () => false,
  )
  check(!succeeded, 'it did not fail')
}
