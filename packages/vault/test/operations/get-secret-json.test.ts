/** Values that are JSON: what a schema says of them, and what no message may say. */

import { inspect } from 'node:util'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { StandardSchema, StandardSchemaIssue, Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { newTestVault } from '../support/test-vault.js'

/** Stands in every value: no error may show it. */
const CANARY = 'canary-9d41'
const S = { secretName: 'S' }

async function vaultWithValue(secretData: string | Uint8Array): Promise<Vault> {
  const { vault } = await newTestVault()
  await vault.createSecret({ ...S, secretData })
  return vault
}

function vaultWithJson(value: unknown): Promise<Vault> {
  return vaultWithValue(JSON.stringify(value))
}

/** A schema that answers what the test says. */
function schemaOf<Output>(
  validate: StandardSchema<Output>['~standard']['validate'],
): StandardSchema<Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

/** A schema that finds the same faults in every value. */
function failing(...paths: (StandardSchemaIssue['path'] | null)[]): StandardSchema<never> {
  const issues = paths.map((path) => ({
    message: `${CANARY} is wrong`,
    ...(path === null ? {} : { path }),
  }))
  return schemaOf<never>(() => ({ issues }))
}

const anything = schemaOf((value) => ({ value }))

async function refusal(vault: Vault, schema: StandardSchema<unknown>): Promise<string> {
  const error = await expectFailure(
    () => vault.getSecretJson({ ...S, schema }),
    'INVALID_PARAMETER',
  )
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
  expect(error.cause).toBe(undefined)
  return error.message
}

/** The same shape in three libraries: `host` is text, and `port` a number. */
const LIBRARIES: readonly (readonly [
  name: string,
  schema: StandardSchema<{ host: string; port: number }>,
])[] = [
  ['zod', z.object({ host: z.string(), port: z.number() })],
  ['valibot', v.object({ host: v.string(), port: v.number() })],
  ['arktype', type({ host: 'string', port: 'number' })],
]

describe.each(LIBRARIES)('a schema of %s', (_name, schema) => {
  it('gives its output, and what getSecretValue gives but for the text', async () => {
    const vault = await vaultWithJson({ host: 'h', port: 5432 })
    const { secretJson, ...version } = await vault.getSecretJson({ ...S, schema })
    expect(secretJson).toEqual({ host: 'h', port: 5432 })
    const read: Partial<Awaited<ReturnType<Vault['getSecretValue']>>> =
      await vault.getSecretValue(S)
    const { secretData, secretDataType, ...expected } = read
    expect([secretData, secretDataType]).toEqual(['{"host":"h","port":5432}', 'text'])
    expect(version).toEqual(expected)
  })

  it('names where the value does not satisfy it, and no part of the value', async () => {
    const vault = await vaultWithJson({ host: CANARY, port: CANARY })
    expect(await refusal(vault, schema)).toBe(
      'the value of version v1 of S does not satisfy the schema at /port',
    )
    const both = await vaultWithJson({ host: [CANARY], other: CANARY })
    expect(await refusal(both, schema)).toMatch(/at \/host, \/port$/)
    const list = await vaultWithJson([CANARY])
    expect(await refusal(list, schema)).toMatch(/ at (its top level|\/host, \/port)$/)
  })
})

describe('what a schema returns', () => {
  it('may be another value than the JSON', async () => {
    const vault = await vaultWithJson({ at: '2026-01-02T03:04:05.000Z' })
    const schema = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) })
    const { secretJson } = await vault.getSecretJson({ ...S, schema })
    expect(secretJson.at.getUTCFullYear()).toBe(2026)
  })

  it('may come later', async () => {
    const vault = await vaultWithJson([1, 2])
    const schema = z.array(z.number().refine((n) => Promise.resolve(n < 2)))
    expect(await refusal(vault, schema)).toMatch(/ at \/1$/)
    const later = v.pipeAsync(
      v.array(v.number()),
      v.transformAsync((list) => Promise.resolve(list.length)),
    )
    expect((await vault.getSecretJson({ ...S, schema: later })).secretJson).toBe(2)
  })

  it.each([[null], [false], [0], [''], ['text'], [[]], [{ nested: { deep: [1, null] } }]])(
    'is %j as it is',
    async (value) => {
      const vault = await vaultWithJson(value)
      expect((await vault.getSecretJson({ ...S, schema: anything })).secretJson).toEqual(value)
    },
  )

  it('is asked for once, with names of prototypes as they stand', async () => {
    const text = '{"__proto__":{"a":1},"constructor":2}'
    const vault = await vaultWithValue(text)
    const seen: unknown[] = []
    const schema = schemaOf((value) => {
      seen.push(value)
      return { value: JSON.stringify(value) }
    })
    expect((await vault.getSecretJson({ ...S, schema })).secretJson).toBe(text)
    expect(seen).toHaveLength(1)
  })
})

