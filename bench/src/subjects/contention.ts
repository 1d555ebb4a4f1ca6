/** Many writers of one secret: how often a commit is refused and decided again. */
import { join } from 'node:path'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage } from '@stagevault/storage-level'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, generateKey, openVault, rawKey, type Vault } from 'stagevault'
import { check } from '../comparison.js'
import { payloadText } from '../payloads.js'
import { median } from '../statistics.js'
import type { Fact, PrepareSuite } from '../suite.js'
import { watchedStorage } from '../vaults.js'

const WRITERS = 40
const NAME = 'app/service/credentials'

interface Arena {
  /** One vault, or two on the same storage. */
  readonly vaults: readonly Vault[]
  readonly storage: StorageAdapter
  /** Attempts to commit since it was asked last. */
  readonly takeAttempts: () => number
}

async function createArena(inner: StorageAdapter, vaultCount: number): Promise<Arena> {
  let attempts = 0
  const storage = watchedStorage(inner, () => {
    attempts++
  })
  const unlock = rawKey(generateKey())
  const vaults = [await createVault({ storage, unlock })]
  while (vaults.length < vaultCount) vaults.push(await openVault({ storage, unlock }))
  await vaults[0]?.createSecret({ secretName: NAME, secretData: 'first' })
  return {
    vaults,
    storage,
    takeAttempts: () => {
      const taken = attempts
      attempts = 0
      return taken
    },
  }
}

/** All writers at once. Every one has to get a version of its own. */
async function writeAtOnce({ vaults, takeAttempts }: Arena): Promise<number> {
  takeAttempts()
  const puts = Array.from({ length: WRITERS }, (_, i) => {
    const secretData = payloadText(100, `writer ${i}`)
    const vault = vaults[i % vaults.length]
    if (vault === undefined) throw new RangeError('no vault')
    return vault.putSecretValue({ secretName: NAME, secretData })
  })
  const versionIds = (await Promise.all(puts)).map(({ versionId }) => versionId)
  check(new Set(versionIds).size === WRITERS, 'two writers got one version')
  return takeAttempts() / WRITERS
}

async function contend(
  title: string,
  storage: StorageAdapter,
  vaultCount: number,
  runs: number,
): Promise<Fact[]> {
  const arena = await createArena(storage, vaultCount)
  const attempts: number[] = []
  for (let run = 0; run < runs; run++) attempts.push(await writeAtOnce(arena))
  const report = await arena.vaults[0]?.verify()
  check(report?.isClean === true, 'the vault is damaged')
  await Promise.all(arena.vaults.map((vault) => vault.close()))
  await arena.storage.close()
  const unit = 'attempts a commit'
  return [
    { title, value: median(attempts), unit },
    ...(runs > 1 ? [{ title: `${title}, worst run`, value: Math.max(...attempts), unit }] : []),
  ]
}

export const prepareContention: PrepareSuite = ({ folder, scale }) => {
  const facts = async (): Promise<Fact[]> => {
    const all: Fact[] = []
    for (const vaultCount of [1, 2]) {
      const through = vaultCount === 1 ? 'one vault' : 'two vaults'
      const title = `${WRITERS} writers of one secret, ${through}`
      const location = join(folder, `contention-${vaultCount}`)
      const level = await createLevelStorage({ location })
      const runs = scale.contentionRuns
      all.push(
        ...(await contend(`${title}, memory`, createMemoryStorage(), vaultCount, runs)),
        ...(await contend(`${title}, LevelDB, durable`, level, vaultCount, runs)),
      )
    }
    return all
  }
  return Promise.resolve({
    name: 'contention',
    comparisons: [],
    facts,
    close: () => Promise.resolve(),
  })
}
