import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import type { TestPage } from '@stagevault/browser-engines'
import type { Operation } from '../model/operation.js'
import { newVault, overhear, withPages } from './held-clients.js'
import type { VaultOrder } from './held-vault.js'

/** What another page of the origin has of a vault that is open in this one. */
export function describeSecrecy({ browser }: EngineContext): void {
  describe('a vault that is unlocked in one tab', () => {
    it('is not unlocked in another', async () => {
      await withPages(browser(), 2, async (owner, stranger) => {
        const order = newVault()
        await owner.call('holdNew', order)
        const wrong: readonly VaultOrder['key'][] = [
          'x'.repeat(32),
          { passphrase: 'no passphrase of this vault' },
        ]
        for (const key of wrong) {
          await expect(stranger.call('holdExisting', { ...order, key })).rejects.toThrow(
            'UNLOCK_FAILED',
          )
        }
        // A page that was refused holds nothing, although another has the vault open.
        await expect(stranger.call('perform', READ)).rejects.toThrow('no vault is held')
        const worker = await owner.startWorker('held')
        await expect(worker.call('perform', READ)).rejects.toThrow('no vault is held')
        await worker.end()
        await stranger.call('holdExisting', order)
      })
    })

    it('leaves neither a key nor a value where another can read', async () => {
      await withPages(browser(), 2, async (owner, stranger) => {
        const [key, value] = [randomText(16), randomText(24)]
        await owner.call('holdNew', { ...newVault(), key })
        const channel = `stagevault ${await owner.call<string>('readVaultId')}`
        await overhear(stranger, owner, channel)
        const name = `named-${randomText(8)}`
        for (const operation of lifeOf(name, value)) {
          expect(await owner.call('perform', operation)).toHaveProperty('result')
        }
        const overheard = (): Promise<readonly string[]> => stranger.call('readOverheard')
        // All but the reading is told of.
        const told = lifeOf(name, value).length - 1
        await expect.poll(overheard, { timeout: 60_000 }).toHaveLength(told)
        const seen = [...(await readStored(stranger)), ...(await overheard())]
        for (const secret of [key, value]) {
          expect(formsOf(secret).filter((form) => holds(seen, form))).toEqual([])
        }
        // Names are stored and told in the clear: the search finds what is there.
        expect(holds(seen, name)).toBe(true)
        expect(holds(await overheard(), name)).toBe(true)
        await owner.call('plant', value)
        const planted = (await readStored(stranger)).filter((text) => text.includes(value))
        expect(planted).toEqual(
          expect.arrayContaining([`localStorage ${value}`, `caches ${value}`]),
        )
      })
    })
  })
}

const READ: Operation = { name: 'walkSecrets', request: {} }

function lifeOf(secretName: string, secretData: string): Operation[] {
  return [
    { name: 'createSecret', request: { secretName, secretData } },
    { name: 'putSecretValue', request: { secretName, secretData: `${secretData} again` } },
    {
      name: 'updateSecretVersionStage',
      request: {
        secretName,
        versionStage: 'ACSCurrent',
        removeFromVersion: 'v2',
        moveToVersion: 'v1',
      },
    },
    { name: 'disableVersion', request: { secretName, versionId: 'v2' } },
    { name: 'getSecretValue', request: { secretName } },
  ]
}

function readStored(page: TestPage): Promise<readonly string[]> {
  return page.call<readonly string[]>('readStored')
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

/** As itself, as UTF-16, and as the usual encodings of its bytes, at any offset of base64. */
function formsOf(text: string): string[] {
  const base64 = ['', ' ', '  '].map((lead) =>
    Buffer.from(lead + text)
      .toString('base64')
      .slice(4, -4),
  )
  const utf16 = Buffer.from(text, 'utf16le').toString('latin1')
  return [
    text,
    text.toUpperCase(),
    utf16,
    Buffer.from(text).toString('hex'),
    Buffer.from(text).join(),
    ...base64,
  ]
}

function holds(seen: readonly string[], form: string): boolean {
  return seen.some((text) => text.includes(form))
}
