/**
 * What this process has seen of the store, so that it notices when the store goes back: the newest
 * generation of each secret and of the root, and which secrets are gone.
 *
 * A read that was asked for before something was seen may be answered with what was there before;
 * one that was asked for afterwards may not. So everything is remembered with its moment.
 */

import { toHex } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { SEEN_SECRETS_MIN } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { VaultRoot } from '@stagevault/core/records/index-records'
import { createRecentMap } from '../session/recent-map.js'

export interface StoreMemory {
  /** The moment before a read is issued, for the checks of what it is answered with. */
  now(): number
  /**
   * Remembers a head that was read or written.
   *
   * @returns the name under which the secret was seen before, `null` where it had none, or
   *   `undefined` where something later was seen of it.
   */
  note(state: SecretState): string | null | undefined
  /** Whether the secret was seen at that moment already. */
  hasSeen(state: SecretState, asked: number): boolean
  /** Remembers that a secret was deleted. */
  bury(state: SecretState): void
  /** Remembers that a secret was not found under its name: deleted, or renamed by others. */
  miss(state: SecretState): void
  /** @throws {@link VaultError} `ROLLBACK_DETECTED` */
  requireNotOlder(state: SecretState, asked: number): void
  noteRoot(root: VaultRoot): void
  /** @throws {@link VaultError} `ROLLBACK_DETECTED` */
  requireRootNotOlder(root: VaultRoot, asked: number): void
  clear(): void
}

interface Seen {
  /** Infinite once the secret was deleted: nothing of it comes after that. */
  readonly generation: number
  /** `null` where it is under another name, or gone. */
  readonly secretName: string | null
  readonly moment: number
}

export function createStoreMemory(): StoreMemory {
  let moment = 0
  const secrets = createRecentMap<string, Seen>(SEEN_SECRETS_MIN)
  let root = { generation: 0, moment: 0 }

  function remember(secretId: string, generation: number, secretName: string | null): void {
    secrets.set(secretId, { generation, secretName, moment: ++moment })
  }

  return {
    now: () => moment,
    note: ({ secretId, generation, secretName }) => {
      const id = toHex(secretId)
      const seen = secrets.get(id)
      if (seen !== undefined && isLater(seen, generation, secretName)) return undefined
      if (seen?.generation !== generation) remember(id, generation, secretName)
      return seen?.secretName ?? null
    },
    hasSeen: ({ secretId }, asked) => {
      const seen = secrets.get(toHex(secretId))
      return seen !== undefined && seen.moment <= asked
    },
    bury: ({ secretId }) => {
      remember(toHex(secretId), Infinity, null)
    },
    miss: ({ secretId, generation }) => {
      const id = toHex(secretId)
      const seen = secrets.get(id)
      if (seen === undefined || seen.generation <= generation) remember(id, generation, null)
    },
    requireNotOlder: ({ secretId, generation, secretName }, asked) => {
      const seen = secrets.get(toHex(secretId))
      if (seen === undefined || seen.moment > asked) return
      if (!isLater(seen, generation, secretName)) return
      throw wentBack(`an earlier head of secret ${secretName}`)
    },
    noteRoot: ({ generation }) => {
      if (generation > root.generation) root = { generation, moment: ++moment }
    },
    requireRootNotOlder: ({ generation }, asked) => {
      if (root.moment > asked || generation >= root.generation) return
      throw wentBack('an earlier vault root')
    },
    clear: () => {
      secrets.clear()
    },
  }
}

/** Whether `seen` is what became of a secret that had this generation under this name. */
function isLater(seen: Seen, generation: number, secretName: string): boolean {
  if (seen.generation !== generation) return seen.generation > generation
  return seen.secretName !== secretName
}

function wentBack(what: string): VaultError {
  return new VaultError('ROLLBACK_DETECTED', `the store gives ${what} than it gave before`)
}
