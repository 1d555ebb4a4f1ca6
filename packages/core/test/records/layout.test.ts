import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACCESS_KEY,
  ACCESS_KEYS,
  ACCESS_LIST_KEY,
  DELETION_KEYS,
  DELETION_PLACE_BITS,
  EVERY_KEY,
  POLICY_GENERATION_MAX,
  POLICY_KEYS,
  SECRET_KEYS,
  SLOT_KEYS,
  VERSION_KEYS,
  accessRecordKey,
  deletionKey,
  deletionPlaceBehind,
  deletionsUntil,
  headKey,
  nameKey,
  parseAccessRecordKey,
  parseDeletionKey,
  parsePolicyKey,
  parseSecretKey,
  parseVersionKey,
  policyKey,
  secretsAfter,
  slotKey,
  versionKey,
} from '@stagevault/core/records/layout'
import { toHex } from '@stagevault/core/bytes'

const CHARSET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+=.@-'
const unit = fc.constantFrom(...Array.from(CHARSET))
const names = fc.string({ unit, minLength: 1, maxLength: 192 })
const ids = fc.uint8Array({ minLength: 16, maxLength: 16 })
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const numbers = fc.integer({ min: 1, max: 0xffff_ffff })
const generations = fc.integer({ min: 1, max: POLICY_GENERATION_MAX })
const accessKinds = fc.constantFrom('user', 'role', 'group', 'policy')
const accessNames = fc.string({
  unit: fc.constantFrom(...Array.from(CHARSET.replaceAll(/[/+=]/g, ''))),
  minLength: 1,
  maxLength: 64,
})

const isIn = (key: string, { start, end }: { start: string; end: string }): boolean =>
  key >= start && key < end

const RANGES = [SECRET_KEYS, SLOT_KEYS, VERSION_KEYS, DELETION_KEYS, ACCESS_KEYS, POLICY_KEYS]

describe('keys', () => {
  it('are 1 to 512 printable ASCII characters, each kind in its range', () => {
    fc.assert(
      fc.property(names, ids, times, numbers, (name, id, time, number) => {
        const keys = [
          [headKey(name), SECRET_KEYS],
          [nameKey(name), SECRET_KEYS],
          [slotKey(id), SLOT_KEYS],
          [versionKey(id, number), VERSION_KEYS],
          [deletionKey(time, id), DELETION_KEYS],
        ] as const
        for (const [key, range] of keys) {
          expect(key).toMatch(/^[!-~]{1,512}$/)
          expect(isIn(key, EVERY_KEY)).toBe(true)
          expect(RANGES.filter((each) => isIn(key, each))).toEqual([range])
        }
      }),
    )
  })

  it('of access records, their list and policies are in their ranges too', () => {
    fc.assert(
      fc.property(accessKinds, accessNames, ids, generations, (kind, name, id, generation) => {
        const keys = [
          [accessRecordKey(kind, name), ACCESS_KEYS],
          [ACCESS_LIST_KEY, ACCESS_KEYS],
          [policyKey(id, generation), POLICY_KEYS],
        ] as const
        for (const [key, range] of keys) {
          expect(key).toMatch(/^[!-~]{1,512}$/)
          expect(RANGES.filter((each) => isIn(key, each))).toEqual([range])
        }
        expect(parseAccessRecordKey(accessRecordKey(kind, name))).toEqual({ kind, name })
        const secretId = toHex(id)
        expect(parsePolicyKey(policyKey(id, generation))).toEqual({ secretId, generation })
      }),
      {
        examples: [
          ['policy', 'n'.repeat(64), new Uint8Array(16), POLICY_GENERATION_MAX],
          ['user', '__proto__', new Uint8Array(16).fill(0xff), 1],
        ],
      },
    )
    expect(RANGES.filter((each) => isIn(ACCESS_KEY, each))).toEqual([])
  })

  it('are read as they were made', () => {
    fc.assert(
      fc.property(names, ids, times, numbers, (name, id, time, number) => {
        expect(parseSecretKey(headKey(name))).toEqual({ name, part: 'head' })
        expect(parseSecretKey(nameKey(name))).toEqual({ name, part: 'name' })
        expect(parseVersionKey(versionKey(id, number))).toEqual({ secretId: toHex(id), number })
        expect(parseDeletionKey(deletionKey(time, id))).toEqual({ time, secretId: toHex(id) })
      }),
    )
  })

  it('that no vault makes are not read', () => {
    const id = '0'.repeat(32)
    const secretKeys = [
      'secret!',
      'secret!a',
      'secret!a!',
      'secret!a!tail',
      'secret!!head',
      'secret!a!b!head',
      'xsecret!a!head',
    ]
    for (const key of secretKeys) expect(parseSecretKey(key)).toBeNull()
    const versionKeys = [
      `version!${id}`,
      `version!${id}!1`,
      `version!${id}!0000000g`,
      `version!${id.slice(1)}!00000001`,
      `version!${'G'.repeat(32)}!00000001`,
      `version!${id}!00000001!`,
    ]
    for (const key of versionKeys) expect(parseVersionKey(key)).toBeNull()
    const dueKeys = [
      `due!1!${id}`,
      `due!0000000000001!${id}`,
      `due!000000000001!${id}0`,
      `due!00000000000A!${id}`,
    ]
    for (const key of dueKeys) expect(parseDeletionKey(key)).toBeNull()
    const accessKeys = [
      ACCESS_KEY,
      ACCESS_LIST_KEY,
      'access!user!',
      'access!users!a',
      'access!user!a!b',
      'access!user!a/b',
      'access!user!a\n',
      'access!User!a',
      `access!user!${'n'.repeat(65)}`,
      'xaccess!user!a',
    ]
    for (const key of accessKeys) expect(parseAccessRecordKey(key)).toBeNull()
    const policyKeys = [
      `policy!${id}`,
      `policy!${id}!1`,
      `policy!${id}!0000000000001`,
      `policy!${id}!00000000000g`,
      `policy!${id.slice(1)}!000000000001`,
      `policy!${id}!000000000001\n`,
    ]
    for (const key of policyKeys) expect(parsePolicyKey(key)).toBeNull()
  })
})

