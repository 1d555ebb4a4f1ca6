// Does with a store what it is told, in a process by lines or in a worker thread by messages, and
// tells what came of it.
import { cpSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { isMainThread, parentPort } from 'node:worker_threads'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'

let storage = null
let count = 0

const put = async (key, length) => {
  const mutations = [{ key, value: new Uint8Array(length) }]
  return storage.commit({ guards: [], mutations })
}

const CALLS = {
  async create(location) {
    storage = await createLevelStorage({ location })
    return 'open'
  },
  async open(location) {
    storage = await openLevelStorage({ location })
    return 'open'
  },
  /** Opens a second handle in the same process. */
  async again(location) {
    await (await openLevelStorage({ location })).close()
    return 'open'
  },
  put: (key, length = 3) => put(key, length),
  /** Commits until one fails, and gives the keys of the others. */
  async putUntilItFails(prefix) {
    const keys = []
    for (;;) {
      const key = `${prefix}${String((count += 1)).padStart(6, '0')}`
      const outcome = await put(key, 300).catch(({ code }) => code)
      if (outcome !== 'applied') return [outcome, keys]
      keys.push(key)
    }
  },
  /** Commits all at once, and gives the keys of those that were applied. */
  async putMany(prefix, number, length) {
    const keys = Array.from({ length: number }, (_, n) => `${prefix}${(n * 7919) % number}`)
    const outcomes = await Promise.allSettled(keys.map((key) => put(key, length)))
    return keys.filter((_, n) => outcomes[n].value === 'applied')
  },
  async keys() {
    const found = await storage.scan({ start: '!', end: '~', limit: 1_000 })
    return found.map(({ key }) => key)
  },
  async close() {
    await storage.close()
    return 'closed'
  },
  /** Reads every file of a folder in this process, LOCK among them. */
  copy(from, to) {
    for (;;) {
      try {
        cpSync(from, to, { recursive: true })
        return 'copied'
      } catch (error) {
        // LevelDB deletes what an earlier opening left behind a moment after it is open.
        if (error.code !== 'ENOENT') throw error
      }
    }
  },
}

async function answer({ id, call, args }) {
  try {
    return { id, answer: await CALLS[call](...args) }
  } catch (error) {
    return { id, answer: error.code }
  }
}

if (isMainThread) {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  })
} else {
  parentPort.on('message', async (asked) => {
    parentPort.postMessage(await answer(asked))
  })
}
