/** The window, closed to everything but the page of the application. */

import { fileURLToPath } from 'node:url'
import { BrowserWindow, app, session } from 'electron'
import { CHANNELS, OPERATIONS } from './ipc-contract.js'
import { PAGE_ADDRESS, PAGE_SCHEME, servePage } from './page-files.js'
import type { VaultRequests } from './vault-requests.js'

const PRELOAD = fileURLToPath(new URL('./preload/preload.js', import.meta.url))

export async function openWindow(answer: VaultRequests): Promise<BrowserWindow> {
  // Without "persist:" it is kept in memory: the page leaves nothing on the disk.
  const pageSession = session.fromPartition('vault')
  pageSession.protocol.handle(PAGE_SCHEME, servePage)
  pageSession.setPermissionCheckHandler(() => false)
  pageSession.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false)
  })

  const window = new BrowserWindow({
    width: 760,
    height: 640,
    title: 'Vault',
    webPreferences: {
      session: pageSession,
      preload: PRELOAD,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // It learns words.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  window.removeMenu()
  const { webContents } = window
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => {
    event.preventDefault()
  })
  for (const operation of OPERATIONS) {
    // On these contents, not on ipcMain: no other window reaches the vault.
    webContents.ipc.handle(CHANNELS[operation], (event, ...input: unknown[]) =>
      answer(event.senderFrame, operation, input),
    )
  }
  await window.loadURL(PAGE_ADDRESS)
  return window
}
