/** Goal F23: the format is frozen, and every implementation agrees on it (F22). */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildSalamander } from '../../../packages/vault/test/primitives/salamander.js'
import { perform } from '../../tools/perform.js'
import { performVault } from '../../tools/perform-vault.js'
import { twoKeyBox } from '../../tools/two-key-version.js'
import { formatJson, type VectorCase } from '../../tools/vector-file.js'
import { VECTOR_FILES } from '../../tools/vector-files.js'
import {
  PLAIN_FILES,
  VAULT_FILES,
  formatPath,
  readFormatFile,
  readVaultFile,
  readVectors,
} from '../support/format-files.js'
import { implementations } from '../support/primitives.js'

const ALL_FILES = [...PLAIN_FILES, ...VAULT_FILES]

function outcomeOf({ expect: expected, output }: VectorCase): object {
  return output === undefined ? { expect: expected } : { expect: expected, output }
}

describe('the files', () => {
  it('are all there, and no others', () => {
    const names = readdirSync(formatPath('vectors')).filter((name) => name.endsWith('.json'))
    expect(names.sort()).toEqual([...ALL_FILES, 'salamander.json'].sort())
    expect(Object.keys(VECTOR_FILES).sort()).toEqual([...ALL_FILES].sort())
  })

  it.each(ALL_FILES)('%s comes out byte for byte as it was committed', async (name) => {
    const made = formatJson(await (VECTOR_FILES[name] ?? expect.fail())())
    // Not `toBe` alone: the difference of two long texts takes a minute to print.
    if (made !== readFormatFile(`vectors/${name}`)) {
      expect.fail(`${name} differs: the format has changed, and old vaults would not open`)
    }
  })

  it('hold hundreds of cases, half of them refusals, each under a name of its own', () => {
    const cases = ALL_FILES.flatMap((name) => readVectors(name).cases)
    expect(cases.length).toBeGreaterThan(450)
    const refused = cases.filter((each) => each.expect !== 'ok')
    expect(refused.length).toBeGreaterThan(250)
    for (const name of ALL_FILES) {
      const names = readVectors(name).cases.map((each) => each.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('say why each refusal is one, and what each success gives', () => {
    for (const each of ALL_FILES.flatMap((name) => readVectors(name).cases)) {
      expect(each.expect).toMatch(/^(ok|[A-Z]+(_[A-Z]+)+)$/)
      expect('output' in each, each.name).toBe(each.expect === 'ok')
      expect(each.rule, each.name).toMatch(/^(FMT|CTX|KEY|ENV|REC|LAY)-\d+$/)
    }
  })
})

describe.each(implementations)('with the primitives of %s', (_name, primitives) => {
  it.each(PLAIN_FILES)('every case of %s comes out as it says', async (name) => {
    for (const each of readVectors(name).cases) {
      const outcome = await perform(primitives, each.operation, each.input)
      expect(outcome, each.name).toEqual(outcomeOf(each))
    }
  })

  it.each(VAULT_FILES)('every case of %s comes out as it says', async (name) => {
    const file = readVaultFile(name)
    for (const each of file.cases) {
      const outcome = await performVault(primitives, file, each.operation, each.input)
      expect(outcome, each.name).toEqual(outcomeOf(each))
    }
  })
})

it('the box of two keys in envelope.json is what the construction gives (F13)', () => {
  const { keys, context, start, box } = twoKeyBox()
  const body = new Uint8Array(32)
  body.set(start)
  expect(buildSalamander(keys, new Uint8Array(12), context, body)).toEqual(box)
})
