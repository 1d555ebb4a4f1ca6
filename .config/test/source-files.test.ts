import { describe, expect, it } from 'vitest'
import { parseIgnoreFile, readRepository } from './source-files.js'

describe('what .gitignore names', () => {
  const isIgnored = parseIgnoreFile(
    [
      '# built',
      'dist/',
      '*.log',
      'docs/api/',
      'bench/results/local-*.json',
      '/cache',
      '',
      '!docs/**/kept.log',
    ].join('\n'),
  )

  it.each([
    ['packages/core/dist', true],
    ['a.log', false],
    ['packages/a.log', false],
    ['docs/api', true],
    ['bench/results/local-1.json', false],
    ['cache', false],
  ])('%s is left out', (path, isFolder) => {
    expect(isIgnored(path, isFolder)).toBe(true)
  })

  it.each([
    ['packages/core/dist', false],
    ['packages/docs/api', true],
    ['bench/results/1.json', false],
    ['packages/cache', false],
    ['a.logs', false],
    ['docs/kept.log', false],
    ['docs/a/b/kept.log', false],
  ])('%s is kept', (path, isFolder) => {
    expect(isIgnored(path, isFolder)).toBe(false)
  })
})

describe('the repository', () => {
  const paths = readRepository(new URL('../../', import.meta.url)).map(({ path }) => path)

  it('is read with its dot-files and without what is built or installed', () => {
    expect(paths).toContain('.config/run.mjs')
    expect(paths).toContain('packages/core/package.json')
    expect(paths.filter((path) => /(^|\/)(node_modules|dist|\.git)\//.test(path))).toEqual([])
  })
})
