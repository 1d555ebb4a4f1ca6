import fc from 'fast-check'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { ListReading } from '@stagevault/browser-vault/app/list-reading'
import { listReadingOf } from '@stagevault/browser-vault/app/list-reading'
import { readSecrets } from '@stagevault/browser-vault/app/read-vault'
import {
  secretListOf,
  withDamaged,
  withSecret,
  withoutSecret,
} from '@stagevault/browser-vault/model/secret-list'
import { expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, generateKey, rawKey } from 'stagevault'

const names = fc.constantFrom('A', 'B', 'a', 'a/b', 'b', 'b10', 'b9')

interface Reading {
  readonly vault: Vault
  readonly list: ListReading
  /** How often a page of secrets was asked for. */
  readonly pages: () => number
}

async function openReading(): Promise<Reading> {
  const unlock = rawKey(generateKey())
  const vault = await createVault({ storage: createMemoryStorage(), unlock })
  let pages = 0
  const list = listReadingOf({
    ...vault,
    listSecrets: (request) => {
      pages += 1
      return vault.listSecrets(request)
    },
  })
  vault.subscribe((event) => {
    list.note(event)
  })
  return { vault, list, pages: () => pages }
}

type Change = (vault: Vault) => Promise<unknown>

const change: fc.Arbitrary<Change> = fc.oneof(
  names.map(
    (secretName): Change =>
      (vault) =>
        vault.createSecret({ secretName, secretData: 'x' }),
  ),
  names.map(
    (secretName): Change =>
      (vault) =>
        vault.deleteSecret({ secretName, forceDeleteWithoutRecovery: true }),
  ),
  names.map(
    (secretName): Change =>
      (vault) =>
        vault.deleteSecret({ secretName }),
  ),
  fc.tuple(names, names).map(
    ([secretName, newSecretName]): Change =>
      (vault) =>
        vault.renameSecret({ secretName, newSecretName }),
  ),
  fc.tuple(names, fc.string()).map(
    ([secretName, description]): Change =>
      (vault) =>
        vault.updateSecret({ secretName, description }),
  ),
)

it('is after every change what the whole list would be, which is read once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 3 })), async (rounds) => {
      const { vault, list, pages } = await openReading()
      await list.read()
      for (const changes of rounds) {
        for (const each of changes) await each(vault).catch(() => undefined)
        expect(await list.read()).toEqual(await readSecrets(vault))
      }
      expect(pages()).toBe(1)
      await vault.close()
    }),
    { numRuns: 50 },
  )
})

it('is read as a whole again after a failure, and where it is told to', async () => {
  const { vault, list, pages } = await openReading()
  await vault.createSecret({ secretName: 'a', secretData: 'x' })
  await list.read()
  list.forget()
  expect((await list.read()).secrets).toHaveLength(1)
  expect(pages()).toBe(2)
  await vault.updateSecret({ secretName: 'a', description: 'new' })
  await vault.close()
  await expect(list.read()).rejects.toMatchObject({ code: 'VAULT_CLOSED' })
  await expect(list.read()).rejects.toMatchObject({ code: 'VAULT_CLOSED' })
  expect(pages()).toBe(3)
})

it('is read as a whole where more changed than is worth reading one by one', async () => {
  const { vault, list, pages } = await openReading()
  await list.read()
  for (let i = 0; i < 60; i++) await vault.createSecret({ secretName: `s${i}`, secretData: 'x' })
  expect(await list.read()).toEqual(await readSecrets(vault))
  expect(pages()).toBe(2)
})

it('does not take a store that went back for one damaged secret', async () => {
  const storage = createMemoryStorage()
  const vault = await createVault({ storage, unlock: rawKey(generateKey()) })
  const list = listReadingOf(vault)
  await vault.createSecret({ secretName: 'a', secretData: 'x' })
  const all = { start: '!', end: '~', limit: 1_000 }
  const before = await storage.scan(all)
  await vault.updateSecret({ secretName: 'a', description: 'new' })
  await list.read()
  await storage.commit({ guards: [], mutations: before })
  list.note({ type: 'secret.updated', secretName: 'a' })
  await expect(list.read()).rejects.toMatchObject({ code: 'ROLLBACK_DETECTED' })
})

it('names a secret as damaged or shows it, and never both', () => {
  const whole = { secrets: [{ secretName: 'a' }, { secretName: 'c' }], damaged: ['b'] }
  const repaired = withSecret(whole, { secretName: 'b' })
  expect(repaired.secrets.map(({ secretName }) => secretName)).toEqual(['a', 'b', 'c'])
  expect(repaired.damaged).toEqual([])
  expect(withDamaged(repaired, 'b')).toEqual(whole)
  expect(withoutSecret(whole, 'b')).toEqual({ secrets: whole.secrets, damaged: [] })
})

it('is in the order in which a person sorts names', () => {
  const named = (...names: string[]): { secretName: string }[] =>
    names.map((secretName) => ({ secretName }))
  const list = secretListOf(named('Zoo', 'item10', 'item9'), ['y10', 'X', 'y9'])
  expect(list).toEqual({ secrets: named('item9', 'item10', 'Zoo'), damaged: ['X', 'y9', 'y10'] })
  expect(withSecret(list, { secretName: 'Item9b' }).secrets).toEqual(
    named('item9', 'Item9b', 'item10', 'Zoo'),
  )
})
