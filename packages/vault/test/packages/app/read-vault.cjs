exports.readVault = async ({ openVault, passphrase }, location) => {
  const SECRET = { secretName: 'MyDbCreds' }
  const former = passphrase('first passphrase', { scryptLogN: 15 })
  const refused = await openVault({ location, unlock: former }).catch(({ code }) => code)
  const unlock = passphrase('second passphrase', { scryptLogN: 15 })
  const vault = await openVault({ location, unlock })
  const current = await vault.getSecretValue(SECRET)
  const previous = await vault.getSecretValue({ ...SECRET, versionStage: 'ACSPrevious' })
  const counter = await vault.getSecretValue({ secretName: 'counter' })
  const { isClean, secretCount } = await vault.verify()
  await vault.close()
  return {
    refused,
    current: current.secretData,
    previous: previous.secretData,
    counter: Number(counter.secretData),
    isClean,
    secretCount,
  }
}
