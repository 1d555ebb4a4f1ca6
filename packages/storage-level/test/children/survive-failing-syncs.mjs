// Runs the same short life of a store again and again, each time with the next sync made to fail,
// and tells in a line of JSON what came of it. The last life is the first one without a failure.
// How a sync fails stands in the arguments: `once` or `onwards`, `kept` or `dropped`.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'

const [folder, span, fate] = process.argv.slice(2)

function injectFault(home, number) {
  process.env.SYNC_FAULTS_TRACE = `${home}.trace`
  process.env.SYNC_FAULTS_FIRST = `${number}`
  if (span === 'once') process.env.SYNC_FAULTS_LAST = `${number}`
  if (fate === 'dropped') process.env.SYNC_FAULTS_DROP = 'yes'
  process.env.SYNC_FAULTS_FOLDER = home
}

const hasFailed = (home) =>
  existsSync(`${home}.trace`) && readFileSync(`${home}.trace`, 'utf8').includes(' failed')

const commitOf = (key, length) => {
  const value = new Uint8Array(length).fill(key.length)
  return { guards: [{ key, value: null }], mutations: [{ key, value }] }
}

async function write(storage, report, key, length) {
  try {
    const outcome = await storage.commit(commitOf(key, length))
    if (outcome === 'applied') report.applied.push(key)
    else report.refused.push({ key, code: outcome })
  } catch (error) {
    report.refused.push({ key, code: error.code })
  }
}

/** One after the other, then many at once: enough to make LevelDB begin a new log and a table. */
async function writeAll(storage, report, name) {
  for (let n = 0; n < 3; n += 1) await write(storage, report, `${name}${n}`, 100)
  if (name === 'a') return
  const many = Array.from({ length: 48 }, (_, n) => `many${n}`)
  await Promise.all(many.map((key) => write(storage, report, key, 100_000)))
  for (let n = 3; n < 8; n += 1) {
    await sleep(5)
    await write(storage, report, `${name}${n}`, 100)
  }
}

async function readOne(storage, key) {
  const [value] = await storage.read([key])
  return value !== null && value.every((byte) => byte === key.length)
}

/** Opens the store and writes to it, until the first failure. */
async function live(location, open, name, report) {
  let storage
  try {
    storage = await open({ location })
  } catch (error) {
    report.notOpened = { name, code: error.code }
    return
  }
  await writeAll(storage, report, name)
  const [first] = report.applied
  report.stillReads &&= first === undefined || (await readOne(storage, first))
  await storage.close()
}

/** The disk is well again: what was acknowledged has to be there, and the rest can be repeated. */
async function recover(location, report) {
  const open = report.notOpened?.name === 'a' ? createLevelStorage : openLevelStorage
  const storage = await open({ location })
  for (const key of report.applied) {
    if (!(await readOne(storage, key))) report.lost.push(key)
  }
  for (const { key, code } of report.refused) {
    const isThere = await readOne(storage, key)
    if (isThere && code !== 'STORAGE_OUTCOME_UNKNOWN') report.appeared.push(key)
    const outcome = await storage.commit(commitOf(key, 100))
    if (outcome !== (isThere ? 'conflict' : 'applied')) report.notRepeated.push(key)
  }
  await storage.close()
}

for (let number = 1, isLast = false; !isLast; number += 1) {
  const home = join(folder, `${number}`)
  const location = join(home, 'store')
  mkdirSync(home)
  const report = {
    home,
    applied: [],
    refused: [],
    lost: [],
    appeared: [],
    notRepeated: [],
    stillReads: true,
  }
  injectFault(home, number)
  await live(location, createLevelStorage, 'a', report)
  if (!hasFailed(home)) await live(location, openLevelStorage, 'b', report)
  delete process.env.SYNC_FAULTS_FIRST
  isLast = !hasFailed(home)
  await recover(location, report)
  console.log(JSON.stringify(report))
}
