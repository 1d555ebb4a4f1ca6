/** The main process: what happens to the application happens to the vault. */

import { join } from 'node:path'
import { app, dialog, powerMonitor, protocol, safeStorage } from 'electron'
import type { BrowserWindow } from 'electron'
import { codeOf } from './error-code.js'
import { createIdleLock } from './idle-lock.js'
import { STATUS_CHANNEL } from './ipc-contract.js'
import { PAGE_ADDRESS, PAGE_SCHEME } from './page-files.js'
import { createKeychain } from './safe-storage-provider.js'
import { vaultFolder } from './vault-folder.js'
import { VaultKeeper } from './vault-keeper.js'
import { createVaultRequests } from './vault-requests.js'
import { openWindow } from './window.js'

const IDLE_SECONDS = 300

// LevelDB is for one process: a second start shows the window of the first.
if (app.requestSingleInstanceLock()) {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true } },
  ])
  app.whenReady().then(start).catch(giveUp)
} else {
  app.quit()
}

async function start(): Promise<void> {
  let window: BrowserWindow | null = null
  const keeper = new VaultKeeper({
    folder: vaultFolder(join(app.getPath('userData'), 'vault')),
    keychain: createKeychain(safeStorage, { platform: process.platform }),
    onChange: (status) => {
      if (status.state === 'unlocked') idle.touch()
      else idle.stop()
      if (window?.isDestroyed() === false) window.webContents.send(STATUS_CHANNEL, status)
    },
  })
  const lock = (): void => {
    keeper.lock().catch(giveUp)
  }
  const idle = createIdleLock(IDLE_SECONDS, lock)
  lockWithTheScreen(lock)
  endWithTheApplication(keeper)

  // Before the page asks for the status, which waits for it.
  keeper.unlock().catch(giveUp)
  const onUse = (): void => {
    if (keeper.status().state === 'unlocked') idle.touch()
  }
  window = await openWindow(createVaultRequests({ keeper, pageAddress: PAGE_ADDRESS, onUse }))
  const shown = window
  app.on('second-instance', () => {
    if (shown.isMinimized()) shown.restore()
    shown.focus()
  })
}

/**
 * A locked vault stays locked until a person unlocks it in the page, also when the screen is
 * unlocked. Linux reports no locked screen: there the idle time has to do.
 */
function lockWithTheScreen(lock: () => void): void {
  powerMonitor.on('suspend', lock)
  powerMonitor.on('lock-screen', lock)
}

function endWithTheApplication(keeper: VaultKeeper): void {
  let hasEnded = false
  app.on('before-quit', (event) => {
    if (hasEnded) return
    event.preventDefault()
    keeper
      .end()
      .catch(report)
      .finally(() => {
        hasEnded = true
        app.quit()
      })
  })
  app.on('window-all-closed', () => {
    app.quit()
  })
}

function giveUp(error: unknown): void {
  report(error)
  app.quit()
}

/** The code alone: messages of other people's errors may say anything. */
function report(error: unknown): void {
  dialog.showErrorBox('The vault failed', codeOf(error) ?? 'an unexpected error')
}
