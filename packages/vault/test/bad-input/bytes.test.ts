/** Bytes of every make: taken as they are, or refused. */
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createVault, rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure, failureOf } from '../support/failures.js'
import { seededRandom } from '../support/seeded-random.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { CANARY } from './wrong-types.js'

const S = { secretName: 'S' }
const BYTES = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

class PlainSubclass extends Uint8Array {}

/** Everything that a subclass can lie about. */
class LyingSubclass extends Uint8Array {
  override get length(): number {
    return 5
  }
  override get byteLength(): number {
    return 5
  }
  override get buffer(): ArrayBuffer {
    return new ArrayBuffer(1)
  }
  override get [Symbol.toStringTag](): 'Uint8Array' {
    throw new Error(CANARY)
  }
  override [Symbol.iterator](): never {
    throw new Error(CANARY)
  }
  static get [Symbol.species](): never {
    throw new Error(CANARY)
  }
}

function filled<T extends Uint8Array>(bytes: T): T {
  Uint8Array.prototype.set.call(bytes, BYTES)
  return bytes
}

function resizable(length: number, maxByteLength: number): ArrayBuffer {
  return new ArrayBuffer(length, { maxByteLength })
}

const GOOD: readonly (readonly [what: string, make: () => Uint8Array])[] = [
  ['a Uint8Array', () => new Uint8Array(BYTES)],
  ['a Buffer', () => Buffer.from(BYTES)],
  [
    'a Buffer in a shared pool',
    () =>
      Buffer.allocUnsafe(32)
        .fill(0)
        .map((_, i) => BYTES[i] ?? 0),
  ],
  ['a window on longer memory', () => new Uint8Array(filled(new Uint8Array(64)).buffer, 0, 32)],
  ['a subclass', () => filled(new PlainSubclass(32))],
  ['a subclass that lies', () => filled(new LyingSubclass(32))],
  ['shared memory', () => filled(new Uint8Array(new SharedArrayBuffer(32)))],
  ['resizable memory', () => filled(new Uint8Array(resizable(32, 64)))],
  ['another realm', () => filled(runInNewContext('new Uint8Array(32)') as Uint8Array)],
  [
    'a tag of its own',
    () =>
      Object.defineProperty(new Uint8Array(BYTES), Symbol.toStringTag, {
        value: 'Secret',
      }),
  ],
  ['no prototype', () => Object.setPrototypeOf(new Uint8Array(BYTES), null) as Uint8Array],
]

function detached(): Uint8Array {
  const bytes = new Uint8Array(BYTES)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

function outOfBounds(): Uint8Array {
  const memory = resizable(64, 64)
  const bytes = new Uint8Array(memory, 32, 32)
  memory.resize(8)
  return bytes
}

const tagged = (value: object): object =>
  Object.defineProperty(value, Symbol.toStringTag, { value: 'Uint8Array' })

const BAD: readonly (readonly [what: string, make: () => unknown])[] = [
  ['an ArrayBuffer', () => new ArrayBuffer(32)],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(32)],
  ['a DataView', () => new DataView(new ArrayBuffer(32))],
  ['a DataView that says it is bytes', () => tagged(new DataView(new ArrayBuffer(32)))],
  ['words', () => new Uint16Array(32)],
  ['words that say they are bytes', () => tagged(new Uint16Array(32).fill(258))],
  ['signed bytes', () => new Int8Array(32)],
  ['clamped bytes', () => new Uint8ClampedArray(32)],
  ['clamped bytes that say they are plain', () => tagged(new Uint8ClampedArray(32))],
  ['an array', () => Array.from(BYTES)],
  ['an array-like', () => Object.assign({ length: 32 }, Array.from(BYTES))],
  ['an heir without memory', () => Object.create(Uint8Array.prototype) as object],
  ['an impostor', () => tagged({ length: 32, buffer: new ArrayBuffer(32), byteLength: 32 })],
  ['a proxy of bytes', () => new Proxy(new Uint8Array(BYTES), {})],
  ['a blob', () => new Blob([BYTES])],
  ['detached bytes', detached],
  ['bytes beyond the end of their memory', outOfBounds],
]

