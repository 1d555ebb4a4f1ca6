/** What the page knows of an open vault, read again whenever something changes. */
import type { Vault } from 'stagevault'
import { isVaultError } from 'stagevault'
import type { SecretList } from '../model/secret-list.js'
import { createSessionEvictions } from '../model/session-evictions.js'
import type { ShownSecret } from '../views/secret-view.js'
import { listReadingOf } from './list-reading.js'
import { readVersions, versionToShow } from './read-vault.js'

/** All that is shown, but for values. */
export interface VaultContents extends SecretList {
  /** The secret that a person has chosen, with its versions. */
  readonly chosen: ShownSecret | null
}

export interface VaultReading {
  contents(): VaultContents
  /** @returns once it is read and shown */
  choose(secretName: string | null): Promise<void>
  select(versionId: string): void
  /** What is known to have changed. */
  readonly refresh: () => Promise<void>
  /** Everything, as where changes may have gone unheard. */
  readonly refreshAll: () => Promise<void>
  stop(): void
}

/**
 * @param show - told whenever the contents are others
 * @param watch - runs what is read without anybody's asking for it, and says what goes wrong
 */
export function readingOf(
  vault: Vault,
  show: (contents: VaultContents) => void,
  watch: (work: () => Promise<void>) => Promise<void>,
): VaultReading {
  const evictions = createSessionEvictions()
  const list = listReadingOf(vault)
  let contents: VaultContents = { secrets: [], damaged: [], chosen: null }
  /** What was chosen last, whether or not it is there: it may only have been renamed. */
  let name: string | null = null
  let selected: string | null = null
  let isStopped = false
  const refresh = oneAtATime(read)

  async function read(): Promise<void> {
    const { secrets, damaged } = await list.read()
    const wanted = name
    const secret = secrets.find(({ secretName }) => secretName === wanted)
    const row =
      secret === undefined
        ? null
        : await readVersions(vault, secret.secretName, evictions.of(secret.secretName)).catch(
            nullIfGone,
          )
    // Another secret was chosen since: it is read next.
    if (wanted !== name || isStopped) return
    const chosen =
      secret === undefined || row === null
        ? null
        : { secret, row, selected: versionToShow(row, selected) }
    contents = { secrets, damaged, chosen }
    show(contents)
  }

  const unsubscribe = vault.subscribe((event) => {
    evictions.note(event)
    list.note(event)
    if (event.type === 'secret.renamed' && event.formerSecretName === name) name = event.secretName
    void watch(refresh)
  })

  return {
    contents: () => contents,
    choose: (secretName) => {
      name = secretName
      selected = null
      return refresh()
    },
    select: (versionId) => {
      selected = versionId
      if (contents.chosen === null) return
      contents = { ...contents, chosen: { ...contents.chosen, selected: versionId } }
      show(contents)
    },
    refresh,
    refreshAll: () => {
      list.forget()
      return refresh()
    },
    stop: () => {
      isStopped = true
      unsubscribe()
    },
  }
}

/** Once more where something changed while it went on. */
function oneAtATime(read: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | null = null
  let isStale = false
  return async () => {
    isStale = true
    reading ??= (async () => {
      try {
        while (isStale) {
          isStale = false
          await read()
        }
      } finally {
        reading = null
      }
    })()
    await reading
  }
}

/** Deleted or renamed after the list was read. */
function nullIfGone(error: unknown): null {
  if (isVaultError(error, 'SECRET_NOT_FOUND')) return null
  throw error
}
