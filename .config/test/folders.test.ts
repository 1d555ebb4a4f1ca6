/** CONTRIBUTING.md lists the folders of a package in the order in which they import one another. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FOLDERS } from './layering.js'

const ROOT = new URL('../../', import.meta.url)

interface FolderRow {
  readonly name: string
  readonly isReserved: boolean
}

/** The table below the sentence that names the folder. */
function readTable(folder: string): FolderRow[] {
  const page = readFileSync(new URL('CONTRIBUTING.md', ROOT), 'utf8')
  const [, after = ''] = page.split(`\n\`${folder}\` has `)
  const [table = ''] = /(?:^\|.*\n)+/m.exec(after) ?? []
  return [...table.matchAll(/^\| `([a-z]+)\/` \| (.*) \|$/gm)].map(([, name = '', text = '']) => ({
    name,
    isReserved: text.startsWith('*Reserved:*'),
  }))
}

function readFolders(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

describe.each([...FOLDERS.keys()])('the table of %s', (name) => {
  const folder = `packages/${name}/src`
  const rows = readTable(folder)

  it('has the order that the layering test checks', () => {
    const order = FOLDERS.get(name)?.filter((entry) => /^[a-z]+$/.test(entry))
    expect(rows.map((row) => row.name)).toEqual(order)
  })

  it('names as reserved only folders that do not exist', () => {
    const existing = rows.filter(({ isReserved }) => !isReserved).map((row) => row.name)
    expect(existing.sort()).toEqual(readFolders(folder).sort())
  })
})

it('packages of which no order is listed have no folders that could import one another', () => {
  expect(readFolders('packages/storage-idb/src')).toEqual([])
  expect(readFolders('packages/storage-level/src')).toEqual([])
  expect(readFolders('packages/storage/src')).toEqual(['conformance'])
})
