/** One durable put at a time: the vault next to a synced batch of the same records. */
import { join } from 'node:path'
import { createLevelStorage } from '@stagevault/storage-level'
import type { RoundsComparison } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import { createReplay } from '../replay.js'
import { createPlainLevel } from '../stores.js'
import type { SuiteContext, SuitePart } from '../suite.js'
import { createPutVault, NAME } from '../vault-subjects/put-subject.js'

const SIZES = [100, 1024] as const
const RUNS = 200

/** Of the commit path. */
const AIMS = { p50: 1.4, p95: 2 }

type Closing = () => Promise<void>

async function compare(
  { folder, scale }: SuiteContext,
  bytes: number,
  closings: Closing[],
): Promise<RoundsComparison> {
  const storage = await createLevelStorage({ location: join(folder, `solo-vault-${bytes}`) })
  const ours = await createPutVault(storage, bytes, scale.settlingPuts)
  const batches = await createPlainLevel(folder, `solo-batches-${bytes}`)
  const plain = await createPlainLevel(folder, `solo-plain-${bytes}`)
  closings.push(
    ours.close,
    () => batches.close(),
    () => plain.close(),
  )
  const replay = createReplay(
    {
      write: (batch) => batches.batch(batch, { sync: true }),
      read: async (key) => batches.get(key),
    },
    ours.commit.mutations,
  )
  const plaintext = payloadBytes(bytes, NAME)
  const put = (): Promise<void> => plain.put(NAME, plaintext, { sync: true })
  return {
    title: `put ${sizeName(bytes)}, LevelDB, durable`,
    runs: RUNS,
    turn: 1,
    subjects: [
      ours.subject,
      {
        kind: 'async',
        name: `await level.batch, same ${replay.bytes} stored bytes`,
        aims: AIMS,
        run: replay.run,
        verify: replay.verify,
      },
      {
        kind: 'async',
        name: 'await level.put, same plaintext',
        run: put,
        verify: async () => {
          await put()
          check(isSameBytes(await plain.get(NAME), plaintext), 'another value')
        },
      },
    ],
  }
}

export async function prepareSoloPuts(context: SuiteContext): Promise<SuitePart> {
  const closings: Closing[] = []
  const comparisons: RoundsComparison[] = []
  for (const bytes of SIZES) comparisons.push(await compare(context, bytes, closings))
  return {
    comparisons,
    close: async () => {
      for (const close of closings) await close()
    },
  }
}
