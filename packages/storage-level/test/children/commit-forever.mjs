// Commits as fast as it can in four lanes, and says so after each commit that was applied: each
// writes two records and raises its lane's counter, guarded by the count before.
import { writeSync } from 'node:fs'
import { TextDecoder, TextEncoder } from 'node:util'
import { createLevelStorage } from '@stagevault/storage-level'

const storage = await createLevelStorage({ location: process.argv[2] })
const encoder = new TextEncoder()
const decoder = new TextDecoder()

async function run(lane) {
  let [counter] = await storage.read([`count/${lane}`])
  for (let n = Number(counter ? decoder.decode(counter) : 0) + 1; ; n += 1) {
    const value = encoder.encode(`${n}`)
    const outcome = await storage.commit({
      guards: [{ key: `count/${lane}`, value: counter }],
      mutations: [
        { key: `count/${lane}`, value },
        { key: `first/${lane}/${n}`, value },
        { key: `second/${lane}/${n}`, value: encoder.encode(`${n}`.padEnd(700, '.')) },
      ],
    })
    if (outcome !== 'applied') throw new Error(`lane ${lane} met a conflict`)
    counter = value
    writeSync(1, `${lane} ${n}\n`)
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(run))
