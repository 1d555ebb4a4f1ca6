// Commits until that fails, tries some more, and says what came of it in one line of JSON.
import { createLevelStorage } from '@stagevault/storage-level'

const storage = await createLevelStorage({ location: process.argv[2] })
const applied = []
let failure = null
for (let n = 0; failure === null && n < 10_000; n += 1) {
  const key = `k${String(n).padStart(5, '0')}`
  await commit(key, 1_000).then(
    () => applied.push(key),
    (error) => {
      failure = error.code
    },
  )
}

const later = []
for (let n = 0; n < 5; n += 1) {
  await commit(`later${n}`, 1).then(
    () => later.push('applied'),
    (error) => later.push(error.code),
  )
}
const [first] = await storage.read([applied[0]])
await storage.close()
console.log(JSON.stringify({ applied, failure, later, stillReads: first?.length === 1_000 }))

function commit(key, length) {
  const value = new Uint8Array(length).fill(7)
  return storage.commit({ guards: [{ key, value: null }], mutations: [{ key, value }] })
}
