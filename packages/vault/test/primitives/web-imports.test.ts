/** What a browser loads must need nothing of Node. */
import { readFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const PLATFORM = new URL('../../dist/platform/', import.meta.url)

interface Graph {
  /** Every file that is loaded. */
  readonly files: readonly string[]
  /** Every module of Node that one of them imports. */
  readonly builtins: readonly string[]
}

function importGraph(entry: string): Graph {
  const files = new Set<string>()
  const builtins = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    const { resolve } = createRequire(file)
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (fileName.startsWith('node:') || builtinModules.includes(fileName)) builtins.add(fileName)
      else visit(resolve(fileName))
    }
  }
  visit(fileURLToPath(new URL(entry, PLATFORM)))
  return { files: [...files], builtins: [...builtins] }
}

it('the web platform and all below it import no module of Node', () => {
  const { files, builtins } = importGraph('web-platform.js')
  expect(builtins).toEqual([])
  const ends = ['core/dist/crypto/noble-primitives.js', 'ciphers/chacha.js', 'hashes/scrypt.js']
  for (const end of ends) {
    expect(
      files.some((file) => file.endsWith(end)),
      end,
    ).toBe(true)
  }
})

it('the web storage and all below it import no module of Node', () => {
  const { files, builtins } = importGraph('web-storage.js')
  expect(builtins).toEqual([])
  for (const end of ['storage-idb/dist/idb-storage.js', 'storage/dist/storage-error.js']) {
    expect(
      files.some((file) => file.endsWith(end)),
      end,
    ).toBe(true)
  }
})

it('the same look at the Node platform finds what it imports', () => {
  expect(importGraph('node-platform.js').builtins).toEqual([
    'node:buffer',
    'node:crypto',
    'node:timers',
  ])
})
