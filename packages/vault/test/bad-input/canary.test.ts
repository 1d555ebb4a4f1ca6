/** A planted value shows nowhere but where it was asked for (goal F24 of the security design). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Unlock, Vault } from 'stagevault'
import { createVault, openVault, passphrase, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { failureOf } from '../support/failures.js'
import { findLeaks, tracesOf } from '../support/output-traces.js'
import { dumpRecords, overwrite, recordAt } from '../support/stored-records.js'

/** Not in the charset of names: a name that is legal may stand in a message, and has to. */
const VALUE = 'canary value! 2f8e1d'
const NEXT_VALUE = 'canary value! 77aa03'
const BYTES = Uint8Array.from({ length: 40 }, (_, i) => (i * 73 + 19) % 256)
const KEY = Uint8Array.from({ length: 32 }, (_, i) => (i * 151 + 7) % 256)
const PASSPHRASE = 'canary passphrase! 90c4'
const SECRETS = [VALUE, NEXT_VALUE, BYTES, KEY, PASSPHRASE]

const S = { secretName: 'S' }

interface Opened {
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly unlock: Unlock
}

async function openedWith(unlock: Unlock): Promise<Opened> {
  const storage = createMemoryStorage()
  const vault = await createVault({ storage, unlock })
  await vault.createSecret({ ...S, secretData: VALUE })
  await vault.createSecret({ secretName: 'B', secretData: BYTES })
  return { vault, storage, unlock }
}

let printed: string[] = []

