import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RemoteClient } from '@stagevault/browser-engines'
import { startTestBrowser, withProfile } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import type { Operation, Outcome } from '../model/operation.js'
import { newVault, withPages } from './held-clients.js'
import { LIMITS } from './held-vault.js'

/** A sample; a campaign kills more often. */
const isWhole = process.env['STAGEVAULT_BROWSERS'] === 'all'
const TABS = isWhole ? 8 : 3
const WORKERS = isWhole ? 24 : 6
const secretName = 'S'

/** A client that puts round after round is killed at a random moment, again and again. */
export function describeKills({ browser }: EngineContext): void {
  describe('a put', () => {
    it(`is whole or absent after its tab was closed, ${TABS} times`, async () => {
      await withPages(browser(), 1, async (watcher) => {
        await killAgainAndAgain(TABS, watcher, async () => {
          const page = await browser().openPage('held')
          return { client: page, kill: () => page.tab.close() }
        })
      })
    })

    it(`is whole or absent after its worker was ended, ${WORKERS} times`, async () => {
      await withPages(browser(), 1, async (watcher) => {
        await killAgainAndAgain(WORKERS, watcher, async () => {
          const worker = await watcher.startWorker('held')
          return { client: worker, kill: () => worker.end() }
        })
      })
    })
  })
}

const BROWSERS = isWhole ? 5 : 2

/** What Chromium's own store may be after a kill, rarely: it deletes it and says so. */
const DELETED = 'the browser found it damaged and deleted it'

/** For engines that keep what pages store when they are killed. */
export function describeBrowserKills({ engine, server }: EngineContext): void {
  describe('a put', () => {
    it(`is whole or absent after the whole browser was killed, ${BROWSERS} times`, async () => {
      try {
        await withProfile(killBrowsers)
      } catch (error) {
        if (!String(error).includes(DELETED)) throw error
        // That the store is gone was told, which is all that a vault can do. Not twice in a row.
        console.warn(String(error))
        await withProfile(killBrowsers)
      }
    })
  })

  async function killBrowsers(profile: string): Promise<void> {
    const order = newVault()
    let found = 0
    for (let cycle = 0; cycle <= BROWSERS; cycle += 1) {
      const browser = await startTestBrowser(engine, server(), { profile })
      try {
        const page = await browser.openPage('held')
        if (cycle === 0) {
          await page.call('holdNew', order)
          await createFirst(page)
        } else {
          await page.call('holdExisting', order)
          found = await expectWhole(page, found)
        }
        if (cycle === BROWSERS) break
        found = await putUntilKilled({ client: page, kill: () => browser.kill() }, found)
      } finally {
        await browser.kill()
      }
    }
  }
}

interface Victim {
  readonly client: RemoteClient
  readonly kill: () => Promise<unknown>
}

async function killAgainAndAgain(
  times: number,
  watcher: RemoteClient,
  start: () => Promise<Victim>,
): Promise<void> {
  const order = newVault()
  await watcher.call('holdNew', order)
  await createFirst(watcher)
  let found = 0
  for (let cycle = 0; cycle < times; cycle += 1) {
    const { client, kill } = await start()
    await client.call('holdExisting', order)
    const acknowledged = await putUntilKilled({ client, kill }, found)
    found = await expectWhole(watcher, acknowledged)
  }
}

/** Round 0, from which the writing client counts on. */
async function createFirst(client: RemoteClient): Promise<void> {
  const request = { secretName, secretData: '0' }
  await client.call('perform', { name: 'createSecret', request } satisfies Operation)
}

/** The last round that was acknowledged before the end, as far as was heard. */
async function putUntilKilled({ client, kill }: Victim, before: number): Promise<number> {
  // A page that is being closed may have the time to say that its transaction was aborted.
  const ending = expect(client.call('putForever', secretName)).rejects.toThrow(
    /disconnected|AbortError/,
  )
  let acknowledged = 0
  while (acknowledged <= before) acknowledged = await client.call<number>('readAcknowledged')
  await sleep(Math.random() * 20)
  acknowledged = await client.call<number>('readAcknowledged')
  await Promise.all([kill(), ending])
  return acknowledged
}

/** All rounds up to the last one are there, each whole, and the vault is sound. */
async function expectWhole(watcher: RemoteClient, acknowledged: number): Promise<number> {
  const last = await roundOf(watcher, {})
  expect(last).toBeGreaterThanOrEqual(acknowledged)
  // Round 0 was v1.
  const oldest = Math.max(0, last - LIMITS.versionsMax + 1)
  // Closing takes a while: by then what was acknowledged may have been evicted in due course.
  for (const round of new Set([oldest, Math.max(oldest, acknowledged), last])) {
    expect(await roundOf(watcher, { versionId: `v${round + 1}` })).toBe(round)
  }
  if (last > 0) expect(await roundOf(watcher, { versionStage: 'last' })).toBe(last)
  expect(
    await watcher.call('perform', {
      name: 'walkVersions',
      request: { secretName, includeDeprecated: true, pageSize: 100 },
    } satisfies Operation),
  ).toMatchObject({
    result: [Array.from({ length: last - oldest + 1 }, () => expect.anything() as unknown)],
  })
  expect(await watcher.call('readProblems')).toEqual([])
  return last
}

async function roundOf(
  watcher: RemoteClient,
  version: { readonly versionId?: string; readonly versionStage?: string },
): Promise<number> {
  const read: Operation = { name: 'getSecretValue', request: { secretName, ...version } }
  const outcome = await watcher.call<Outcome>('perform', read)
  if ('code' in outcome) throw new Error(`${JSON.stringify(version)}: ${outcome.code}`)
  const { secretData } = outcome.result as { readonly secretData: string }
  return Number.parseInt(secretData, 10)
}