describe('order', () => {
  const sign = (a: string | number, b: string | number): number => Number(a > b) - Number(a < b)

  it('of heads is that of names, and a head stands next to its name record', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(sign(headKey(a), headKey(b))).toBe(sign(a, b))
        if (a < b) expect(nameKey(a) < headKey(b)).toBe(true)
      }),
    )
  })

  it('of deletion entries is that of times, and what is due comes first', () => {
    fc.assert(
      fc.property(times, times, ids, ids, (a, b, idA, idB) => {
        if (a < b) expect(deletionKey(a, idA) < deletionKey(b, idB)).toBe(true)
        expect(isIn(deletionKey(a, idA), deletionsUntil(b))).toBe(a <= b)
      }),
      { examples: [[5, 5, new Uint8Array(16).fill(255), new Uint8Array(16)]] },
    )
  })

  it('of places among deletion entries is that of their distances', () => {
    const most = 2n ** BigInt(DELETION_PLACE_BITS)
    const distances = fc.bigInt({ min: 1n, max: most })
    fc.assert(
      fc.property(times, ids, distances, distances, (time, id, a, b) => {
        const key = deletionKey(time, id)
        const [near, far] = a < b ? [a, b] : [b, a]
        expect(deletionPlaceBehind(key, near) >= key).toBe(true)
        expect(deletionPlaceBehind(key, near) <= deletionPlaceBehind(key, far)).toBe(true)
        expect(parseDeletionKey(deletionPlaceBehind(key, far))).not.toBe(null)
      }),
    )
    const last = 'f'.repeat(12) + '!' + 'f'.repeat(32)
    expect(deletionPlaceBehind(`due!${last}`, 1n)).toBe(`due!${last}`)
    const hour = deletionKey(3_600_000, new Uint8Array(16))
    expect(deletionPlaceBehind(deletionKey(0, new Uint8Array(16)), 3_600_000n << 128n)).toBe(hour)
    expect(deletionPlaceBehind('due!of no vault', 3_600_000n << 128n)).toBe(hour)
  })

  it('of policies is that of secrets, then of generations', () => {
    fc.assert(
      fc.property(ids, ids, generations, generations, (idA, idB, a, b) => {
        expect(sign(policyKey(idA, a), policyKey(idA, b))).toBe(sign(a, b))
        const [hexA, hexB] = [toHex(idA), toHex(idB)]
        if (hexA !== hexB) expect(sign(policyKey(idA, a), policyKey(idB, b))).toBe(sign(hexA, hexB))
      }),
    )
  })

  it('of versions is that of creation', () => {
    fc.assert(
      fc.property(ids, numbers, numbers, (id, a, b) => {
        expect(sign(versionKey(id, a), versionKey(id, b))).toBe(sign(a, b))
      }),
    )
  })

  it('secretsAfter begins behind both records of a name and before the next name', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const range = secretsAfter(a, '')
        expect(isIn(headKey(b), range)).toBe(b > a)
        expect(isIn(nameKey(b), range)).toBe(b > a)
      }),
      {
        examples: [
          ['a', 'a+'],
          ['a', 'a'],
          ['a', 'aa'],
          ['S', 'S/'],
        ],
      },
    )
  })

  it('secretsAfter with a prefix holds the records of exactly the names that begin so', () => {
    const after = fc.option(names)
    fc.assert(
      fc.property(names, fc.boolean(), after, names, (prefix, isLonger, last, other) => {
        const name = isLonger ? `${prefix}${other}` : other
        const range = secretsAfter(last, prefix)
        expect(range.start <= range.end).toBe(true)
        const isListed = name.startsWith(prefix) && (last === null || name > last)
        expect(isIn(headKey(name), range)).toBe(isListed)
        expect(isIn(nameKey(name), range)).toBe(isListed)
      }),
      {
        examples: [
          ['a', true, null, 'a'],
          ['a', false, null, 'a'],
          ['a', false, 'a', 'a'],
          ['a', true, 'b', 'z'],
          ['b', true, 'a', 'z'],
          ['z', true, null, 'zzz'],
          ['a', false, null, 'a+'],
        ],
      },
    )
  })
})
