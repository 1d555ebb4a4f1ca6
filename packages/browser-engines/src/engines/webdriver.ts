import { setTimeout as sleep } from 'node:timers/promises'

/** A browser behind WebDriver, as far as tests need it: tabs, and nothing in them. */
export interface WebDriverSession {
  /** Opens a tab at an address and returns its name. */
  openTab(address: string): Promise<string>
  closeTab(tab: string): Promise<void>
  end(): Promise<void>
}

/** How long the driver may take to listen. */
const START_MS = 30_000

/** Starts a session with the driver at `driver`, once it is there. */
export async function startSession(
  driver: string, capabilities: Readonly<Record<string, unknown>>,
): Promise<WebDriverSession> {
  await waitForDriver(driver)
  const started = await send('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: capabilities },
  }) as { readonly sessionId: string }
  const base = `${driver}/session/${started.sessionId}`

  // A new tab is asked for in one that is there, and this one stays.
  const home = await send('GET', `${base}/window`)

  /** Commands go to the tab that was switched to last, so that each waits for the one before. */
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = queue.then(step)
    queue = done.catch(() => undefined)
    return done
  }

  return {
    openTab: (address) => inTurn(async () => {
      await send('POST', `${base}/window`, { handle: home })
      // In a window of its own: a tab behind another is hidden, and its timers run once a second.
      const opened = await send('POST', `${base}/window/new`, { type: 'window' })
      const { handle } = opened as { readonly handle: string }
      await send('POST', `${base}/window`, { handle })
      await send('POST', `${base}/url`, { url: address })
      return handle
    }),
    closeTab: (handle) => inTurn(async () => {
      await send('POST', `${base}/window`, { handle })
      await send('DELETE', `${base}/window`)
    }),
    end: () => inTurn(async () => {
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

async function send(method: string, address: string, body?: unknown): Promise<unknown> {
  const response = await fetch(address, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const { value } = await response.json() as { readonly value: unknown }
  if (!response.ok) throw new Error(`${method} ${address}: ${JSON.stringify(value)}`)
  return value
}
