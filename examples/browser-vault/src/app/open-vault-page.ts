/** The page of an open vault: what a person asks for, done, and what came of it, shown. */
import type { Vault } from 'stagevault'
import { CURRENT, holderOf, moveWords } from '../model/version-row.js'
import type { LentClipboard } from '../model/lent-clipboard.js'
import type { Announcer } from '../views/announcer.js'
import { createListView } from '../views/list-view.js'
import type { SecretRequests, ShownSecret } from '../views/secret-view.js'
import { createSecretView } from '../views/secret-view.js'
import { createVaultView } from '../views/vault-view.js'
import type { Attempts } from './attempts.js'
import { createAttempts } from './attempts.js'
import { openChangePassphrase } from './change-passphrase.js'
import { readValue } from './read-vault.js'
import type { SecretForms } from './secret-forms.js'
import { createSecretForms } from './secret-forms.js'
import { createSmallScreen } from './small-screen.js'
import type { VaultReading } from './vault-reading.js'
import { readingOf } from './vault-reading.js'

export interface OpenVaultPage {
  readonly element: HTMLElement
  showPersistence(words: string): void
  /** Puts the cursor where a person begins. */
  focus(): void
  /** Takes everything of the vault out of the page. */
  close(): Promise<void>
}

export interface OpenVaultSettings {
  readonly minutes: number
  readonly onMinutes: (minutes: number) => void
  /** @param why - what a person should know, or `''` */
  readonly onLock: (why: string) => void
  readonly announcer: Announcer
  readonly clipboard: LentClipboard
}

export async function createOpenVaultPage(
  vault: Vault,
  settings: OpenVaultSettings,
): Promise<OpenVaultPage> {
  const attempts = createAttempts(settings.announcer, settings.onLock)
  const reading = readingOf(
    vault,
    ({ secrets, damaged, chosen }) => {
      list.show(secrets, damaged, chosen?.secret.secretName ?? null)
      screen.notePlace()
      // First: what is not displayed cannot be scrolled to where it is wanted.
      page.showDetail(chosen !== null)
      detail.show(chosen, secrets.length === 0)
      screen.note()
    },
    attempts.watch,
  )
  const showDone = (words: string, name: string | null): void =>
    void attempts.change(async () => {
      await reading.choose(name)
      if (name !== null) list.reveal(name)
      screen.keepFocus()
    }, words)
  const forms = createSecretForms(vault, attempts.orGone, showDone)
  const list = createListView({
    onSelect: (name) =>
      void attempts.change(async () => {
        await reading.choose(name)
        detail.element.focus({ preventScroll: true })
        detail.element.scrollIntoView({ block: 'start' })
      }),
    onNew: () => {
      forms.newSecret()
    },
  })
  const detail = createSecretView({
    ...changesOf(vault, reading, attempts, settings),
    ...formsOf(forms, reading),
    onBack: () => {
      screen.pressBack()
    },
  })
  const screen = createSmallScreen({
    list: list.element,
    detail: detail.element,
    isChosen: () => reading.contents().chosen !== null,
    toList: () =>
      attempts.change(async () => {
        const { secretName } = chosenOf(reading).secret
        await reading.choose(null)
        list.focusSecret(secretName)
      }),
  })
  const page = createVaultView({
    ...settings,
    list: list.element,
    detail: detail.element,
    onPassphrase: () => {
      openChangePassphrase(vault, attempts.orGone, (words) => {
        settings.announcer.say(words)
      })
    },
    onLock: () => {
      settings.onLock('')
    },
  })

  const stopLooking = onReturn(() => void attempts.watch(reading.refreshAll))
  function stop(): void {
    attempts.stop()
    reading.stop()
    stopLooking()
    screen.stop()
  }

  await reading.refresh().catch((error: unknown) => {
    stop()
    throw error
  })
  return {
    element: page.element,
    showPersistence: (words) => {
      page.showPersistence(words)
    },
    focus: () => {
      list.focus()
    },
    close: async () => {
      stop()
      detail.show(null)
      page.element.remove()
      await vault.close()
    },
  }
}

/** While this tab was hidden, others may have made changes that it was not told of. */
function onReturn(look: () => void): () => void {
  const lookIfSeen = (): void => {
    if (!document.hidden) look()
  }
  document.addEventListener('visibilitychange', lookIfSeen)
  return () => {
    document.removeEventListener('visibilitychange', lookIfSeen)
  }
}

type Changes = Omit<SecretRequests, keyof ReturnType<typeof formsOf> | 'onBack'>

/** What is done at once with the secret that is chosen. */
function changesOf(
  vault: Vault,
  reading: VaultReading,
  { attempt, change, isStopped }: Attempts,
  { clipboard, announcer }: OpenVaultSettings,
): Changes {
  const chosen = (): ShownSecret => chosenOf(reading)
  const nameNow = (): string => chosen().secret.secretName
  const valueNow = (): Promise<string> => readValue(vault, nameNow(), chosen().selected)

  async function valueToLend(): Promise<string> {
    const value = await valueNow()
    // The vault was locked since: the clipboard is cleared already.
    if (isStopped()) throw new Error('the vault was locked')
    return value
  }

  function move(label: string, from: string, to: string): Promise<void> {
    const secretName = nameNow()
    const stage = { versionStage: label, removeFromVersion: from, moveToVersion: to }
    return change(
      async () => {
        await vault.updateSecretVersionStage({ secretName, ...stage })
        await reading.refresh()
      },
      moveWords(chosen().row, label, to),
    )
  }

  return {
    read: () => attempt(valueNow),
    copy: () => change(() => clipboard.lend(valueToLend())),
    rollBack: () => move(CURRENT, holderOf(chosen().row, CURRENT) ?? '', chosen().selected),
    onSelect: (versionId) => {
      reading.select(versionId)
    },
    onMove: (label, from, to) => void move(label, from, to),
    onRemove: (label, from) => {
      const removal = { versionStage: label, removeFromVersion: from }
      const secretName = nameNow()
      void change(async () => {
        await vault.updateSecretVersionStage({ secretName, ...removal })
        await reading.refresh()
      }, `${label} is removed from ${from}`)
    },
    onRestore: () => {
      const secretName = nameNow()
      void change(async () => {
        await vault.restoreSecret({ secretName })
        await reading.refresh()
      }, `${secretName} is restored`)
    },
    say: (text) => {
      announcer.say(text)
    },
  }
}

/** What is asked for in a form first. */
function formsOf(
  forms: SecretForms,
  reading: VaultReading,
): Pick<SecretRequests, 'onNewVersion' | 'onEdit' | 'onAddLabel' | 'onDelete'> {
  return {
    onNewVersion: () => {
      forms.newVersion(chosenOf(reading).secret)
    },
    onEdit: () => {
      forms.edit(chosenOf(reading).secret)
    },
    onAddLabel: () => {
      const { secret, row, selected } = chosenOf(reading)
      forms.addLabel(
        secret,
        selected,
        row.cards.map(({ versionId }) => versionId),
      )
    },
    onDelete: () => {
      forms.delete(chosenOf(reading).secret)
    },
  }
}

/** The view of a secret asks for nothing where none is chosen. */
function chosenOf(reading: VaultReading): ShownSecret {
  const { chosen } = reading.contents()
  if (chosen === null) throw new Error('no secret is chosen')
  return chosen
}
