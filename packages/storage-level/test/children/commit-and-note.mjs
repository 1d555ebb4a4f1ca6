// Makes 40 commits one after the other and 40 at once, and notes every answer in the file that the
// preloaded library notes the syncs in.
import { appendFileSync } from 'node:fs'
import { createLevelStorage } from '@stagevault/storage-level'

const [home, durability] = process.argv.slice(2)
process.env.SYNC_FAULTS_TRACE = `${home}.trace`
process.env.SYNC_FAULTS_FOLDER = home
const storage = await createLevelStorage({ location: `${home}/store`, durability })

async function commit(key) {
  const mutations = [{ key, value: new Uint8Array(1_000) }]
  const outcome = await storage.commit({ guards: [], mutations })
  appendFileSync(process.env.SYNC_FAULTS_TRACE, `- ${key} 0 ${outcome}\n`)
}

for (let n = 0; n < 40; n += 1) await commit('single')
await Promise.all(Array.from({ length: 40 }, () => commit('shared')))
await storage.close()
