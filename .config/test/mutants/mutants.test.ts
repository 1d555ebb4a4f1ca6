/**
 * Whether tests of `npm test` notice defects. STAGEVAULT_MUTANTS=all makes each one and runs the
 * tests that have to notice; `core/` or `vault/caches` makes those of that package or folder, and a
 * part of a name those of that name.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MUTANTS } from './all-mutants.js'
import type { PackageCopy } from './package-copy.js'
import { builtFile, copyPackages, readBuilt } from './package-copy.js'

const ROWS = MUTANTS.map((mutant) => [mutant.name, mutant] as const)
const WANTED = process.env['STAGEVAULT_MUTANTS'] ?? ''
const MADE = ROWS.filter(
  ([name, { package: folder, file }]) =>
    WANTED === 'all' || (WANTED !== '' && `${folder}/${file} ${name}`.includes(WANTED)),
)

it.each(ROWS)('%s: the place of the defect is there, once', async (_name, mutant) => {
  const built = await readBuilt(builtFile(mutant))
  expect(built.split(mutant.from)).toHaveLength(2)
  expect(mutant.to).not.toBe(mutant.from)
})

it('no two defects have one name', () => {
  expect(new Set(ROWS.map(([name]) => name)).size).toBe(ROWS.length)
})

describe.runIf(MADE.length > 0)('a defect is noticed', () => {
  let copy: PackageCopy
  const killers: string[] = []

  beforeAll(async () => {
    copy = await copyPackages()
    const tests = new Set(MADE.flatMap(([, mutant]) => mutant.tests))
    expect(await copy.run([...tests])).toEqual([])
  }, 1_800_000)

  afterAll(async () => {
    await copy.remove()
    console.info(killers.join('\n'))
  })

  it.each(MADE)(
    '%s',
    async (name, mutant) => {
      const killedBy = await copy.kill(mutant)
      killers.push(`| ${name} | ${killedBy[0] ?? 'survived'} |`)
      expect(killedBy).not.toEqual([])
    },
    900_000,
  )
})