describe('which version', () => {
  it('is chosen by id and by label', async () => {
    const vault = await vaultWithJson({ n: 1 })
    await vault.putSecretValue({ ...S, secretData: '{"n":2}' })
    const schema = z.object({ n: z.number() })
    const read = async (selector: object): Promise<unknown> => {
      const result = await vault.getSecretJson({ ...S, ...selector, schema })
      return [result.versionId, result.secretJson.n]
    }
    expect(await read({})).toEqual(['v2', 2])
    expect(await read({ versionId: 'v1' })).toEqual(['v1', 1])
    expect(await read({ versionStage: 'ACSPrevious' })).toEqual(['v1', 1])
    await expectFailure(() => read({ versionStage: 'none' }), 'STAGE_NOT_FOUND')
    await expectFailure(() => read({ versionId: 'v9' }), 'VERSION_NOT_FOUND')
  })
})

describe('a value that is not JSON', () => {
  it.each(['', '{', `{"password":"${CANARY}`, CANARY, '{"a":1}\u0000', 'undefined', '{a:1}'])(
    '%j is refused, and the message does not quote it',
    async (rest) => {
      const vault = await vaultWithValue(`${CANARY}${rest}`)
      expect(await refusal(vault, anything)).toBe('the value of version v1 of S is not JSON')
    },
  )

  it('bytes are refused, also those of JSON', async () => {
    const vault = await vaultWithValue(new TextEncoder().encode('{}'))
    expect(await refusal(vault, anything)).toBe(
      'the value of version v1 of S is not JSON: it is binary',
    )
  })
})

describe('where a value does not satisfy a schema', () => {
  it('is a JSON pointer, by keys, indexes and segments', async () => {
    const vault = await vaultWithJson({})
    const pointers: [StandardSchemaIssue['path'] | null, string][] = [
      [null, 'its top level'],
      [undefined, 'its top level'],
      [[], 'its top level'],
      [['a', 0, 'b'], '/a/0/b'],
      [[{ key: 'a' }, { key: 1 }], '/a/1'],
      [['a/b', 'c~d'], '/a~1b/c~0d'],
      [[''], '/'],
      [[Symbol('s')], '/Symbol(s)'],
    ]
    for (const [path, pointer] of pointers) {
      expect(await refusal(vault, failing(path))).toMatch(new RegExp(` at ${escaped(pointer)}$`))
    }
  })

  it('is named once, ten times at most, and cut when it is long', async () => {
    const vault = await vaultWithJson({})
    expect(await refusal(vault, failing(['a'], ['a'], ['b']))).toMatch(/ at \/a, \/b$/)
    const many = Array.from({ length: 25 }, (_, i) => [i])
    expect(await refusal(vault, failing(...many))).toMatch(/ at \/0, .*, \/9 and 15 more$/)
    const message = await refusal(vault, failing(['x'.repeat(10_000)]))
    expect(message).toMatch(/…$/)
    expect(message.length).toBeLessThan(200)
    expect(await refusal(vault, failing())).toMatch(/ a place that the schema does not name$/)
  })

  it('may be deep', async () => {
    const vault = await vaultWithJson({ a: [{ b: { c: CANARY } }] })
    const schema = z.object({ a: z.array(z.object({ b: z.object({ c: z.number() }) })) })
    expect(await refusal(vault, schema)).toMatch(/ at \/a\/0\/b\/c$/)
  })
})

describe('a schema that is none', () => {
  const validate = (value: unknown) => ({ value })
  const throwing = Object.defineProperty({}, '~standard', {
    get: () => {
      throw new Error(CANARY)
    },
  })
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'schema'],
    ['an object', {}],
    ['a function', validate],
    ['a schema without a version', { '~standard': { validate } }],
    ['a later version', { '~standard': { version: 2, vendor: 'test', validate } }],
    ['a schema without validate', { '~standard': { version: 1, vendor: 'test' } }],
    ['a getter that throws', throwing],
  ])('%s is a TypeError, before anything is read', async (_what, schema) => {
    const { vault } = await newTestVault()
    const error = await expectFailure(
      () => vault.getSecretJson({ secretName: 'none', schema: schema as never }),
      'TypeError',
    )
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error(CANARY)
      },
    ],
    ['rejects', () => Promise.reject(new Error(CANARY))],
    ['returns nothing', () => undefined],
    ['returns no list of issues', () => ({ issues: 1 })],
    ['returns an issue without a key', () => ({ issues: [{ message: '', path: [null] }] })],
    [
      'returns a key that cannot be text',
      () => ({ issues: [{ message: '', path: [{ key: Object.create(null) as unknown }] }] }),
    ],
  ])('one that %s is a TypeError without a cause', async (_what, answer) => {
    const vault = await vaultWithJson({ password: CANARY })
    const schema = schemaOf(answer as never)
    const error = await expectFailure(() => vault.getSecretJson({ ...S, schema }), 'TypeError')
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
    expect(error.cause).toBe(undefined)
  })

  it('a schema may be a function, and validate may use its own object', async () => {
    const vault = await vaultWithJson(1)
    const props = {
      version: 1 as const,
      vendor: 'test',
      answer: 'own',
      validate() {
        return { value: this.answer }
      },
    }
    const schema = Object.assign(() => 'called', { '~standard': props })
    expect((await vault.getSecretJson({ ...S, schema })).secretJson).toBe('own')
  })
})

function escaped(text: string): string {
  return text.replace(/[^\w/ ]/g, '\\$&')
}
