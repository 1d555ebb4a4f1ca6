import * as core from '@stagevault/core/limits'
import { parseVaultLimits } from '@stagevault/core/request/vault-requests'
import * as storage from '@stagevault/storage'
import { describe, expect, it } from 'vitest'
import { findPage, readPages } from './support/pages.js'

const { rows } = findPage(readPages(), 'docs/limits.md')

function unquote(cell = ''): string {
  return cell.replaceAll('`', '')
}

function numbersOf(module: object): [name: string, value: number][] {
  return Object.entries(module).flatMap(([name, value]): [string, number][] =>
    typeof value === 'number' ? [[name, value]] : [],
  )
}

it('docs/limits.md names every limit of core and storage with its number', () => {
  const documented = rows
    .filter(([name = '']) => /^`[A-Z_]+`$/.test(name))
    .map(([name, value]) => [unquote(name), Number(value)])
  const actual = [...numbersOf(core), ...numbersOf(storage)]
  expect(documented.sort()).toEqual(actual.sort())
})

describe('docs/limits.md names what can be changed, and how far', () => {
  const options = rows
    .filter(([name = '']) => /^`[a-z]+[A-Za-z]+`$/.test(name))
    .map((row) => {
      const [name, normal, from, to] = row.map(unquote)
      return { name: name ?? '', normal: normal ?? '', from: Number(from), to: to ?? '' }
    })

  it('all of it', () => {
    expect(options.map(({ name }) => name).sort()).toEqual(Object.keys(core.DEFAULT_LIMITS).sort())
  })

  it.each(options)('$name', ({ name, normal, from, to }) => {
    const defaults = new Map(Object.entries(core.DEFAULT_LIMITS))
    const most = to === 'none' ? Number.MAX_SAFE_INTEGER : Number(to)
    expect(defaults.get(name)).toBe(Number(normal))
    for (const value of [from, most]) {
      expect(parseVaultLimits({ [name]: value })).toMatchObject({ [name]: value })
    }
    for (const value of [from - 1, most + 1]) {
      expect(() => parseVaultLimits({ [name]: value })).toThrow('must be an integer')
    }
  })
})

it('limits that follow from one another do', () => {
  const { versionsMax, stageLabelsMax } = core.DEFAULT_LIMITS
  expect(stageLabelsMax).toBeLessThan(versionsMax)
  expect(core.STORED_VALUE_BYTES_MAX).toBe(storage.STORAGE_VALUE_BYTES_MAX - 4096)
})
