// Opens the vault at each location that a line of input names, and tells all that it says, or the
// code of what went wrong. LevelDB ends the process over some damage: that is why it is one.
import { Buffer } from 'node:buffer'
import { createInterface } from 'node:readline'
import { openVault, rawKey } from 'stagevault'

const unlock = rawKey(new Uint8Array(Buffer.from(process.argv[2], 'hex')))

async function read(location) {
  const vault = await openVault({ location, unlock })
  try {
    const secrets = {}
    for await (const { secretName, description } of vault.iterateSecrets()) {
      const answers = [description]
      const request = { secretName, includeDeprecated: true }
      for await (const { versionId, versionStages } of vault.iterateSecretVersionIds(request)) {
        const { secretData } = await vault.getSecretValue({ secretName, versionId })
        answers.push([versionId, versionStages, secretData])
      }
      secrets[secretName] = JSON.stringify(answers)
    }
    return { secrets }
  } finally {
    await vault.close()
  }
}

for await (const location of createInterface({ input: process.stdin })) {
  const told = await read(location).then(
    (found) => found,
    (error) => ({ code: error.code ?? '', text: String(error) }),
  )
  console.log(JSON.stringify(told))
}
