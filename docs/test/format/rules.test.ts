/** Every rule of the format has a name, and something that proves it. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PLAIN_FILES, VAULT_FILES, readFormatFile, readVectors } from '../support/format-files.js'

const DOCUMENTS = ['README.md', 'envelope.md', 'records.md', 'storage-layout.md']
const RULE = /\b(?:FMT|CTX|KEY|ENV|REC|LAY)-\d+\b/g

const stated = DOCUMENTS.flatMap((path) =>
  [...readFormatFile(path).matchAll(/^- \*\*([A-Z]{3}-\d+)\*\*/gm)].map(([, rule = '']) => rule),
)

function titles(): string {
  const folder = new URL('.', import.meta.url)
  return readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .flatMap((source) => [...source.matchAll(/\b(?:it|describe)\('([^']*)'/g)])
    .map(([, title]) => title)
    .join('\n')
}

it('each is stated once, and they are counted without a gap', () => {
  expect(stated.length).toBeGreaterThan(50)
  expect(new Set(stated).size).toBe(stated.length)
  for (const prefix of ['FMT', 'CTX', 'KEY', 'ENV', 'REC', 'LAY']) {
    const numbers = stated
      .filter((rule) => rule.startsWith(prefix))
      .map((rule) => Number(rule.slice(4)))
      .sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_number, i) => i + 1))
  }
})

it('each is proven by a case of the vectors or by a test that is named after it', () => {
  const files = [...PLAIN_FILES, ...VAULT_FILES]
  const proven = new Set(files.flatMap((name) => readVectors(name).cases.map(({ rule }) => rule)))
  for (const [rule] of titles().matchAll(RULE)) proven.add(rule)
  expect(stated.filter((rule) => !proven.has(rule))).toEqual([])
  expect([...proven].filter((rule) => !stated.includes(rule))).toEqual([])
})

it('none is named that is not stated', () => {
  const reader = ['reader/read_vault.py', 'reader/access.py']
  const pages = [...DOCUMENTS, 'vectors/README.md', ...reader].map(readFormatFile)
  const named = pages.flatMap((text) => [...text.matchAll(RULE)].map(([rule]) => rule))
  expect([...new Set(named)].filter((rule) => !stated.includes(rule))).toEqual([])
})
