/** What the page may ask for, what it gets, and what a page that is not ours gets. */

import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '@stagevault/electron-vault/ipc-contract'
import type { Frame, Operation, Reply } from '@stagevault/electron-vault/ipc-contract'
import { createVaultRequests } from '@stagevault/electron-vault/vault-requests'
import type { Application } from './application.js'
import { WORDS, newFolder, startApplication, usedFolder } from './application.js'

const PAGE = 'app://vault/'
const TOP: Frame = { url: PAGE, parent: null }
const CANARY = 'canary-5f1e'

interface Page extends Application {
  /** Asks as the page does. */
  readonly ask: (operation: Operation, ...input: readonly unknown[]) => Promise<Reply<unknown>>
  readonly askFrom: (frame: Frame | null, operation: Operation) => Promise<Reply<unknown>>
  readonly uses: () => number
}

function startPage(folder: string): Page {
  const application = startApplication(folder)
  let uses = 0
  const { keeper } = application
  const answer = createVaultRequests({
    keeper,
    pageAddress: PAGE,
    onUse: () => {
      uses += 1
    },
  })
  return {
    ...application,
    uses: () => uses,
    ask: (operation, ...input) => answer(TOP, operation, input),
    askFrom: (frame, operation) => answer(frame, operation, []),
  }
}

async function valueOf(reply: Promise<Reply<unknown>>): Promise<unknown> {
  const answer = await reply
  if (!answer.ok) throw new Error(answer.code)
  return answer.value
}

async function codeOf(reply: Promise<Reply<unknown>>): Promise<string | null> {
  const answer = await reply
  return answer.ok ? null : answer.code
}

describe('the page', () => {
  it('makes a vault, stores, lists, reads, locks and unlocks', async () => {
    const { ask, uses } = startPage(newFolder())
    expect(await valueOf(ask('unlock'))).toEqual({ state: 'new', problem: null })
    expect(await valueOf(ask('createVault', WORDS))).toEqual({ state: 'unlocked', problem: null })
    expect(await valueOf(ask('storeSecret', 'B', 'one'))).toEqual({ versionId: 'v1' })
    expect(await valueOf(ask('storeSecret', 'B', 'two'))).toEqual({ versionId: 'v2' })
    expect(await valueOf(ask('storeSecret', 'A', 'three'))).toEqual({ versionId: 'v1' })
    expect(await valueOf(ask('listSecrets', null))).toMatchObject({
      secrets: [{ secretName: 'A' }, { secretName: 'B' }],
      nextToken: null,
    })
    expect(await valueOf(ask('readSecret', 'B'))).toEqual({ text: 'two', versionId: 'v2' })
    expect(await valueOf(ask('lock'))).toEqual({ state: 'locked', problem: null })
    expect(await codeOf(ask('readSecret', 'B'))).toBe('VAULT_LOCKED')
    expect(await valueOf(ask('unlockWithPassphrase', WORDS))).toMatchObject({ state: 'unlocked' })
    expect(uses()).toBe(9)
  })

  it('pages through many names', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    await keeper.unlock()
    for (let i = 0; i < 150; i++) await valueOf(ask('storeSecret', `N${1000 + i}`, 'x'))
    const first = (await valueOf(ask('listSecrets', null))) as { nextToken: string; secrets: [] }
    const second = (await valueOf(ask('listSecrets', first.nextToken))) as typeof first
    expect([first.secrets.length, second.secrets.length, second.nextToken]).toEqual([100, 51, null])
  })

  it('asks for the status and waits for an unlocking', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    void keeper.unlock()
    expect(await valueOf(ask('status'))).toEqual({ state: 'unlocked', problem: null })
  })

  it('learns of a value that is no text, not the value', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    await keeper.unlock()
    const secret = { secretName: 'Bytes', secretData: new Uint8Array([1, 2, 3]) }
    await keeper.use((vault) => vault.createSecret(secret))
    expect(await valueOf(ask('readSecret', 'Bytes'))).toEqual({ text: null, versionId: 'v1' })
  })

  it('gets a value by one operation alone, and no passphrase by any', async () => {
    const { ask, statuses } = startPage(newFolder())
    const passphrase = `${CANARY}-words`
    const replies = [
      await ask('createVault', passphrase),
      await ask('storeSecret', 'S', CANARY),
      await ask('storeSecret', 'S', CANARY),
      await ask('listSecrets', null),
      await ask('status'),
      await ask('storeSecret', CANARY + '!', CANARY),
      await ask('lock'),
      await ask('storeSecret', 'S', CANARY),
      await ask('unlockWithPassphrase', `${CANARY}-wrong`),
      await ask('createVault', `${CANARY}\0`),
      await ask('unlock'),
    ]
    expect(JSON.stringify([replies, statuses])).not.toContain(CANARY)
    expect(JSON.stringify(await ask('readSecret', 'S'))).toContain(CANARY)
  })

  it('gets no value that was read when the vault was locked', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    await keeper.unlock()
    const reading = ask('readSecret', 'S')
    const locking = keeper.lock()
    expect(await codeOf(reading)).toBe('VAULT_LOCKED')
    await locking
  })

  it('gets the code of a rule that it broke', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    await keeper.unlock()
    expect(await codeOf(ask('readSecret', 'None'))).toBe('SECRET_NOT_FOUND')
    expect(await codeOf(ask('readSecret', 'with space'))).toBe('INVALID_PARAMETER')
    expect(await codeOf(ask('storeSecret', 'T', ''))).toBe('INVALID_PARAMETER')
    expect(await codeOf(ask('storeSecret', 'T', 'x'.repeat(30_721)))).toBe('INVALID_PARAMETER')
    expect(await codeOf(ask('listSecrets', 'no token'))).toBe('INVALID_PARAMETER')
    expect(await valueOf(ask('storeSecret', '__proto__', 'x'))).toEqual({ versionId: 'v1' })
  })
})

