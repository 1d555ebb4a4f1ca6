// Lives a vault's life (see `vault-life.ts`) at a location, up to its end or the first failure, and
// reports what came of it.
import { Buffer } from 'node:buffer'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { createVault, openVault, rawKey } from 'stagevault'

export async function live(location, lifeAsText) {
  const { steps, key, time, creation } = JSON.parse(lifeAsText)
  const unlock = rawKey(new Uint8Array(Buffer.from(key, 'hex')))
  const options = { unlock, clock: () => time }
  const report = { steps: 0, answers: [], later: [], stillReads: true }
  let opened = await open(
    report,
    location,
    { ...options, ...creation },
    createLevelStorage,
    createVault,
  )
  for (const step of steps) {
    if (opened === null) return report
    if (step === 'reopen') {
      await close(opened)
      opened = await open(report, location, options, openLevelStorage, openVault)
    } else {
      const { vault } = opened
      const answers = await Promise.all(step.map((call) => answerOf(() => perform(vault, call))))
      if (answers.some((answer) => answer !== 'done')) {
        report.answers = answers
        break
      }
    }
    if (opened !== null) report.steps += 1
  }
  if (opened !== null) await closeAfter(report, opened)
  return report
}

async function open(report, location, options, openStorage, openTheVault) {
  let storage = null
  try {
    storage = await openStorage({ location })
    return { storage, vault: await openTheVault({ ...options, storage }) }
  } catch (error) {
    const by = storage === null ? openStorage.name : openTheVault.name
    report.notOpened = { by, code: error.code }
    await storage?.close()
    return null
  }
}

async function close({ storage, vault }) {
  await vault.close()
  await storage.close()
}

/** What goes on and what does not after a failure. */
async function closeAfter(report, opened) {
  const { vault } = opened
  report.stillReads = (await vault.verify()).isClean
  for await (const { secretName } of vault.iterateSecrets()) {
    const { secretData } = await vault.getSecretValue({ secretName })
    report.stillReads &&= secretData.length > 0
  }
  if (report.answers.length > 0) {
    const late = { secretName: 'late', secretData: 'x' }
    for (let n = 0; n < 3; n += 1) report.later.push(await answerOf(() => vault.createSecret(late)))
  }
  await close(opened)
}

function perform(vault, { operation, request, bytes = 0 }) {
  const { secretData } = request
  const value = secretData === undefined ? {} : { secretData: secretData.padEnd(bytes, '.') }
  return vault[operation]({ ...request, ...value })
}

async function answerOf(call) {
  try {
    await call()
    return 'done'
  } catch (error) {
    return error.code ?? String(error)
  }
}
