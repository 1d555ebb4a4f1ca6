import type { CallTable } from '@stagevault/browser-engines/page'

const HELLO = 'hello'

const overheard: string[] = []
let isGreeted = false

/** What a page without a key can see of an origin, as text: one character for each byte. */
export const originCalls: CallTable = {
  overhear: (channel: string) => {
    new BroadcastChannel(channel).onmessage = ({ data }) => {
      if (data === HELLO) isGreeted = true
      else overheard.push(textOf(data))
    }
  },
  /** Says something on a channel, which is no event. */
  greet: (channel: string) => {
    const own = new BroadcastChannel(channel)
    own.postMessage(HELLO)
    own.close()
  },
  isGreeted: () => isGreeted,
  readOverheard: () => overheard,
  readStored: async (): Promise<readonly string[]> => [
    ...(await readDatabases()),
    ...webStorage(localStorage),
    ...webStorage(sessionStorage),
    ...(await readCaches()),
    document.cookie,
    window.name,
  ],
  /** Puts a text where `readStored` looks, into each place in turn. */
  plant: async (text: string) => {
    localStorage.setItem('planted', `localStorage ${text}`)
    sessionStorage.setItem('planted', `sessionStorage ${text}`)
    const cache = await caches.open('planted')
    await cache.put('/planted', new Response(`caches ${text}`))
  },
}

async function readDatabases(): Promise<string[]> {
  const found: string[] = []
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue
    const database = await settled(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store)
      const [keys, values] = await Promise.all([
        settled(records.getAllKeys()),
        settled(records.getAll()),
      ])
      found.push(name, store, ...keys.map(textOf), ...values.map(textOf))
    }
    database.close()
  }
  return found
}

function webStorage(storage: Storage): string[] {
  return Object.entries(storage).flatMap(([key, value]) => [key, String(value)])
}

async function readCaches(): Promise<string[]> {
  const found: string[] = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const response = await cache.match(request)
      found.push(name, request.url, (await response?.text()) ?? '')
    }
  }
  return found
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof ArrayBuffer) return textOf(new Uint8Array(value))
  if (value instanceof Uint8Array) return Array.from(value, (b) => String.fromCharCode(b)).join('')
  return JSON.stringify(value)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('a request failed'))
    }
  })
}
