/** The built preload script, run as Electron's sandbox runs it. */

import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { expect, it } from 'vitest'
import { CHANNELS, OPERATIONS, STATUS_CHANNEL } from '@stagevault/electron-vault/ipc-contract'
import type { Bridge } from '@stagevault/electron-vault/ipc-contract'

const SCRIPT = readFileSync(new URL('../dist/preload/preload.js', import.meta.url), 'utf8')

interface Sandbox {
  readonly exposed: ReadonlyMap<string, Bridge>
  readonly invoked: readonly (readonly unknown[])[]
  /** Sends from the main process: an event, then what was sent. */
  readonly send: (channel: string, ...sent: readonly unknown[]) => void
}

/** CommonJS, a `require` that knows Electron alone, and no Node. */
function runPreload(): Sandbox {
  const exposed = new Map<string, Bridge>()
  const invoked: (readonly unknown[])[] = []
  const listeners: [string, (...sent: unknown[]) => void][] = []
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Bridge) => exposed.set(name, api),
    },
    ipcRenderer: {
      invoke: (...call: unknown[]) => {
        invoked.push(call)
        return Promise.resolve('answer')
      },
      on: (channel: string, listener: (...sent: unknown[]) => void) => {
        listeners.push([channel, listener])
      },
    },
  }
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`)
  }
  runInContext(SCRIPT, createContext({ require, exports: {} }))
  return {
    exposed,
    invoked,
    send: (channel, ...sent) => {
      for (const [name, listener] of listeners) if (name === channel) listener(...sent)
    },
  }
}

it('gives the page the operations and nothing else', () => {
  const { exposed } = runPreload()
  expect([...exposed.keys()]).toEqual(['vault'])
  const bridge = exposed.get('vault') ?? {}
  expect(Object.keys(bridge).sort()).toEqual([...OPERATIONS, 'onStatusChanged'].sort())
})

it('asks each on its channel, with what it was given', async () => {
  const { exposed, invoked } = runPreload()
  const bridge = exposed.get('vault') as unknown as Record<string, (...input: unknown[]) => unknown>
  for (const operation of OPERATIONS) {
    expect(await bridge[operation]?.('one', 'two')).toBe('answer')
    expect(invoked.at(-1)).toEqual([CHANNELS[operation], 'one', 'two'])
  }
  expect(new Set(invoked.map(([channel]) => channel)).size).toBe(OPERATIONS.length)
})

it('hands on the status without the event, which would lead to Electron', () => {
  const { exposed, send } = runPreload()
  const heard: unknown[][] = []
  exposed.get('vault')?.onStatusChanged((...told: unknown[]) => heard.push(told))
  const status = { state: 'locked', problem: null }
  send(STATUS_CHANNEL, { sender: 'ipcRenderer' }, status)
  send('another channel', { sender: 'ipcRenderer' }, 'other')
  expect(heard).toEqual([[status]])
})