describe('a hostile page', () => {
  const inputs: readonly (readonly unknown[])[] = [
    ['S', 'x', 'x'],
    [undefined],
    [1],
    [true],
    [Symbol('S')],
    [['S']],
    [{ secretName: 'S' }],
    [{ toString: () => 'S' }],
    [new Proxy({}, { get: () => () => 'S' })],
    [new String('S')],
    [() => 'S'],
    ['x'.repeat(65_537)],
    [null, null],
    ['S', undefined],
    ['S', {}],
    ['S', new Uint8Array(3)],
    Array(10_000).fill('S'),
  ]

  it('gets nowhere with arguments that are none', async () => {
    const { ask, keeper, statuses } = startPage(await usedFolder())
    await keeper.unlock()
    for (const operation of OPERATIONS) {
      for (const input of inputs) {
        expect(await codeOf(ask(operation, ...input)), operation).toBe('INVALID_REQUEST')
      }
    }
    expect(statuses).toHaveLength(1)
    const { secrets } = await keeper.use((vault) => vault.listSecrets())
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['S'])
  })

  it('gets nowhere without them', async () => {
    const { ask } = startPage(await usedFolder())
    for (const operation of [
      'createVault',
      'unlockWithPassphrase',
      'listSecrets',
      'readSecret',
      'storeSecret',
    ] as const) {
      expect(await codeOf(ask(operation)), operation).toBe('INVALID_REQUEST')
    }
  })

  const frames: readonly (readonly [what: string, frame: Frame | null])[] = [
    ['a frame in the page', { url: PAGE, parent: TOP }],
    ['a frame that is gone', null],
    ['another page', { url: 'https://example.org/', parent: null }],
    ['a file', { url: 'file:///index.html', parent: null }],
    ['another address of the scheme', { url: `${PAGE}other.html`, parent: null }],
    ['another host of the scheme', { url: 'app://vault.example/', parent: null }],
    ['an address that begins alike', { url: `${PAGE}?`, parent: null }],
    ['no address', { url: '', parent: null }],
  ]

  it.each(frames)('that is %s is not answered', async (_what, frame) => {
    const { askFrom, keeper, uses } = startPage(await usedFolder())
    for (const operation of OPERATIONS) {
      expect(await codeOf(askFrom(frame, operation)), operation).toBe('INVALID_REQUEST')
    }
    expect(keeper.status().state).toBe('locked')
    expect(uses()).toBe(0)
  })

  it('learns nothing of an unexpected error', async () => {
    const { ask, keeper } = startPage(await usedFolder())
    keeper.use = () => Promise.reject(new Error(CANARY))
    const reply = await ask('readSecret', 'S')
    expect(reply).toEqual({ ok: false, code: 'INTERNAL', message: 'an unexpected error' })
  })
})
