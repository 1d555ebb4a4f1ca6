/**
 * Bits flipped in the files of LevelDB, below everything that a vault authenticates. Whatever comes
 * of it, no answer is wrong: an error, or the vault as it is, or as it was at one time.
 */

import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
/** One bit of so many bytes, at another place in each of them. */
const STRIDE_BYTES = 11

/** Everything that a vault says, and `verify` of it. */
async function everythingIn(vault: Vault): Promise<string> {
  const answers: unknown[] = []
  for await (const { secretName, description } of vault.iterateSecrets()) {
    answers.push([secretName, description])
    const request = { secretName, includeDeprecated: true }
    for await (const { versionId, versionStages } of vault.iterateSecretVersionIds(request)) {
      const { secretData } = await vault.getSecretValue({ secretName, versionId })
      answers.push([versionId, versionStages, secretData])
    }
  }
  return JSON.stringify(answers)
}

let root: string
let original: string
/** What the vault said after each of its changes, the last one last. */
const states: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stagevault-files-'))
  original = join(root, 'original')
  const changes: ((vault: Vault) => Promise<unknown>)[] = [
    (vault) => vault.createSecret({ secretName: 'a', secretData: 'first' }),
    (vault) => vault.createSecret({ secretName: 'b', secretData: 'other', description: 'B' }),
    (vault) => vault.putSecretValue({ secretName: 'a', secretData: 'second' }),
    (vault) => vault.putSecretValue({ secretName: 'a', secretData: 'third' }),
    (vault) => vault.updateSecret({ secretName: 'b', description: 'Bee' }),
  ]
  let vault = await createVault({ location: original, unlock })
  states.push(await everythingIn(vault))
  for (const [i, change] of changes.entries()) {
    await change(vault)
    states.push(await everythingIn(vault))
    // Opened again, LevelDB makes a table of its log: there are both when this is over.
    if (i === 2) {
      await vault.close()
      vault = await openVault({ location: original, unlock })
    }
  }
  await vault.close()
})

afterAll(() => rm(root, { recursive: true }))

type Outcome = 'as it is' | 'as it was' | 'refused'

async function outcomeOf(file: string, place: number, bit: number): Promise<Outcome> {
  const location = join(root, 'damaged')
  await cp(original, location, { recursive: true })
  const bytes = await readFile(join(location, file))
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
  await writeFile(join(location, file), bytes)
  try {
    const vault = await openVault({ location, unlock })
    try {
      const state = states.lastIndexOf(await everythingIn(vault))
      expect(state, `${file}, byte ${place}, bit ${bit}`).toBeGreaterThanOrEqual(0)
      return state === states.length - 1 ? 'as it is' : 'as it was'
    } finally {
      await vault.close()
    }
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    // Anything else is a defect: the failure of an expectation above among it.
    if (typeof code !== 'string' || !/^[A-Z]+(_[A-Z]+)+$/.test(code)) throw error
    return 'refused'
  } finally {
    await rm(location, { recursive: true })
  }
}

it('F6: no flipped bit of a LevelDB folder gives a wrong answer', async () => {
  const counts = new Map<string, Record<Outcome, number>>()
  for (const file of (await readdir(original)).sort()) {
    const { length } = await readFile(join(original, file))
    const kind = file.replace(/^\d+|-\d+$/, '')
    const tally = counts.get(kind) ?? { 'as it is': 0, 'as it was': 0, refused: 0 }
    counts.set(kind, tally)
    for (let place = 0; place < length; place += STRIDE_BYTES) {
      tally[await outcomeOf(file, place, (place / STRIDE_BYTES) % 8)] += 1
    }
  }
  console.log(Object.fromEntries(counts))
  // What the pages say: a log mostly loses its end without a sign, a table mostly does not.
  const log = counts.get('.log')
  expect(log?.['as it was']).toBeGreaterThan(0)
  expect(counts.get('.ldb')?.refused).toBeGreaterThan(0)
  expect([...counts.keys()]).toEqual(expect.arrayContaining(['.ldb', '.log', 'CURRENT', 'MANIFEST']))
})