beforeEach(() => {
  printed = []
  const keep = (...parts: unknown[]): void => {
    printed.push(tracesOf(parts))
  }
  const write = (...parts: unknown[]): boolean => {
    keep(...parts)
    return true
  }
  for (const method of [
    'log',
    'info',
    'warn',
    'error',
    'debug',
    'trace',
    'dir',
    'table',
  ] as const) {
    vi.spyOn(console, method).mockImplementation(keep)
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(write)
  vi.spyOn(process.stderr, 'write').mockImplementation(write)
  vi.spyOn(process, 'emitWarning').mockImplementation(keep)
})

afterEach(() => {
  vi.restoreAllMocks()
})

function expectNoLeak(value: unknown): void {
  expect(findLeaks(tracesOf(value), SECRETS)).toEqual([])
  expect(printed).toEqual([])
}

it('the search finds what it is to find', () => {
  const cause = new Error('below', { cause: Buffer.from(KEY) })
  const hidden = Object.defineProperty({}, 'x', { value: VALUE })
  const leaks = [
    new Error(`the value ${VALUE}`),
    new Error('above', { cause }),
    hidden,
    { deep: [hidden] },
    Buffer.from(KEY).toString('hex'),
    BYTES,
    [...BYTES],
    JSON.stringify({ p: PASSPHRASE }),
    Buffer.from(NEXT_VALUE).toString('base64'),
    new Map([['k', VALUE]]),
    Symbol(VALUE),
  ]
  for (const leak of leaks) expect(findLeaks(tracesOf(leak), SECRETS)).not.toEqual([])
})

describe.each([
  ['a raw key', () => rawKey(KEY)],
  ['a passphrase', () => passphrase(PASSPHRASE, { scryptLogN: 15 })],
])('a vault under %s', (_what, makeUnlock) => {
  it('shows nothing of what it holds: vault, unlock, storage, results but values', async () => {
    const { vault, storage, unlock } = await openedWith(makeUnlock())
    expectNoLeak([vault, unlock, storage])
    const read = await vault.getSecretValue(S)
    expect(read.secretData).toBe(VALUE)
    expectNoLeak([
      { ...read, secretData: '' },
      await vault.describeSecret(S),
      await vault.listSecrets(),
      await vault.listSecretVersionIds(S),
      await vault.verify(),
      await vault.putSecretValue({ ...S, secretData: NEXT_VALUE }),
      await openVault({ storage, unlock }),
      vault,
    ])
    await vault.close()
    expectNoLeak([vault, unlock, storage])
  })

  it('stores nothing in the clear', async () => {
    const { vault, storage } = await openedWith(makeUnlock())
    await vault.putSecretValue({ ...S, secretData: NEXT_VALUE })
    const records = [...(await dumpRecords(storage)).values()]
    const texts = records.map((hex) => Buffer.from(hex, 'hex').toString('latin1'))
    expect(findLeaks([...records, ...texts].join('\n'), SECRETS)).toEqual([])
    // Eight bytes in a row of a key or a value would be too many.
    for (const secret of SECRETS) {
      const bytes = Buffer.from(secret)
      for (let i = 0; i + 8 <= bytes.length; i++) {
        const part = bytes.subarray(i, i + 8).toString('latin1')
        expect(texts.some((text) => text.includes(part))).toBe(false)
      }
    }
    // The search is able to find: names are stored in the clear.
    expect(texts.some((text) => text.includes('S'))).toBe(true)
  })

  it('another unlock fails without a word of either', async () => {
    const { storage } = await openedWith(makeUnlock())
    const wrong = [
      rawKey(KEY.map((byte) => byte ^ 1)),
      passphrase(`${PASSPHRASE}x`, { scryptLogN: 15 }),
    ]
    for (const unlock of wrong) {
      expectNoLeak(await failureOf(() => openVault({ storage, unlock })))
    }
  })
})

describe('errors', () => {
  it('of requests that are refused by the state', async () => {
    const { vault } = await openedWith(rawKey(KEY))
    await vault.putSecretValue({ ...S, secretData: NEXT_VALUE, versionId: 'x' })
    const failing: (() => Promise<unknown>)[] = [
      () => vault.createSecret({ ...S, secretData: NEXT_VALUE }),
      () => vault.putSecretValue({ ...S, secretData: VALUE, versionId: 'x' }),
      () => vault.putSecretValue({ ...S, secretData: BYTES, versionId: 'x' }),
      () => vault.putSecretValue({ ...S, secretData: VALUE, expectedCurrentVersionId: 'v9' }),
      () => vault.putSecretValue({ ...S, secretData: VALUE.repeat(5_000) }),
      () => vault.putSecretValue({ ...S, secretData: `${VALUE}\ud800` }),
      () => vault.putSecretValue({ ...S, secretData: VALUE, secretDataType: 'binary' as never }),
      () => vault.putSecretValue({ secretName: 'T', secretData: VALUE }),
      () => vault.getSecretValue({ ...S, versionId: 'v1', versionStage: 'ACSCurrent' }),
    ]
    for (const call of failing) expectNoLeak(await failureOf(call))
    await vault.close()
    expectNoLeak(await failureOf(() => vault.getSecretValue(S)))
  })

  const MISPLACED: [string, (vault: Vault, misplaced: string) => unknown][] = [
    ['name', (vault, secretName) => vault.getSecretValue({ secretName })],
    [
      'name of a new secret',
      (vault, secretName) => vault.createSecret({ secretName, secretData: 'x' }),
    ],
    ['new name', (vault, newSecretName) => vault.renameSecret({ ...S, newSecretName })],
    ['ARN', (vault, text) => vault.getSecretValue({ secretName: `acs:kms:${text}` })],
    ['version id', (vault, versionId) => vault.getSecretValue({ ...S, versionId })],
    ['label to read', (vault, versionStage) => vault.getSecretValue({ ...S, versionStage })],
    [
      'label to put',
      (vault, label) => vault.putSecretValue({ ...S, secretData: 'x', versionStages: [label] }),
    ],
    [
      'label to move',
      (vault, versionStage) =>
        vault.updateSecretVersionStage({ ...S, versionStage, moveToVersion: 'v1' }),
    ],
    [
      'type of data',
      (vault, secretDataType) =>
        vault.putSecretValue({ ...S, secretData: 'x', secretDataType: secretDataType as never }),
    ],
    [
      'type of secret',
      (vault, secretType) =>
        vault.createSecret({ secretName: 'T', secretData: 'x', secretType: secretType as never }),
    ],
    ['tag key', (vault, tagKey) => vault.tagResource({ ...S, tags: [{ tagKey, tagValue: 'v' }] })],
    [
      'tag value',
      (vault, tagValue) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue }] }),
    ],
    ['tag key to remove', (vault, key) => vault.untagResource({ ...S, tagKeys: [key] })],
    ['description', (vault, text) => vault.updateSecret({ ...S, description: text.repeat(200) })],
    [
      'custom data',
      (vault, text) => vault.updateSecret({ ...S, customData: { [text]: text.repeat(80) } }),
    ],
    [
      'filter key',
      (vault, key) => vault.listSecrets({ filters: [{ key: key as never, values: ['x'] }] }),
    ],
    [
      'description filter',
      (vault, text) =>
        vault.listSecrets({ filters: [{ key: 'Description', values: [text.repeat(200)] }] }),
    ],
    ['page token', (vault, nextToken) => vault.listSecrets({ nextToken })],
    [
      'page token behind its prefix',
      (vault, text) => vault.listSecrets({ nextToken: `after:${text}` }),
    ],
    [
      'excluded characters',
      (vault, text) => vault.getRandomPassword({ excludeCharacters: text.repeat(20) }),
    ],
    ['option', (vault, option) => vault.getSecretValue({ ...S, [option]: 'x' })],
    ['request', (vault, request) => vault.getSecretValue(request as never)],
    ['listener', (vault, listener) => vault.subscribe(listener as never)],
    ['key', (_vault, key) => rawKey(key as never)],
    ['option of a passphrase', (_vault, text) => passphrase(text, { [text]: 1 })],
    ['passphrase', (_vault, text) => passphrase(text.repeat(100))],
    [
      'limit',
      (_vault, limit) =>
        createVault({
          storage: createMemoryStorage(),
          unlock: rawKey(KEY),
          limits: { [limit]: 5 },
        }),
    ],
    [
      'region',
      (_vault, region) =>
        createVault({ storage: createMemoryStorage(), unlock: rawKey(KEY), region }),
    ],
    [
      'cipher',
      (_vault, cipher) =>
        createVault({
          storage: createMemoryStorage(),
          unlock: rawKey(KEY),
          cipher: cipher as never,
        }),
    ],
  ]

  it.each(MISPLACED)('a value that was passed as %s is not quoted', async (_place, call) => {
    const { vault } = await openedWith(rawKey(KEY))
    for (const misplaced of [VALUE, PASSPHRASE, Buffer.from(BYTES).toString('latin1')]) {
      expectNoLeak(await failureOf(() => call(vault, misplaced)))
    }
  })

  it("another vault's id is not quoted either", async () => {
    const { storage, unlock } = await openedWith(rawKey(KEY))
    expectNoLeak(await failureOf(() => openVault({ storage, unlock, vaultId: PASSPHRASE })))
  })

  it('of foreign code, a getter or a random source, are not passed on', async () => {
    const fail = (): never => {
      throw new Error(VALUE, { cause: BYTES })
    }
    let isBroken = false
    const random = (length: number): Uint8Array =>
      isBroken ? fail() : crypto.getRandomValues(new Uint8Array(length))
    const storage = createMemoryStorage()
    const vault = await createVault({ storage, unlock: rawKey(KEY), random })
    isBroken = true
    const getter = Object.defineProperty({}, 'secretName', { enumerable: true, get: fail })
    const failing: (() => unknown)[] = [
      () => vault.createSecret({ ...S, secretData: VALUE }),
      () => vault.getRandomPassword(),
      () => createVault({ storage: createMemoryStorage(), unlock: rawKey(KEY), random }),
      () => vault.getSecretValue(getter as never),
      () => vault.batchGetSecretValue({ secretsList: [getter as never] }),
      () => vault.getSecretValue(new Proxy(S, { get: fail })),
    ]
    for (const call of failing) expectNoLeak(await failureOf(call))
  })

  it('of a store in which any record is damaged, missing or another', async () => {
    const { vault, storage, unlock } = await openedWith(rawKey(KEY))
    await vault.putSecretValue({ ...S, secretData: NEXT_VALUE })
    const looks: (() => Promise<unknown>)[] = [
      () => vault.getSecretValue(S),
      () => vault.getSecretValue({ ...S, versionId: 'v1' }),
      () => vault.getSecretValue({ secretName: 'B' }),
      () => vault.listSecrets(),
      () =>
        vault.putSecretValue({ ...S, secretData: VALUE, versionStages: ['blue'], versionId: 'v2' }),
      () => vault.verify(),
      () => openVault({ storage, unlock }),
    ]
    const outcomes: unknown[] = []
    for (const key of (await dumpRecords(storage)).keys()) {
      const record = await recordAt(storage, key)
      const middle = record.map((byte, i) => (i === record.length >> 1 ? byte ^ 0x10 : byte))
      const backwards = new Uint8Array(record).reverse()
      for (const damaged of [middle, record.subarray(0, 20), backwards, null]) {
        await overwrite(storage, key, damaged)
        for (const look of looks) outcomes.push(await look().catch((error: unknown) => error))
      }
      await overwrite(storage, key, record)
    }
    const failures = outcomes.filter((outcome) => outcome instanceof Error)
    expect(failures.length).toBeGreaterThan(50)
    expectNoLeak(failures)
    const reports = outcomes.filter(
      (outcome) => typeof outcome === 'object' && outcome !== null && 'problems' in outcome,
    )
    expectNoLeak(reports)
  })
})

it('events and batches name things and show no values', async () => {
  const { vault } = await openedWith(rawKey(KEY))
  const events: unknown[] = []
  vault.subscribe((event) => events.push(event))
  await vault.putSecretValue({ ...S, secretData: NEXT_VALUE })
  await vault.updateSecret({ ...S, description: VALUE, customData: { [VALUE]: PASSPHRASE } })
  await vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })
  await vault.disableVersion({ ...S, versionId: 'v1' })
  await vault.destroyVersion({ ...S, versionId: 'v1' })
  await vault.deleteSecret(S)
  const batch = await vault.batchGetSecretValue({ secretsList: [S, { ...S, versionId: 'v1' }] })
  expect(events).toHaveLength(6)
  expect(batch.errors).toHaveLength(2)
  expectNoLeak([events, batch])
})
