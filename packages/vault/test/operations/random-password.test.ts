import { describe, expect, it } from 'vitest'
import type { GetRandomPasswordRequest } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { seededRandom } from '../support/seeded-random.js'
import { newTestVault } from '../support/test-vault.js'

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz'
const UPPERCASE = LOWERCASE.toUpperCase()
const NUMBERS = '0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const PRINTABLE = LOWERCASE + UPPERCASE + NUMBERS + PUNCTUATION

const TYPES = [
  ['excludeLowercase', LOWERCASE],
  ['excludeUppercase', UPPERCASE],
  ['excludeNumbers', NUMBERS],
  ['excludePunctuation', PUNCTUATION],
] as const

type Draw = (request?: GetRandomPasswordRequest) => Promise<string>

async function drawer(seed: string): Promise<Draw> {
  const { vault } = await newTestVault({ random: seededRandom(seed) })
  return async (request) => (await vault.getRandomPassword(request)).randomPassword
}

async function drawMany(
  seed: string,
  count: number,
  request: GetRandomPasswordRequest,
): Promise<string[]> {
  const draw = await drawer(seed)
  const passwords: string[] = []
  for (let i = 0; i < count; i++) passwords.push(await draw(request))
  return passwords
}

/** Everything but these characters, to be excluded. */
const allBut = (kept: string): string =>
  Array.from(PRINTABLE)
    .filter((char) => !kept.includes(char))
    .join('')

const hasOneOf = (password: string, type: string): boolean =>
  Array.from(password).some((char) => type.includes(char))

/** Pearson's statistic of counts against expected counts. */
function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, i) => {
    const mean = expected[i] ?? 1
    return sum + (count - mean) ** 2 / mean
  }, 0)
}

describe('getRandomPassword', () => {
  it('has 32 printable ASCII characters, of all four types', async () => {
    for (const request of [undefined, {}]) {
      const password = await (await drawer('default'))(request)
      expect(password).toMatch(/^[!-~]{32}$/)
      for (const [, type] of TYPES) expect(hasOneOf(password, type)).toBe(true)
    }
  })

  it('has 8 to 128 characters', async () => {
    const draw = await drawer('lengths')
    for (const passwordLength of [8, 9, 127, 128]) {
      expect(await draw({ passwordLength })).toHaveLength(passwordLength)
    }
    for (const passwordLength of [7, 129, 0, -8, 8.5, NaN, Infinity]) {
      await expectFailure(() => draw({ passwordLength }), 'INVALID_PARAMETER')
    }
  })

  it.each(TYPES)('%s leaves out its type and requires the others', async (flag, type) => {
    for (const password of await drawMany(flag, 100, { passwordLength: 8, [flag]: true })) {
      expect(hasOneOf(password, type)).toBe(false)
      for (const [other, characters] of TYPES) {
        if (other !== flag) expect(hasOneOf(password, characters)).toBe(true)
      }
    }
  })

  it.each(TYPES)('any type can be the only one: not %s', async (kept, type) => {
    const flags = Object.fromEntries(TYPES.map(([flag]) => [flag, flag !== kept]))
    const [password = ''] = await drawMany(kept, 1, flags)
    expect(Array.from(password).every((char) => type.includes(char))).toBe(true)
  })

  it('excludes characters one by one', async () => {
    for (const char of PRINTABLE) {
      const [password = ''] = await drawMany(char, 1, {
        passwordLength: 128,
        excludeCharacters: char,
      })
      expect(password).not.toContain(char)
    }
    const excludeCharacters = allBut('aB3!') + ' é🔑'
    const [password = ''] = await drawMany('four', 1, { excludeCharacters })
    expect([...new Set(password)].sort()).toEqual(['!', '3', 'B', 'a'])
  })

  it('every type is there in each of many short passwords', async () => {
    const passwords = await drawMany('short', 2_000, { passwordLength: 8 })
    expect(new Set(passwords).size).toBe(passwords.length)
    for (const [, type] of TYPES) {
      expect(passwords.every((password) => hasOneOf(password, type))).toBe(true)
    }
  })

  it('without the requirement a type may be missing', async () => {
    const request = { passwordLength: 8, requireEachIncludedType: false }
    const passwords = await drawMany('loose', 500, request)
    const missing = passwords.filter((password) => !hasOneOf(password, NUMBERS))
    // (84 / 94) ** 8 of them, about two in five.
    expect(missing.length).toBeGreaterThan(150)
    expect(missing.length).toBeLessThan(260)
  })

  it('a request that nothing fits is invalid', async () => {
    const draw = await drawer('nothing')
    const flags = Object.fromEntries(TYPES.map(([flag]) => [flag, true]))
    const wrong: GetRandomPasswordRequest[] = [
      flags,
      { ...flags, requireEachIncludedType: false },
      { excludeCharacters: NUMBERS },
      { excludeCharacters: PUNCTUATION, excludeNumbers: true },
      { excludeCharacters: PRINTABLE },
      { excludeCharacters: PRINTABLE, requireEachIncludedType: false },
      { excludeCharacters: 'x'.repeat(257) },
    ]
    for (const request of wrong) await expectFailure(() => draw(request), 'INVALID_PARAMETER')
    expect(await draw({ excludeCharacters: NUMBERS, requireEachIncludedType: false })).not.toMatch(
      /[0-9]/,
    )
    expect(await draw({ excludeCharacters: NUMBERS, excludeNumbers: true })).not.toMatch(/[0-9]/)
  })

  it('the hardest request that can be fulfilled is', async () => {
    const request = { passwordLength: 8, excludeCharacters: allBut(LOWERCASE + UPPERCASE + '7!') }
    for (const password of await drawMany('hardest', 20, request)) {
      expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*7)(?=.*!)[a-zA-Z7!]{8}$/)
    }
  })
})

