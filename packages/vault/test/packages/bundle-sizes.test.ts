/** How much a page loads, and that the README says so. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { measureBundles } from './bundle-sizes.js'
import type { PackedProject } from './packed-project.js'
import { installPacked } from './packed-project.js'

/** 30 KB, for what a page has to load before it can open a vault. */
const START_BYTES_MAX = 30_720

/** A tenth of a KB, to which the README rounds. */
const ROUNDING_BYTES = 103

let project: PackedProject
let sizes: ReadonlyMap<string, number>

beforeAll(async () => {
  project = await installPacked()
  sizes = await measureBundles(project)
})

afterAll(async () => {
  await project.remove()
})

it(`a page starts with at most ${START_BYTES_MAX} bytes`, () => {
  const start = sizes.get('vault, core, IndexedDB, ChaCha20-Poly1305')
  expect(start).toBeGreaterThan(0)
  expect(start).toBeLessThanOrEqual(START_BYTES_MAX)
})

it('the README names every part with its size, give or take one hundredth', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
  const rows = readme.matchAll(/^\| ([^|]+) \| [^|]+ \| ([\d.]+) KB \|$/gm)
  const said = new Map(Array.from(rows, ([, part = '', size = '']) => [part, Number(size) * 1_024]))
  expect([...said.keys()]).toEqual([...sizes.keys()])
  const wrong = [...sizes].filter(
    ([part, size]) => Math.abs((said.get(part) ?? 0) - size) > Math.max(size / 100, ROUNDING_BYTES),
  )
  expect(wrong.map(([part, size]) => `${part}: ${(size / 1_024).toFixed(1)} KB`)).toEqual([])
})