describe('a secret value', () => {
  it.each(GOOD)('is taken from %s', async (_what, make) => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData: make() })
    expect((await vault.getSecretValue(S)).secretData).toEqual(BYTES)
    await vault.putSecretValue({ ...S, secretData: make(), versionId: 'v1' })
    await vault.putSecretValue({ ...S, secretData: make(), versionId: 'v2' })
    const read = await vault.getSecretValue({ ...S, versionId: 'v2' })
    expect(read.secretData).toEqual(BYTES)
    expect(Object.getPrototypeOf(read.secretData)).toBe(Uint8Array.prototype)
  })

  it.each(BAD)('is not taken from %s', async (_what, make) => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const create = { secretName: 'T', secretData: make() as never }
    await expectFailure(() => vault.createSecret(create), 'TypeError')
    const put = { ...S, secretData: make() as never, secretDataType: 'binary' } as const
    await expectFailure(() => vault.putSecretValue(put), 'TypeError')
    expect(await dump()).toEqual(before)
  })

  it('that shrinks to nothing has no bytes', async () => {
    const { vault } = await newTestVault()
    const memory = resizable(32, 32)
    const secretData = new Uint8Array(memory)
    memory.resize(0)
    await expectFailure(() => vault.createSecret({ ...S, secretData }), 'INVALID_PARAMETER')
  })
})

describe('rawKey', () => {
  it.each(GOOD)('takes %s', async (_what, make) => {
    const storage = createMemoryStorage()
    await createVault({ storage, unlock: rawKey(BYTES) })
    const { open } = await newTestVault()
    await expectFailure(
      () => open({ storage: createMemoryStorage(), unlock: rawKey(make()) }),
      'VAULT_MISSING',
    )
    await (await open({ storage, unlock: rawKey(make()) })).close()
  })

  it.each(BAD)('does not take %s', async (_what, make) => {
    await expectFailure(() => rawKey(make() as never), 'TypeError')
  })

  it.each([0, 1, 16, 31, 33, 64])('takes 32 bytes, not %i', async (length) => {
    const error = await expectFailure(() => rawKey(new Uint8Array(length)), 'INVALID_PARAMETER')
    expect(error.message).toContain('32')
  })

  it('takes no text, were it ever so long', async () => {
    for (const text of ['', 'x'.repeat(32), CANARY.padEnd(64, '0')]) {
      const error = await expectFailure(() => rawKey(text as never), 'TypeError')
      expect(error.message).not.toContain(CANARY)
    }
  })
})

describe('the random source', () => {
  it('may give bytes of any make, and may keep them', async () => {
    const source = seededRandom('subclass')
    const given: Uint8Array[] = []
    const random = (length: number): Uint8Array => {
      const bytes = Buffer.from(source(length))
      given.push(bytes)
      return bytes
    }
    const { vault, open } = await newTestVault({ random })
    await vault.createSecret({ ...S, secretData: 'one' })
    for (const bytes of given) bytes.fill(0)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect((await (await open()).getSecretValue(S)).secretData).toBe('two')
  })

  const source = seededRandom('broken sources')
  const BROKEN: readonly (readonly [what: string, random: (length: number) => unknown])[] = [
    ['nothing', () => undefined],
    ['null', () => null],
    ['too little', (length) => source(length - 1)],
    ['too much', (length) => source(length + 1)],
    ['text', (length) => 'x'.repeat(length)],
    ['numbers', (length) => Array.from(source(length))],
    ['a promise', (length) => Promise.resolve(source(length))],
    ['words', (length) => new Uint16Array(length)],
    ['zeros', (length) => new Uint8Array(length)],
    ['the same every time', (length) => seededRandom('same')(length)],
  ]

  it.each(BROKEN)('that gives %s is refused, and nothing is written', async (_what, random) => {
    const storage = createMemoryStorage()
    await expectFailure(() => newTestVault({ storage, random: random as never }), 'RANDOM_FAILED')
    expect(await storage.scan({ start: '!', end: '~', limit: 1 })).toEqual([])
    let isBroken = false
    const good = seededRandom('good at first')
    const later = (length: number): unknown => (isBroken ? random(length) : good(length))
    const { vault, dump } = await vaultWithSecret({ random: later as never })
    await vault.updateSecret({ ...S, description: 'needs no chance' })
    const before = await dump()
    isBroken = true
    const error = await failureOf(async () => {
      for (let i = 0; i < 3; i++) await vault.putSecretValue({ ...S, secretData: `${i}` })
    })
    expect(error).toMatchObject({ code: 'RANDOM_FAILED' })
    if (random !== BROKEN.at(-1)?.[1]) expect(await dump()).toEqual(before)
    expect((await vault.getSecretValue({ ...S, versionId: 'v1' })).secretData).toBe('one')
  })
})
