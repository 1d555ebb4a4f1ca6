/** Arbitrary text for names, ids and labels: accepted or refused by the rule alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { codeOf } from '../support/failures.js'
import { newTestVault } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const CHARSET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+=.@-'

/** The rule in the words of the model, not of the code. */
function isLegal(text: string, charsMax: number): boolean {
  return (
    text.length >= 1 &&
    text.length <= charsMax &&
    Array.from(text).every((char) => CHARSET.includes(char))
  )
}

function isCaseVariant(label: string): boolean {
  return ['ACSCurrent', 'ACSPrevious', 'ACSPending'].some(
    (builtIn) =>
      label !== builtIn && label.toUpperCase() === builtIn.toUpperCase() && isLegal(label, 64),
  )
}

const legal = (charsMax: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(CHARSET)), minLength: 1, maxLength: charsMax })

/** Legal text, text that is nearly legal, and anything at all, lone surrogates included. */
const anyText = (charsMax: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: legal(12) },
    { weight: 1, arbitrary: legal(charsMax + 2) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(legal(8), fc.string({ unit: 'binary', maxLength: 2 }), legal(8))
        .map((parts) => parts.join('')),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.nat(0xffff), { maxLength: 4 })
        .map((units) => String.fromCharCode(...units)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__', 'acs/x', 'ACSCurrent', 'acscurrent', '', '\0'),
    },
  )

/** The code that a call ends with, or `done`. */
async function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  return call().then(
    () => 'done',
    (error: unknown) => codeOf(error as Error),
  )
}

async function listedNames(vault: Vault): Promise<string[]> {
  const names: string[] = []
  for await (const { secretName } of vault.iterateSecrets({ pageSize: 3 })) names.push(secretName)
  return names
}

describe('any text', () => {
  it('as a secret name: accepted by the rule, listed in order, read as itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText(192), { maxLength: 12 }), async (texts) => {
        const { vault } = await newTestVault()
        const stored = new Map<string, string>()
        for (const [i, secretName] of texts.entries()) {
          const secretData = `value ${i}`
          const expected =
            !isLegal(secretName, 192) || secretName.startsWith('acs/')
              ? 'INVALID_PARAMETER'
              : stored.has(secretName)
                ? 'SECRET_EXISTS'
                : 'done'
          expect(await outcomeOf(() => vault.createSecret({ secretName, secretData }))).toBe(
            expected,
          )
          if (expected === 'done') stored.set(secretName, secretData)
        }
        expect(await listedNames(vault)).toEqual([...stored.keys()].sort())
        for (const [secretName, secretData] of stored) {
          expect((await vault.getSecretValue({ secretName })).secretData).toBe(secretData)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('as a name to read: the secret itself, not found, or invalid; never another', async () => {
    const { vault } = await newTestVault()
    const names = ['a', 'a/b', 'ab', '__proto__', 'x'.repeat(192)]
    for (const secretName of names) await vault.createSecret({ secretName, secretData: secretName })
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText(192), fc.constantFrom(...names)), async (secretName) => {
        const outcome = await vault.getSecretValue({ secretName }).then(
          ({ secretData }) => `read ${String(secretData)}`,
          (error: unknown) => codeOf(error as Error),
        )
        const expected = !isLegal(secretName, 192)
          ? 'INVALID_PARAMETER'
          : names.includes(secretName)
            ? `read ${secretName}`
            : 'SECRET_NOT_FOUND'
        expect(outcome).toBe(expected)
      }),
      { numRuns: 1_500 },
    )
  })

  it('as a version id: accepted by the rule, and read as itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText(64), { maxLength: 8 }), async (texts) => {
        const { vault } = await newTestVault()
        await vault.createSecret({ secretName: 'S', secretData: 'first', versionId: 'first' })
        const stored = new Map([['first', 'first']])
        for (const [i, versionId] of texts.entries()) {
          const secretData = `value ${i}`
          const expected = !isLegal(versionId, 64)
            ? 'INVALID_PARAMETER'
            : stored.has(versionId)
              ? 'VERSION_EXISTS'
              : 'done'
          const put = { secretName: 'S', secretData, versionId }
          expect(await outcomeOf(() => vault.putSecretValue(put))).toBe(expected)
          if (expected === 'done') stored.set(versionId, secretData)
        }
        for (const [versionId, secretData] of stored) {
          const read = await vault.getSecretValue({ secretName: 'S', versionId })
          expect(read.secretData).toBe(secretData)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('as a stage label: accepted by the rule, and one of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText(64), { maxLength: 6 }), async (texts) => {
        const { vault } = await newTestVault()
        await vault.createSecret({ secretName: 'S', secretData: 'one' })
        const labels = new Set(['ACSCurrent'])
        for (const versionStage of texts) {
          const isGood =
            isLegal(versionStage, 64) &&
            !isCaseVariant(versionStage) &&
            versionStage !== 'ACSPrevious' &&
            versionStage !== 'ACSPending'
          const move = { secretName: 'S', versionStage, moveToVersion: 'v1' }
          expect(await outcomeOf(() => vault.updateSecretVersionStage(move))).toBe(
            isGood ? 'done' : 'INVALID_PARAMETER',
          )
          if (isGood) labels.add(versionStage)
        }
        expect((await labelsOf(vault, 'S'))['v1']).toEqual([...labels].sort())
      }),
      { numRuns: 150 },
    )
  })

  it('as a value, a description or a filter: kept as it is, or refused', async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ secretName: 'S', secretData: 'one' })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1 }),
          fc.array(fc.nat(0xffff), { minLength: 1 }).map((units) => String.fromCharCode(...units)),
        ),
        async (text) => {
          const expected = text.isWellFormed() ? 'done' : 'INVALID_PARAMETER'
          const secretName = 'S'
          expect(await outcomeOf(() => vault.updateSecret({ secretName, description: text }))).toBe(
            expected,
          )
          expect(
            await outcomeOf(() => vault.putSecretValue({ secretName, secretData: text })),
          ).toBe(expected)
          if (expected !== 'done') return
          expect((await vault.getSecretValue({ secretName })).secretData === text).toBe(true)
          const { secrets } = await vault.listSecrets({
            filters: [{ key: 'Description', values: [text] }],
          })
          expect(secrets[0]?.description === text).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})
