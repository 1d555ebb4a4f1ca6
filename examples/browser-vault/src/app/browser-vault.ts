/** The life of the page: no vault, a locked one, an open one. */
import type { Unlock, Vault } from 'stagevault'
import { createVault, openVault } from 'stagevault'
import { requestPersistence } from '@stagevault/storage-idb'
import { createIdleLock } from '../model/idle-lock.js'
import { problemWords } from '../model/problem-words.js'
import { LOCATION, hasVault } from '../unlocking/vault-place.js'
import { workerPassphrase } from '../unlocking/worker-passphrase.js'
import { createAnnouncer } from '../views/announcer.js'
import type { GateWork } from '../views/gate-view.js'
import { createGateView } from '../views/gate-view.js'
import type { OpenVaultPage } from './open-vault-page.js'
import { createOpenVaultPage } from './open-vault-page.js'
import { readIdleMinutes, writeIdleMinutes } from './settings.js'

/** What of a person's doing counts as use. */
const USES = ['pointerdown', 'keydown'] as const

export async function startBrowserVault(root: HTMLElement): Promise<void> {
  const announcer = createAnnouncer()
  let page: OpenVaultPage | null = null
  const gate = createGateView({
    create: (text, work) => enter(createVault, text, work),
    unlock: (text, work) => enter(openVault, text, work),
    words: problemWords,
  })
  const idle = createIdleLock(readIdleMinutes(), () => void lock('It was not used for a while.'))

  async function showGate(why: string): Promise<void> {
    root.replaceChildren(gate.element, announcer.element)
    gate.show(await hasVault() ? 'unlock' : 'create', why)
  }

  async function enter(
    make: (options: { location: string; unlock: Unlock }) => Promise<Vault>,
    text: string,
    work: GateWork,
  ): Promise<void> {
    const unlock = workerPassphrase(text, work)
    const vault = await make({ location: LOCATION, unlock })
    try {
      page = await createOpenVaultPage(vault, {
        minutes: readIdleMinutes(),
        announcer,
        onMinutes: (minutes) => {
          writeIdleMinutes(minutes)
          idle.setMinutes(minutes)
        },
        onLock: () => void lock(''),
      })
    } catch (error) {
      // What cannot be shown must not stay unlocked.
      await vault.close()
      throw error
    }
    gate.forget()
    root.replaceChildren(page.element, announcer.element)
    page.showPersistence(persistenceWords(await requestPersistence()))
    idle.touch()
  }

  async function lock(why: string): Promise<void> {
    const closing = page
    if (closing === null) return
    page = null
    announcer.clear()
    await closing.close()
    await showGate(why)
  }

  for (const use of USES) {
    addEventListener(use, () => {
      idle.touch()
      page?.touch()
    }, { capture: true, passive: true })
  }
  addEventListener('focus', () => { page?.touch() })
  document.addEventListener('visibilitychange', () => { idle.check() })
  // A page that the browser keeps for "back" must not keep an open vault.
  addEventListener('pagehide', () => void lock(''))
  await showGate('')
}

function persistenceWords(answer: Awaited<ReturnType<typeof requestPersistence>>): string {
  return answer === 'granted'
    ? 'This browser keeps the vault until you delete it.'
    : 'This browser may delete the vault when it runs short of space.'
}
