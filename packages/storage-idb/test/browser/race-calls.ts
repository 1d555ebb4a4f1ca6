import type { StorageAdapter } from '@stagevault/storage'
import { createIdbStorage } from '@stagevault/storage-idb'
import type { CallTable } from '@stagevault/browser-engines/page'
import { bytes, check, same } from '@stagevault/browser-engines/page'

/** Adds to one counter, `times` times, against every other caller that does. */
export interface IncrementOrder {
  readonly name: string
  readonly writer: string
  readonly times: number
}

export interface GenerationOrder {
  readonly name: string
  /** Records that every commit rewrites together. */
  readonly records: number
  /** Whether every commit has a guard that does not hold. */
  readonly isRefused?: boolean
  /** Whether the script dwells on every write, so that it is there that it is ended. */
  readonly isSlow?: boolean
}

const DWELL_MS = 2

/** What pages and workers do to one database at the same time. */
export const raceCalls: CallTable = {
  increment: (order: IncrementOrder) =>
    withStorage(order.name, (storage) => increment(storage, order)),
  readCounter: (name: string) => withStorage(name, readCounter),
  commitGenerations,
  readAcknowledged: () => acknowledged,
  findGeneration: (order: GenerationOrder) =>
    withStorage(order.name, (storage) => findGeneration(storage, order)),
}

async function withStorage<T>(
  name: string,
  step: (storage: StorageAdapter) => Promise<T>,
): Promise<T> {
  const storage = await createIdbStorage({ name })
  try {
    return await step(storage)
  } finally {
    await storage.close()
  }
}

async function increment(
  storage: StorageAdapter,
  { writer, times }: IncrementOrder,
): Promise<number> {
  let conflicts = 0
  for (let done = 0; done < times;) {
    const [value = null] = await storage.read(['counter'])
    const next = bytes(`${numberIn(value) + 1}`)
    const outcome = await storage.commit({
      guards: [{ key: 'counter', value }],
      mutations: [
        { key: 'counter', value: next },
        { key: `by/${writer}/${done}`, value: next },
      ],
    })
    if (outcome === 'applied') done += 1
    else conflicts += 1
  }
  return conflicts
}

async function readCounter(
  storage: StorageAdapter,
): Promise<{ readonly counter: number; readonly told: readonly number[] }> {
  const [value = null] = await storage.read(['counter'])
  const log = await storage.scan({ start: 'by/', end: 'by0', limit: 1_000 })
  return { counter: numberIn(value), told: log.map((entry) => numberIn(entry.value)) }
}

/** The last generation that was applied or refused, for those who ask while commits go on. */
let acknowledged = 0

/** Rewrites all records together until the page or worker is ended. */
async function commitGenerations({
  name,
  records,
  isRefused = false,
  isSlow = false,
}: GenerationOrder): Promise<void> {
  if (isSlow) dwellOnWrites()
  const storage = await createIdbStorage({ name, durability: 'relaxed' })
  acknowledged = await findGeneration(storage, { name, records })
  for (;;) {
    const generation = acknowledged + 1
    const outcome = await storage.commit({
      guards: isRefused ? [{ key: 'absent', value: bytes('a') }] : [],
      mutations: keysOf(records).map((key) => ({ key, value: filled(generation) })),
    })
    same(outcome, isRefused ? 'conflict' : 'applied', 'outcome')
    acknowledged = generation
  }
}

function dwellOnWrites(): void {
  const { prototype } = IDBObjectStore
  const sound = Reflect.get(prototype, 'put')
  prototype.put = function put(...given) {
    const end = performance.now() + DWELL_MS
    while (performance.now() < end);
    return sound.apply(this, given)
  }
}

/** The generation that all records are of; two at once would be a torn commit. */
async function findGeneration(
  storage: StorageAdapter,
  { records }: GenerationOrder,
): Promise<number> {
  const values = await storage.read(keysOf(records))
  const found = new Set(values.map((value) => numberIn(value)))
  check(found.size === 1, `records of generations ${[...found].join(', ')}`)
  return [...found][0] ?? 0
}

function keysOf(records: number): string[] {
  return Array.from({ length: records }, (_, i) => `record-${i}`)
}

/** A few kilobytes, so that a commit takes a while. */
function filled(generation: number): Uint8Array {
  return bytes(`${generation} `.padEnd(4_096, '.'))
}

function numberIn(value: Uint8Array | null): number {
  return value === null ? 0 : Number.parseInt(new TextDecoder().decode(value), 10)
}
