import { setTimeout as sleep } from 'node:timers/promises'

/** A browser behind WebDriver: tabs, and commands to them. */
export interface WebDriverSession {
  /** Opens a tab at an address and returns its name. */
  openTab(address: string): Promise<string>
  closeTab(tab: string): Promise<void>
  /** Sends a command to a tab; `path` follows the session in its address. */
  send<T = unknown>(tab: string, method: Method, path: string, body?: unknown): Promise<T>
  end(): Promise<void>
}

export type Method = 'GET' | 'POST' | 'DELETE'

/** How long the driver may take to listen. */
const START_MS = 30_000

/** Starts a session with the driver at the address `driver`, once it answers. */
export async function startSession(
  driver: string,
  capabilities: Readonly<Record<string, unknown>>,
): Promise<WebDriverSession> {
  await waitForDriver(driver)
  const started = (await send('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: capabilities },
  })) as { readonly sessionId: string }
  const base = `${driver}/session/${started.sessionId}`

  // A new tab can only be opened from an existing one, so this one stays open.
  const home = (await send('GET', `${base}/window`)) as string

  /** Commands go to the tab that was switched to last, so each command waits for the one before. */
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = queue.then(step)
    queue = done.catch(() => undefined)
    return done
  }

  let current = home
  async function switchTo(handle: string): Promise<void> {
    if (current === handle) return
    await send('POST', `${base}/window`, { handle })
    current = handle
  }

  return {
    openTab: (address) =>
      inTurn(async () => {
        await switchTo(home)
        // In a separate window: a tab behind another is hidden, and its timers run once a second.
        const opened = await send('POST', `${base}/window/new`, { type: 'window' })
        const { handle } = opened as { readonly handle: string }
        await switchTo(handle)
        await send('POST', `${base}/url`, { url: address })
        return handle
      }),
    closeTab: (handle) =>
      inTurn(async () => {
        await switchTo(handle)
        await send('DELETE', `${base}/window`)
        current = ''
      }),
    send: <T>(handle: string, method: Method, path: string, body?: unknown) =>
      inTurn(async () => {
        await switchTo(handle)
        return (await send(method, `${base}/${path}`, body)) as T
      }),
    end: () =>
      inTurn(async () => {
        await send('DELETE', base)
      }),
  }
}

async function waitForDriver(driver: string): Promise<void> {
  const until = Date.now() + START_MS
  for (;;) {
    try {
      await send('GET', `${driver}/status`)
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(50)
    }
  }
}

async function send(method: Method, address: string, body?: unknown): Promise<unknown> {
  const response = await fetch(address, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const { value } = (await response.json()) as { readonly value: unknown }
  if (!response.ok) throw new Error(`${method} ${address}: ${JSON.stringify(value)}`)
  return value
}
