import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ROOT, findPage, readPages, readText } from './support/pages.js'

const ID = /\b(?:VER|LBL|EVT|FMT|CTX|KEY|ENV|REC|LAY)-[1-9]\d*\b/g

const pages = readPages()
const page = findPage(pages, 'docs/rules.md')

/** The sources of the packages that are published. */
function readSources(): string[] {
  return readdirSync(fileURLToPath(new URL('packages/', ROOT))).flatMap((name) => {
    const folder = fileURLToPath(new URL(`packages/${name}/src/`, ROOT))
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readText(`packages/${name}/src/${path.replaceAll('\\', '/')}`))
  })
}

function idsIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => [...text.matchAll(ID)].map(([id]) => id)))
}

/** The ids of a cell: one, or a range of them. */
function idsOf(cell: string): string[] {
  const [first = '', last = first] = cell.split(' to ')
  const [prefix = '', from] = first.split('-')
  const to = Number(last.split('-')[1])
  return Array.from({ length: to - Number(from) + 1 }, (_, i) => `${prefix}-${Number(from) + i}`)
}

const rows = page.rows.filter(([cell = '']) => /^[A-Z]{3}-\d/.test(cell))
const listed = rows.flatMap(([cell = '']) => idsOf(cell))

it('the page lists each rule once', () => {
  expect(listed.length).toBeGreaterThan(80)
  expect(new Set(listed).size).toBe(listed.length)
})

it('every rule that a source or a page names is on the page', () => {
  const named = idsIn([...readSources(), ...pages.map(({ text }) => text)])
  expect(named.size).toBeGreaterThan(80)
  expect([...named].filter((id) => !listed.includes(id))).toEqual([])
})

it('every rule of the byte format is stated on the page that it is said to be on', () => {
  const format = rows.filter(([, , link = '']) => link !== '')
  expect(format.length).toBeGreaterThan(4)
  for (const [cell = '', , link = ''] of format) {
    const path = /\(([\w./-]+)\)/.exec(link)?.[1] ?? ''
    const { text } = findPage(pages, `docs/${path}`)
    const stated = [...text.matchAll(/\*\*([A-Z]{3}-\d+)\*\*/g)].map(([, id]) => id)
    const prefix = cell.slice(0, 4)
    expect(stated.filter((id) => id?.startsWith(prefix)).sort(), cell).toEqual(idsOf(cell).sort())
  }
})
