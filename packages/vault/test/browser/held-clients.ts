import { randomUUID } from 'node:crypto'
import type { RemoteClient, TestBrowser, TestPage } from '@stagevault/browser-engines'
import type { VaultEvent } from 'stagevault'
import { expect } from 'vitest'
import type { Operation } from '../model/operation.js'
import type { VaultOrder } from './held-vault.js'

const PAGES = 3
const WORKERS = 2

/** A raw key as text: 32 bytes with no meaning. */
export const KEY = 'a key of thirty-two bytes, no less'.slice(0, 32)

export function newVault(): VaultOrder {
  return { name: randomUUID(), key: KEY }
}

/** Three pages and two workers that hold one new vault; the first made it. */
export async function withClients(
  browser: TestBrowser,
  step: (clients: readonly RemoteClient[], order: VaultOrder) => Promise<void>,
): Promise<void> {
  const pages = await Promise.all(Array.from({ length: PAGES }, () => browser.openPage('held')))
  const workers = await Promise.all(pages.slice(0, WORKERS).map((page) => page.startWorker('held')))
  const clients = [...pages, ...workers]
  const order = newVault()
  for (const [i, client] of clients.entries()) {
    await client.call(i === 0 ? 'holdNew' : 'holdExisting', order)
  }
  await untilAllHear(clients)
  await step(clients, order)
  await Promise.all(workers.map((worker) => worker.end()))
  await Promise.all(pages.map((page) => page.tab.close()))
}

/** Only a lost event takes so long. */
export const PATIENCE = { timeout: 60_000, interval: 20 }

export async function perform(client: RemoteClient, operation: Operation): Promise<void> {
  expect(await client.call('perform', operation)).toHaveProperty('result')
}

/** The names in all events that a client was told of. */
export async function namesHeard(client: RemoteClient): Promise<readonly string[]> {
  const events = await client.call<VaultEvent[]>('readEvents')
  return events.map(({ secretName }) => secretName)
}

/** Browsers take a while until a channel that was opened in one page is heard of in the others. */
async function untilAllHear(clients: readonly RemoteClient[]): Promise<void> {
  for (const [i, speaker] of clients.entries()) {
    let said = 0
    await expect
      .poll(async () => {
        said += 1
        const request = { secretName: `hello-${i}-${said}`, secretData: 'x' }
        await perform(speaker, { name: 'createSecret', request })
        const heard = await Promise.all(clients.map(namesHeard))
        return heard.filter((names) => names.some((name) => name.startsWith(`hello-${i}-`))).length
      }, PATIENCE)
      .toBe(clients.length)
  }
}

/** The listener hears from here on what is said on a channel, in other pages and in its own. */
export async function overhear(
  listener: RemoteClient,
  speaker: RemoteClient,
  channel: string,
): Promise<void> {
  await listener.call('overhear', channel)
  await expect
    .poll(async () => {
      await speaker.call('greet', channel)
      return listener.call('isGreeted')
    }, PATIENCE)
    .toBe(true)
}

export async function withPages(
  browser: TestBrowser,
  count: number,
  step: (...pages: TestPage[]) => Promise<void>,
): Promise<void> {
  const pages = await Promise.all(Array.from({ length: count }, () => browser.openPage('held')))
  await step(...pages)
  await Promise.all(pages.map((page) => page.tab.close()))
}
