/** A vault in LevelDB with many secrets. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLevelStorage } from '@stagevault/storage-level'
import {
  createVault, generateKey, openVault, rawKey,
  type ListSecretsRequest, type ListSecretsResult, type Vault,
} from 'stagevault'
import { nameAt, valueAt } from './population.js'
import { isWeighing, type Weighing } from './weighing.js'

/** Rows of a page where the last one is sought: the most that a page may have. */
export const LIST_PAGE = 100

/** Created at once: enough to keep the queue of the vault filled. */
const CREATES_AT_ONCE = 64

export interface GrownVault {
  readonly count: number
  readonly vault: () => Vault
  /** Of the page that holds the last {@link LIST_PAGE} secrets; `null` where it is the first. */
  readonly lastPageToken: string | null
  /** Opens the vault once more, on the same storage. */
  readonly reopen: () => Promise<Vault>
  /** Closes it, and opens and reads it in a process of its own, which tells what that takes. */
  readonly weigh: (gets: number) => Promise<Weighing>
  readonly close: () => Promise<void>
}

export async function createGrownVault(folder: string, count: number): Promise<GrownVault> {
  const location = join(folder, `growth-${count}`)
  const key = generateKey()
  const unlock = rawKey(key)
  const storage = await createLevelStorage({ location, durability: 'relaxed' })
  const vault = await createVault({ storage, unlock })
  for (let start = 0; start < count; start += CREATES_AT_ONCE) {
    const length = Math.min(CREATES_AT_ONCE, count - start)
    await Promise.all(Array.from({ length }, (_, i) => vault.createSecret({
      secretName: nameAt(start + i),
      secretData: valueAt(start + i),
    })))
  }
  const close = async (): Promise<void> => {
    await vault.close()
    await storage.close()
  }
  return {
    count,
    vault: () => vault,
    lastPageToken: await findLastPage(vault),
    reopen: () => openVault({ storage, unlock }),
    weigh: async (gets) => {
      await close()
      return weighElsewhere(location, key, count, gets)
    },
    close,
  }
}

/** Page after page, as a caller would have to. */
async function findLastPage(vault: Vault): Promise<string | null> {
  let token: string | null = null
  for (;;) {
    const request: ListSecretsRequest = { pageSize: LIST_PAGE }
    const page: ListSecretsResult = await vault.listSecrets(
      token === null ? request : { ...request, nextToken: token },
    )
    if (page.nextToken === undefined) return token
    token = page.nextToken
  }
}

function weighElsewhere(
  location: string, key: Uint8Array, count: number, gets: number,
): Weighing {
  const program = fileURLToPath(new URL('weigh.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', program, location, String(count), String(gets)],
    // Not as an argument, which every user of the machine could read.
    { input: key, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`weighing failed: ${stderr}`)
  const answer: unknown = JSON.parse(stdout)
  if (!isWeighing(answer)) throw new Error('weighing gave another answer')
  return answer
}
