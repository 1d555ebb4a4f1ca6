/** The life of the page: no vault, a locked one, an open one. */
import { createVault, openVault } from 'stagevault'
import { requestPersistence } from '@stagevault/storage-idb'
import type { IdleLock } from '../model/idle-lock.js'
import { createIdleLock } from '../model/idle-lock.js'
import type { LentClipboard } from '../model/lent-clipboard.js'
import { problemWords } from '../model/problem-words.js'
import { hasVault, onDeletedElsewhere } from '../unlocking/vault-place.js'
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import { dropPreparedDerivation, prepareDerivations } from '../unlocking/worker-passphrase.js'
import type { Announcer } from '../views/announcer.js'
import { createAnnouncer } from '../views/announcer.js'
import { createClipboardView } from '../views/clipboard-view.js'
import { h } from '../views/elements.js'
import { closeDialogs } from '../views/dialog.js'
import { createGateView } from '../views/gate-view.js'
import { openDeleteVaultDialog } from './delete-vault-dialog.js'
import type { MakeVault } from './enter-vault.js'
import { TooLate, enterVault, isOtherThanShown } from './enter-vault.js'
import type { OpenVaultPage, OpenVaultSettings } from './open-vault-page.js'
import { createPageClipboard } from './page-clipboard.js'
import { readIdleMinutes, writeIdleMinutes } from './settings.js'

/** Browsers answer no request before a deletion is over, and do not say that there is one. */
const DELETION_WAITS =
  'The browser does not answer. It may be deleting the vault, and waiting ' +
  'for another tab that holds it: close the other tabs with this page.'

const MADE_ANYWAY = 'The vault was made before it could be cancelled.'

export async function startBrowserVault(root: HTMLElement): Promise<void> {
  const { announcer, clipboard, messages } = createMessages()
  const idle = createIdleLock(readIdleMinutes(), () => void lock('It was not used for a while.'))
  const gate = createGateView({
    create: (text, work) => enter(createVault, text, work),
    unlock: (text, work) => enter(openVault, text, work),
    deleteVault: () => {
      openDeleteVaultDialog(() => void showGate('The vault was deleted.'))
    },
    words: problemWords,
  })
  let page: OpenVaultPage | null = null
  /** Counts what the page was told to show: what comes late must not cover what came after. */
  let turns = 0

  async function showGate(why: string): Promise<void> {
    const turn = ++turns
    if (gate.element.parentNode !== root) root.replaceChildren(gate.element, messages)
    const showProblem = (words: string): void => {
      if (turn === turns) gate.showProblem(words, () => void showGate(why))
    }
    try {
      const kind = (await hasVault(() => {
        showProblem(DELETION_WAITS)
      }))
        ? 'unlock'
        : 'create'
      if (turn !== turns) return
      gate.show(kind, why)
      prepareDerivations()
    } catch (error) {
      showProblem(problemWords(error))
    }
  }

  async function enter(make: MakeVault, text: string, work: DerivationOptions): Promise<void> {
    try {
      page = await enterVault(make, text, work, settingsNow())
    } catch (error) {
      const isMade = error instanceof TooLate && make === createVault && page === null
      if (isMade) await showGate(MADE_ANYWAY)
      if (work.signal.aborted || !isOtherThanShown(error)) throw error
      await showGate(problemWords(error))
      return
    }
    turns += 1
    gate.stop()
    root.replaceChildren(page.element, messages)
    page.focus()
    idle.start()
    void showPersistence(page)
  }

  function settingsNow(): OpenVaultSettings {
    return {
      announcer,
      clipboard,
      minutes: readIdleMinutes(),
      onLock: (why) => void lock(why),
      onMinutes: (minutes) => {
        keepMinutes(idle, minutes)
      },
    }
  }

  async function lock(why: string, isLeft = false): Promise<void> {
    idle.stop()
    gate.stop()
    if (isLeft) dropPreparedDerivation()
    closeDialogs()
    announcer.clear()
    const closing = page
    page = null
    await Promise.all([
      // First: some browsers let a page at the clipboard only while a person acts in it.
      clipboard.takeBack(),
      isLeft ? null : showGate(why),
      closing?.close().catch(() => undefined),
    ])
  }

  listen(
    idle,
    clipboard,
    () => void lock('', true),
    () => void showGate(''),
  )
  onDeletedElsewhere(() => void lock('The vault was deleted in another tab.'))
  await showGate('')
}

function keepMinutes(idle: IdleLock, minutes: number): void {
  writeIdleMinutes(minutes)
  idle.setMinutes(minutes)
}

interface Messages {
  readonly announcer: Announcer
  readonly clipboard: LentClipboard
  readonly messages: HTMLElement
}

function createMessages(): Messages {
  const announcer = createAnnouncer()
  const clipboardView = createClipboardView()
  // Of the page and not of the open vault: a value may be on the clipboard still when it is locked.
  const clipboard = createPageClipboard((state) => {
    clipboardView.show(state)
  })
  const messages = h('div', { class: 'messages' }, clipboardView.element, announcer.element)
  return { announcer, clipboard, messages }
}

/**
 * @param onLeave - a page that the browser keeps for "back" keeps no vault, and none that opens. It
 *   must not begin anything either: what it asks of the database is not answered while it is away,
 *   and keeps all others waiting.
 * @param onReturn - it is shown again
 */
function listen(
  idle: IdleLock,
  clipboard: LentClipboard,
  onLeave: () => void,
  onReturn: () => void,
): void {
  const inAnyCase = { capture: true, passive: true }
  // On a touch screen it is lifting the finger that a browser takes for an action.
  for (const action of ['pointerdown', 'pointerup', 'keydown']) {
    addEventListener(
      action,
      () => {
        idle.touch()
        void clipboard.retry()
      },
      inAnyCase,
    )
  }
  for (const use of ['wheel', 'touchmove'])
    addEventListener(
      use,
      () => {
        idle.touch()
      },
      inAnyCase,
    )
  let place = ''
  addEventListener(
    'pointermove',
    ({ screenX, screenY }) => {
      // Browsers also send it when what lies under a pointer at rest has changed.
      const here = `${screenX} ${screenY}`
      if (here !== place) idle.touch()
      place = here
    },
    inAnyCase,
  )
  addEventListener('focus', () => {
    idle.check()
    void clipboard.retry()
  })
  document.addEventListener('visibilitychange', () => {
    idle.check()
  })
  addEventListener('pagehide', onLeave)
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) onReturn()
  })
}

/** Some browsers ask a person first, who may take any time. */
async function showPersistence(page: OpenVaultPage): Promise<void> {
  const answer = await requestPersistence()
  page.showPersistence(
    answer === 'granted'
      ? 'This browser keeps the vault until you delete it.'
      : 'This browser may delete the vault when it runs short of space.',
  )
}
