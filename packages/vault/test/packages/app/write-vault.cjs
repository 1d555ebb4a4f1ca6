const process = require('node:process')
const { setTimeout } = require('node:timers')

const WRITES = 200
const ANSWERS_MIN = 20
const SECRET = { secretName: 'MyDbCreds' }

/** Creates a vault at `location`, changes it, and is killed while it writes. */
exports.writeVault = async ({ createVault, passphrase }, location) => {
  const unlock = passphrase('first passphrase', { scryptLogN: 15 })
  const newUnlock = passphrase('second passphrase', { scryptLogN: 15 })

  const vault = await createVault({ location, unlock })
  await vault.createSecret({ ...SECRET, secretData: 'first' })
  await vault.putSecretValue({ ...SECRET, secretData: 'second' })
  const move = { ...SECRET, versionStage: 'ACSCurrent', moveToVersion: 'v1' }
  await vault.updateSecretVersionStage(move)
  await vault.replaceUnlockSlot({ unlock, newUnlock })
  await vault.createSecret({ secretName: 'counter', secretData: '0' })

  // Every answer is printed immediately: what was printed must be stored afterwards.
  let answered = 0
  for (let i = 1; i <= WRITES; i += 1) {
    void vault.putSecretValue({ secretName: 'counter', secretData: String(i) }).then(() => {
      answered += 1
      process.stdout.write(`${i}\n`)
      // Many writes have no answer yet.
      if (answered === ANSWERS_MIN) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 0)
    })
  }
}
