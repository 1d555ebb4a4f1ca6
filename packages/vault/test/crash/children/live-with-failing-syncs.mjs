// Lives a vault's life again and again, each time with a later sync made to fail, until none does.
// How it fails stands in the arguments: `once` or `onwards`, `kept` or `dropped`, and by how many
// syncs later each time.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { live } from './live.mjs'

const [folder, life, span, fate, stride] = process.argv.slice(2)
const lifeAsText = readFileSync(life, 'utf8')
const traceOf = (home) => (existsSync(`${home}.trace`) ? readFileSync(`${home}.trace`, 'utf8') : '')

for (let number = 1, isLast = false; !isLast; number += Number(stride)) {
  const home = join(folder, `${number}`)
  mkdirSync(home)
  process.env.SYNC_FAULTS_TRACE = `${home}.trace`
  process.env.SYNC_FAULTS_FIRST = `${number}`
  if (span === 'once') process.env.SYNC_FAULTS_LAST = `${number}`
  if (fate === 'dropped') process.env.SYNC_FAULTS_DROP = 'yes'
  process.env.SYNC_FAULTS_FOLDER = home
  const report = await live(join(home, 'vault'), lifeAsText)
  isLast = !traceOf(home).includes(' failed')
  console.log(JSON.stringify({ home, ...report }))
}
