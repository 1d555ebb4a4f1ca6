/**
 * Whether the tests of the committer notice defects. STAGEVAULT_MUTANTS=1 runs them against each
 * one, which takes some minutes.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PackageCopy } from './mutants.js'
import { DIST, MUTANTS, copyPackage } from './mutants.js'

const ROWS = MUTANTS.map((mutant) => [mutant.name, mutant] as const)

it.each(ROWS)('%s: the place of the defect is there, once', async (_name, { file, from, to }) => {
  const built = await readFile(join(DIST, file), 'utf8')
  expect(built.split(from)).toHaveLength(2)
  expect(to).not.toBe(from)
})

describe.runIf(process.env['STAGEVAULT_MUTANTS'] === '1')('a defect is noticed', () => {
  let copy: PackageCopy
  const killers: string[] = []

  beforeAll(async () => {
    copy = await copyPackage()
    const unharmed = { name: 'none', file: MUTANTS[0]?.file ?? '', from: '', to: '' }
    expect(await copy.run(unharmed)).toEqual({ killedBy: [] })
  }, 600_000)

  afterAll(async () => {
    await copy.remove()
    console.info(killers.join('\n'))
  })

  it.each(ROWS)(
    '%s',
    async (name, mutant) => {
      const { killedBy } = await copy.run(mutant)
      killers.push(`${name}: ${killedBy[0] ?? 'survived'}`)
      expect(killedBy).not.toEqual([])
    },
    900_000,
  )
})
