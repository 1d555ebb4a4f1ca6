/** A vault with many secrets, over any storage. */
import type { StorageAdapter } from '@stagevault/storage'
import {
  createVault,
  openVault,
  type ListSecretsRequest,
  type ListSecretsResult,
  type Unlock,
  type Vault,
} from 'stagevault'
import { nameAt, valueAt } from '../population.js'

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
  /** Closes the storage too. */
  readonly close: () => Promise<void>
}

/** Makes a vault with `count` secrets. */
export async function fillVault(
  storage: StorageAdapter,
  unlock: Unlock,
  count: number,
): Promise<void> {
  const vault = await createVault({ storage, unlock })
  for (let start = 0; start < count; start += CREATES_AT_ONCE) {
    const length = Math.min(CREATES_AT_ONCE, count - start)
    await Promise.all(
      Array.from({ length }, (_, i) =>
        vault.createSecret({
          secretName: nameAt(start + i),
          secretData: valueAt(start + i),
        }),
      ),
    )
  }
  await vault.close()
}

export async function openGrownVault(
  storage: StorageAdapter,
  unlock: Unlock,
  count: number,
): Promise<GrownVault> {
  const reopen = (): Promise<Vault> => openVault({ storage, unlock })
  const vault = await reopen()
  return {
    count,
    vault: () => vault,
    lastPageToken: await findLastPage(vault),
    reopen,
    close: async () => {
      await vault.close()
      await storage.close()
    },
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
