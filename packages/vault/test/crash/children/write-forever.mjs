// Waits for a line of input, opens the vault, and changes its secrets at random until it is killed:
// one lane for each secret. Every change is told before it is asked for, and again when the vault
// has acknowledged it. `writeSync` on a pipe has told it when it returns.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { openLevelStorage } from '@stagevault/storage-level'
import { openVault, rawKey } from 'stagevault'

const [location, keyHex, lanes] = process.argv.slice(2)

function tell(line) {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

function below(end) {
  return Math.floor(Math.random() * end)
}

function chooseOperation(lane, versions) {
  const value = { text: `${lane} ${process.pid} ${below(1e9)}`, padding: below(8) ** 4 }
  if (versions === null) return { kind: 'create', value }
  const { versionId } = versions[below(versions.length)]
  const kinds = ['put', 'put', 'put', 'put', 'put', 'label', 'current', 'describe', 'delete']
  return { kind: kinds[below(kinds.length)], value, versionId }
}

/** What an operation means; the test has a model of it. */
const RUN = {
  create: (vault, secretName, { value }) =>
    vault.createSecret({ secretName, secretData: value.text.padEnd(value.padding, '.') }),
  put: (vault, secretName, { value }) =>
    vault.putSecretValue({ secretName, secretData: value.text.padEnd(value.padding, '.') }),
  label: (vault, secretName, { versionId }) =>
    vault.updateSecretVersionStage({ secretName, versionStage: 'Blue', moveToVersion: versionId }),
  current: (vault, secretName, { versionId }) =>
    vault.updateSecretVersionStage({
      secretName,
      versionStage: 'ACSCurrent',
      moveToVersion: versionId,
    }),
  describe: (vault, secretName, { value }) =>
    vault.updateSecret({ secretName, description: value.text }),
  delete: (vault, secretName) =>
    vault.deleteSecret({ secretName, forceDeleteWithoutRecovery: true }),
}

async function versionsOf(vault, secretName) {
  try {
    return (await vault.listSecretVersionIds({ secretName, includeDeprecated: true })).versionIds
  } catch (error) {
    if (error.code === 'SECRET_NOT_FOUND') return null
    throw error
  }
}

async function runLane(vault, lane) {
  for (;;) {
    const operation = chooseOperation(lane, await versionsOf(vault, lane))
    tell({ lane, asked: operation })
    await RUN[operation.kind](vault, lane, operation)
    tell({ lane, done: true })
  }
}

await once(process.stdin, 'data')
const storage = await openLevelStorage({ location })
const unlock = rawKey(new Uint8Array(Buffer.from(keyHex, 'hex')))
const vault = await openVault({ storage, unlock })
tell({ open: true })
await Promise.all(JSON.parse(lanes).map((lane) => runLane(vault, lane)))
