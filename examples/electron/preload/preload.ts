/**
 * The one thing that the page sees of the application. It runs in the sandbox, as a CommonJS script
 * that can load nothing but Electron: the channels stand here again, under the contract's types.
 */

import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, Channels, Operation, StatusChannel } from '../src/ipc-contract.js'
import type { VaultStatus } from '../src/vault-keeper.js'

const CHANNELS: Channels = {
  status: 'vault:status',
  createVault: 'vault:create',
  unlock: 'vault:unlock',
  unlockWithPassphrase: 'vault:unlock-with-passphrase',
  lock: 'vault:lock',
  listSecrets: 'secrets:list',
  readSecret: 'secrets:read',
  storeSecret: 'secrets:store',
}
const STATUS_CHANNEL: StatusChannel = 'vault:status-changed'

/** The page gets neither `ipcRenderer` nor an event, which has a reference to it. */
function ask<K extends Operation>(operation: K): Bridge[K] {
  return ((...input: unknown[]) => ipcRenderer.invoke(CHANNELS[operation], ...input)) as Bridge[K]
}

const bridge: Bridge = {
  status: ask('status'),
  createVault: ask('createVault'),
  unlock: ask('unlock'),
  unlockWithPassphrase: ask('unlockWithPassphrase'),
  lock: ask('lock'),
  listSecrets: ask('listSecrets'),
  readSecret: ask('readSecret'),
  storeSecret: ask('storeSecret'),
  onStatusChanged: (listener) => {
    ipcRenderer.on(STATUS_CHANNEL, (_event, status: VaultStatus) => {
      listener(status)
    })
  },
}

contextBridge.exposeInMainWorld('vault', bridge)
