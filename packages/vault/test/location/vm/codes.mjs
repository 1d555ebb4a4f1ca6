// A vault at a location in a realm of its own: errors of Node are of another one.
/* global test, expect */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createVault,
  generateKey,
  isIntegrityError,
  isStorageError,
  openVault,
  rawKey,
} from 'stagevault'

const unlock = rawKey(generateKey())

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-vm-'))
  try {
    await use(join(folder, 'deep', 'vault'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const errorOf = (promise) =>
  promise.then(
    () => null,
    (error) => error,
  )

test('is made, found missing, refused and verified', () =>
  inFolder(async (location) => {
    const missing = await errorOf(openVault({ location, unlock }))
    expect([missing.code, isStorageError(missing)]).toEqual(['VAULT_MISSING', false])
    expect(isStorageError(missing.cause)).toBe(true)
    const vault = await createVault({ location, unlock })
    await vault.createSecret({ secretName: 'S', secretData: new Uint8Array([1, 2]) })
    const locked = await errorOf(openVault({ location, unlock }))
    expect([locked.code, isStorageError(locked)]).toEqual(['STORAGE_LOCKED', true])
    expect((await vault.verify()).isClean).toBe(true)
    const { errors } = await vault.batchGetSecretValue({ secretsList: [{ secretName: 'none' }] })
    expect(errors.map(({ code }) => code)).toEqual(['SECRET_NOT_FOUND'])
    await vault.close()
    const wrong = await errorOf(openVault({ location, unlock: rawKey(generateKey()) }))
    expect([wrong.code, isIntegrityError(wrong)]).toEqual(['UNLOCK_FAILED', false])
  }))

test('this is a realm of its own', () => {
  let error = null
  try {
    readdirSync('/nowhere')
  } catch (thrown) {
    error = thrown
  }
  expect([error.code, error instanceof Error]).toEqual(['ENOENT', false])
})
