import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { GOLDEN_FOLDER, writeVectors } from '../../tools/write-vectors.js'
import { VECTOR_FILES } from '../../tools/vector-files.js'
import { readFormatFile } from '../support/format-files.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vectors-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

it('writes what is missing and leaves alone what is there, unless it is told otherwise', async () => {
  const files = {
    'contexts.json': VECTOR_FILES['contexts.json'] ?? expect.fail(),
    'other.json': () => Promise.resolve({ format: 1, about: 'another file', cases: [] }),
  }
  const changed = join(folder, 'contexts.json')
  writeFileSync(changed, 'mine')

  const first = await writeVectors(folder, false, files)
  expect(first).toEqual({ written: ['other.json', GOLDEN_FOLDER], refused: ['contexts.json'] })
  expect(readFileSync(changed, 'utf8')).toBe('mine')

  const second = await writeVectors(folder, true, files)
  expect(second).toEqual({ written: ['contexts.json', GOLDEN_FOLDER], refused: [] })
  expect(readFileSync(changed, 'utf8')).toBe(readFormatFile('vectors/contexts.json'))
})
