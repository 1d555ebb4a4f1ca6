import { describe, expect, it } from 'vitest'
import type { RemoteClient } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import type { VaultEvent } from 'stagevault'
import type { Operation } from '../model/operation.js'
import { PATIENCE, namesHeard, overhear, perform, withClients } from './held-clients.js'

const VALUE = 'what no event may carry'

/** Every client makes the same changes to a secret of its own, and is told of those of all. */
export function describeEvents({ browser }: EngineContext): void {
  describe('subscribe', () => {
    it('tells every page and worker of each change exactly once', async () => {
      await withClients(browser(), async (clients) => {
        for (const client of clients.slice(0, 1)) await client.call('subscribeThrowing')
        await Promise.all(
          clients.map(async (client, i) => {
            for (const operation of changesOf(i)) await perform(client, operation)
            await perform(client, lastChangeOf(i))
          }),
        )
        for (const [own, client] of clients.entries()) {
          await expect
            .poll(() => namesHeard(client), PATIENCE)
            .toEqual(expect.arrayContaining([...clients.keys()].map((i) => `last-of-${i}`)))
          const events = await client.call<VaultEvent[]>('readEvents')
          for (const other of clients.keys()) {
            const remote = other === own ? {} : { isRemote: true }
            expect(events.filter(({ secretName }) => secretName === `of-${other}`)).toEqual(
              eventsOf(other).map((event) => ({ ...event, ...remote })),
            )
          }
          expect(JSON.stringify(events)).not.toContain(VALUE)
        }
      })
    })

    it('tells of what a worker does last', async () => {
      await withClients(browser(), async (clients) => {
        const [page] = clients
        const worker = clients.at(-1)
        if (page === undefined || worker === undefined) return
        await worker.call('storeAndEnd', 'last')
        await expect.poll(() => namesHeard(page), PATIENCE).toContain('last')
      })
    })

    it('tells a page or a worker nothing after it has closed the vault', async () => {
      await withClients(browser(), async (clients) => {
        const [page, writer] = clients
        const worker = clients.at(-1)
        if (page === undefined || writer === undefined || worker === undefined) return
        const channel = `stagevault ${await writer.call<string>('readVaultId')}`
        const [first, ...more] = changesOf(0)
        if (first !== undefined) await perform(writer, first)
        for (const client of [page, worker]) {
          await expect.poll(() => changesHeard(client), PATIENCE).toHaveLength(2)
          // In the same page: what has come this far has come to its vault too.
          await overhear(client, writer, channel)
          await client.call('letGo')
        }
        for (const operation of more) await perform(writer, operation)
        for (const client of [page, worker]) {
          await expect.poll(() => client.call('readOverheard'), PATIENCE).toHaveLength(more.length)
          expect(await changesHeard(client)).toHaveLength(2)
        }
      })
    })
  })
}

/** The names in events of the changes that the test is about. */
async function changesHeard(client: RemoteClient): Promise<readonly string[]> {
  return (await namesHeard(client)).filter((name) => name.startsWith('of-'))
}

function changesOf(client: number): Operation[] {
  const secretName = `of-${client}`
  const secretData = VALUE
  return [
    { name: 'createSecret', request: { secretName, secretData } },
    { name: 'putSecretValue', request: { secretName, secretData, versionStages: ['blue'] } },
    {
      name: 'updateSecretVersionStage',
      request: {
        secretName,
        versionStage: 'blue',
        removeFromVersion: 'v2',
        moveToVersion: 'v1',
      },
    },
    { name: 'disableVersion', request: { secretName, versionId: 'v2' } },
    { name: 'deleteSecret', request: { secretName } },
  ]
}

function eventsOf(client: number): VaultEvent[] {
  const secretName = `of-${client}`
  return [
    { type: 'secret.created', secretName },
    { type: 'secret.version.created', secretName, versionId: 'v1', versionStages: ['ACSCurrent'] },
    { type: 'secret.version.created', secretName, versionId: 'v2', versionStages: ['blue'] },
    { type: 'secret.stage.moved', secretName, versionStage: 'blue', versionId: 'v1' },
    { type: 'secret.version.disabled', secretName, versionId: 'v2' },
    { type: 'secret.deletion.scheduled', secretName },
  ]
}

function lastChangeOf(client: number): Operation {
  const request = { secretName: `last-of-${client}`, secretData: VALUE }
  return { name: 'createSecret', request }
}
