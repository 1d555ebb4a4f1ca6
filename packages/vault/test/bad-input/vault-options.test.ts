/** The options of createVault and openVault, and of the ways to unlock. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createVault, openVault, passphrase, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf, failureOf } from '../support/failures.js'
import { dumpRecords } from '../support/stored-records.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'
import { notIntegers, notOneOf } from './broken-rules.js'
import type { BadValue } from './wrong-types.js'
import {
  BOOLEANS,
  BOXED,
  CANARY,
  HOSTILE,
  NOT_AN_OBJECT,
  NOT_A_BOOLEAN,
  NOT_A_NUMBER,
  NOT_TEXT,
  NUMBERS,
  PLAIN_OBJECTS,
  PRIMITIVES,
  STRINGS,
  hostileProxy,
} from './wrong-types.js'

const NOT_A_FUNCTION = NOT_TEXT.filter(({ value }) => typeof value !== 'function')
const NO_METHODS: readonly BadValue[] = [...NOT_AN_OBJECT, ...PLAIN_OBJECTS, ...BOXED]

const throwing = (name: string): object =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new Error(CANARY)
    },
  })

const bad = (
  what: string,
  value: unknown,
  refusal: BadValue['refusal'] = 'TypeError',
): BadValue => ({ what, value, refusal })

function methodsBut(missing: string): object {
  const methods = ['read', 'scan', 'commit', 'close'].filter((name) => name !== missing)
  return Object.fromEntries(methods.map((name) => [name, () => Promise.resolve([])]))
}

const COMMON: readonly (readonly [option: string, bad: readonly BadValue[]])[] = [
  [
    'storage',
    [
      bad('undefined', undefined),
      ...NO_METHODS,
      bad('a getter that throws', throwing('read')),
      ...['read', 'scan', 'commit', 'close'].map((name) => bad(`no ${name}`, methodsBut(name))),
    ],
  ],
  [
    'location',
    [
      ...NOT_TEXT,
      ...['', 'a location', '\0', 'a\0b'].map((value) =>
        bad(`"${value}"`, value, 'INVALID_PARAMETER'),
      ),
    ],
  ],
  [
    'durability',
    [
      ...NOT_TEXT,
      ...['strict', 'relaxed', 'weak', ''].map((value) =>
        bad(`"${value}", of a storage that is given`, value, 'INVALID_PARAMETER'),
      ),
    ],
  ],
  [
    'unlock',
    [
      bad('undefined', undefined),
      ...NO_METHODS,
      bad('a key', TEST_KEY),
      bad('a passphrase', CANARY),
      bad('a getter that throws', throwing('deriveKey')),
      bad('one without newKdf', { kind: 'raw-key', deriveKey: () => Promise.resolve(TEST_KEY) }),
    ],
  ],
  ['commitTimeoutSeconds', [...NOT_A_NUMBER, ...notIntegers(1, 3_600)]],
  [
    'closeTimeoutSeconds',
    [...NOT_A_NUMBER, ...notIntegers(0, 3_600).filter(({ value }) => value !== 0)],
  ],
  [
    'clock',
    [
      ...NOT_A_FUNCTION,
      bad('a clock without time', () => NaN),
      bad('a clock before 1970', () => -1),
      bad('a clock beyond 48 bits', () => 2 ** 48),
      bad('an invalid date', () => new Date(NaN)),
      bad('a clock of text', () => 'today'),
      bad('a clock that throws', () => {
        throw new Error(CANARY)
      }),
      bad('a clock of symbols', () => Symbol(CANARY)),
    ],
  ],
  ['random', NOT_A_FUNCTION],
  ['primitives', [...NO_METHODS, bad('one method of four', { sha256: () => TEST_KEY })]],
]

function badLimits(names: readonly string[]): readonly BadValue[] {
  return [
    ...NOT_AN_OBJECT,
    bad('a getter that throws', throwing('secretsMax')),
    ...names.flatMap((name) => [
      ...NOT_A_NUMBER.map(({ what, value }) => bad(`${name}: ${what}`, { [name]: value })),
      ...[-1, 1.5, NaN, Infinity].map((value) =>
        bad(`${name}: ${value}`, { [name]: value }, 'INVALID_PARAMETER'),
      ),
    ]),
    // A quota of 0 is none.
    ...names
      .filter((name) => name !== 'secretsMax')
      .flatMap((name) =>
        [0, -0].map((value) => bad(`${name}: ${value}`, { [name]: value }, 'INVALID_PARAMETER')),
      ),
    bad('an unknown limit', { [CANARY]: 1 }, 'INVALID_PARAMETER'),
  ]
}

const HANDLE_LIMITS = ['secretValueBytesMax', 'stageLabelsMax', 'secretsMax'] as const

const OPEN_ONLY: readonly (readonly [option: string, bad: readonly BadValue[]])[] = [
  ['vaultId', NOT_TEXT],
  [
    'limits',
    [
      ...badLimits(HANDLE_LIMITS),
      bad("versionsMax, which is the vault's", { versionsMax: 5 }, 'INVALID_PARAMETER'),
      ...[
        ['secretValueBytesMax', 30_721],
        ['stageLabelsMax', 9],
      ].map(([name, value]) =>
        bad(`${name}: higher than the vault's`, { [String(name)]: value }, 'INVALID_PARAMETER'),
      ),
    ],
  ],
  ['readOnly', NOT_A_BOOLEAN],
  ['unproved', [...NOT_A_BOOLEAN, bad('true, without readOnly', true, 'INVALID_PARAMETER')]],
]

const CREATE_ONLY: readonly (readonly [option: string, bad: readonly BadValue[]])[] = [
  ['limits', badLimits([...HANDLE_LIMITS, 'versionsMax'])],
  ['cipher', [...NOT_TEXT, ...notOneOf(['chacha20-poly1305', 'aes-256-gcm'])]],
  [
    'region',
    [...NOT_TEXT, ...notOneOf([]).filter(({ value }) => !/^[\w-]{1,64}$/.test(String(value)))],
  ],
  [
    'accountId',
    [
      ...NOT_TEXT,
      ...['', 'a:b', 'a b', 'x'.repeat(65), 'é'].map((value) =>
        bad(`"${value}"`, value, 'INVALID_PARAMETER'),
      ),
    ],
  ],
]

async function expectRefusals(
  call: (value: unknown) => unknown,
  values: readonly BadValue[],
): Promise<void> {
  for (const { what, value, refusal } of values) {
    const error = await failureOf(() => call(value))
    expect([what, codeOf(error)]).toEqual([what, refusal])
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
  }
}

describe('createVault', () => {
  it.each([...COMMON, ...CREATE_ONLY])('%s', async (option, values) => {
    const storage = createMemoryStorage()
    const good = { storage, unlock: rawKey(TEST_KEY) }
    await expectRefusals((value) => createVault({ ...good, [option]: value }), values)
    expect((await dumpRecords(storage)).size).toBe(0)
  })

  it('takes nothing but one options object, and only options it has', async () => {
    const storage = createMemoryStorage()
    const good = { storage, unlock: rawKey(TEST_KEY) }
    await expectRefusals(
      (value) => createVault(value as never),
      [
        bad('undefined', undefined),
        ...NOT_AN_OBJECT,
        ...HOSTILE,
        bad('a getter', throwing('storage')),
        bad('an unknown option', { ...good, [CANARY]: 1 }, 'INVALID_PARAMETER'),
        bad('an option of openVault', { ...good, vaultId: 'x' }, 'INVALID_PARAMETER'),
        bad('another one', { ...good, readOnly: true }, 'INVALID_PARAMETER'),
      ],
    )
    expect((await dumpRecords(storage)).size).toBe(0)
  })
})

describe('openVault', () => {
  it.each([...COMMON, ...OPEN_ONLY])('%s', async (option, values) => {
    const { storage, dump, clock } = await newTestVault()
    const before = await dump()
    const good = { storage, unlock: rawKey(TEST_KEY), clock: clock.now }
    await expectRefusals((value) => openVault({ ...good, [option]: value }), values)
    expect(await dump()).toEqual(before)
  })

  it('takes nothing but one options object, and only options it has', async () => {
    const { storage } = await newTestVault()
    const good = { storage, unlock: rawKey(TEST_KEY) }
    await expectRefusals(
      (value) => openVault(value as never),
      [
        bad('undefined', undefined),
        ...NOT_AN_OBJECT,
        ...HOSTILE,
        bad('an option of createVault', { ...good, region: 'x' }, 'INVALID_PARAMETER'),
      ],
    )
  })
})

describe('passphrase', () => {
  it('takes text of 1 to 1,024 characters', async () => {
    await expectRefusals(
      (value) => passphrase(value as never),
      [bad('undefined', undefined), ...NOT_TEXT],
    )
    const broken = ['', 'x'.repeat(1025), 'x'.repeat(10_000_000), '\ud800', 'x\udfff', 'x\0']
    await expectRefusals(
      (value) => passphrase(value as never),
      broken.map((text) => bad(text.slice(0, 5), text, 'INVALID_PARAMETER')),
    )
    for (const text of [' ', 'x'.repeat(1024), '\u{1f511}'.repeat(512), '\n\u0001', CANARY])
      passphrase(text)
  })

  it.each([
    ['scryptLogN', [...NOT_A_NUMBER, ...notIntegers(15, 20)]],
    [
      'signal',
      [
        ...NO_METHODS,
        bad('a getter', throwing('throwIfAborted')),
        bad('one without listeners', { throwIfAborted: () => undefined }),
      ],
    ],
    ['onProgress', NOT_A_FUNCTION],
    [
      'logN',
      [...NUMBERS, ...BOOLEANS, ...STRINGS, ...PRIMITIVES].map((each) => ({
        ...each,
        refusal: 'INVALID_PARAMETER' as const,
      })),
    ],
  ])('the option %s', async (option, values) => {
    await expectRefusals((value) => passphrase('x', { [option]: value }), values)
  })

  it('the options as a whole', async () => {
    await expectRefusals((value) => passphrase('x', value as never), NOT_AN_OBJECT)
  })
})

it('what a storage fails with at its first use arrives as an error of storage', async () => {
  const storage: StorageAdapter = {
    read: () => {
      throw new Error('of the adapter')
    },
    scan: () => Promise.reject(new Error('of the adapter')),
    commit: () => Promise.reject(new Error('of the adapter')),
    close: () => Promise.resolve(),
  }
  const error = await failureOf(() => openVault({ storage, unlock: rawKey(TEST_KEY) }))
  expect(codeOf(error)).toBe('STORAGE_UNAVAILABLE')
  const wild = {
    read: () => hostileProxy([]),
    scan: () => 5,
    commit: () => 'done',
    close: () => null,
  }
  const odd = await failureOf(() => openVault({ storage: wild as never, unlock: rawKey(TEST_KEY) }))
  expect(codeOf(odd)).toBe('STORAGE_UNAVAILABLE')
})
