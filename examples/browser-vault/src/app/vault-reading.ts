/** What the page knows of an open vault, read again whenever something changes. */
import type { SecretMetadata, Vault } from 'stagevault'
import { createSessionEvictions } from '../model/session-evictions.js'
import type { ShownSecret } from '../views/secret-view.js'
import { readSecrets, readVersions, versionToShow } from './read-vault.js'

/** All that is shown, but for values. */
export interface VaultContents {
  readonly secrets: readonly SecretMetadata[]
  /** Names of those whose records are damaged. */
  readonly damaged: readonly string[]
  /** The secret that a person has chosen, with its versions. */
  readonly chosen: ShownSecret | null
}

export interface VaultReading {
  contents(): VaultContents
  /** @returns once it is read and shown */
  choose(secretName: string | null): Promise<void>
  select(versionId: string): void
  refresh(): Promise<void>
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
  let contents: VaultContents = { secrets: [], damaged: [], chosen: null }
  /** What was chosen last, whether or not it is there: it may only have been renamed. */
  let name: string | null = null
  let selected: string | null = null
  let reading: Promise<void> | null = null
  let isStale = false

  async function read(): Promise<void> {
    const wanted = name
    const { secrets, damaged } = await readSecrets(vault)
    const secret = secrets.find(({ secretName }) => secretName === wanted)
    const row = secret === undefined ? null
      : await readVersions(vault, secret.secretName, evictions.of(secret.secretName))
        .catch(nullIfGone)
    // Another one was chosen meanwhile: it is read next.
    if (wanted !== name) return
    const chosen = secret === undefined || row === null ? null
      : { secret, row, selected: versionToShow(row, selected) }
    contents = { secrets, damaged, chosen }
    show(contents)
  }

  /** One reading at a time; once more where something changed while it went on. */
  async function refresh(): Promise<void> {
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

  const stop = vault.subscribe((event) => {
    evictions.note(event)
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
    stop,
  }
}

/** Deleted or renamed after the list was read. */
function nullIfGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'SECRET_NOT_FOUND') return null
  throw error
}
