/** The application: the same program for browsers, in bundles, and for Node. */
import { createVault, openVault, passphrase } from 'stagevault'

const SECRET = { secretName: 'MyDbCreds' }

/** What a vault says that is made and used at a location where none is. */
globalThis.tryVault = async (location) => {
  const unlock = passphrase('correct horse battery staple', { scryptLogN: 15 })
  const missing = await openVault({ location, unlock }).catch(({ code }) => code)

  const created = await createVault({ location, unlock, cipher: globalThis.cipher })
  await created.createSecret({ ...SECRET, secretData: 'first' })
  await created.putSecretValue({ ...SECRET, secretData: 'second' })
  await created.close()
  const exists = await createVault({ location, unlock }).catch(({ code }) => code)

  const vault = await openVault({ location, unlock })
  const current = await vault.getSecretValue(SECRET)
  const previous = await vault.getSecretValue({ ...SECRET, versionStage: 'ACSPrevious' })
  const { isClean } = await vault.verify()
  await vault.close()

  const other = passphrase('another')
  const wrong = await openVault({ location, unlock: other }).catch(({ code }) => code)
  const [now, before] = [current.secretData, previous.secretData]
  return { missing, exists, now, before, isClean, wrong }
}