// The random source is fixed, so these numbers are the same in every run. The bounds are where a
// fair source would fall once in some ten thousand seeds.
describe('is not biased', () => {
  it.each([
    ['all 94 characters', PRINTABLE, 150],
    ['26 characters', LOWERCASE, 57],
    ['10 characters', NUMBERS, 34],
    ['3 characters', 'abc', 19],
  ])('%s are equally frequent', async (what, alphabet, bound) => {
    const request = {
      passwordLength: 128,
      excludeCharacters: allBut(alphabet),
      requireEachIncludedType: false,
    }
    const drawn = (await drawMany(what, 400, request)).join('')
    const counts = Array.from(alphabet, (char) => drawn.split(char).length - 1)
    const expected = counts.map(() => drawn.length / alphabet.length)
    expect(chiSquare(counts, expected)).toBeLessThan(bound)
  })

  it('the requirement favours no password: the number of digits is what chance gives', async () => {
    // Of the 2^8 patterns of letter and digit two are refused, and the rest is equally likely.
    const request = {
      passwordLength: 8,
      excludeCharacters: allBut('ab12'),
      excludeUppercase: true,
      excludePunctuation: true,
    }
    const passwords = await drawMany('patterns', 20_000, request)
    const binomial = [8, 28, 56, 70, 56, 28, 8]
    const counts = binomial.map(
      (_, i) =>
        passwords.filter((password) => password.replace(/[ab]/g, '').length === i + 1).length,
    )
    const expected = binomial.map((ways) => (20_000 * ways) / 254)
    expect(counts.reduce((sum, count) => sum + count)).toBe(20_000)
    expect(chiSquare(counts, expected)).toBeLessThan(28)
  })

  it('the first character is of any type, as chance has it', async () => {
    const passwords = await drawMany('first', 4_000, { passwordLength: 128 })
    const counts = TYPES.map(
      ([, type]) => passwords.filter((password) => type.includes(password.charAt(0))).length,
    )
    const expected = TYPES.map(([, type]) => (4_000 * type.length) / 94)
    expect(chiSquare(counts, expected)).toBeLessThan(21)
  })
})
