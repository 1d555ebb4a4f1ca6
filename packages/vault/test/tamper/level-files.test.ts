/**
 * Bits flipped in the files of LevelDB, below everything that a vault authenticates. After that,
 * no answer is wrong: an error, the end of the process, or each secret as it is, or as it
 * was at one time.
 */

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Interface } from 'node:readline'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { isWholeDamage } from '../support/sampled-damage.js'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
/** One bit of so many bytes, at another place in each of them; a campaign flips more. */
const STRIDE_BYTES = isWholeDamage ? 11 : 37

/** What is said of each secret. */
type Secrets = Readonly<Record<string, string>>

/** What a program says of a vault: all its answers, or an error; nothing where it was ended. */
type Told = { readonly secrets: Secrets } | { readonly code: string; readonly text: string } | null

interface Reader {
  readonly read: (location: string) => Promise<Told>
  readonly end: () => void
}

/** Reads vaults in a process of its own, and in another one when that was ended. */
function createReader(): Reader {
  const program = fileURLToPath(new URL('children/read-damaged.mjs', import.meta.url))
  const key = Buffer.from(TEST_KEY).toString('hex')
  let running: { readonly child: ChildProcess; readonly lines: Interface } | null = null

  function start(): NonNullable<typeof running> {
    const child = spawn(process.execPath, [program, key], { stdio: ['pipe', 'pipe', 'ignore'] })
    child.once('exit', () => {
      running = null
    })
    return { child, lines: createInterface({ input: child.stdout }) }
  }

  return {
    read: (location) =>
      new Promise((resolve) => {
        running ??= start()
        const { child, lines } = running
        const gone = (): void => {
          resolve(null)
        }
        child.once('exit', gone)
        lines.once('line', (line) => {
          child.off('exit', gone)
          resolve(JSON.parse(line) as Told)
        })
        child.stdin?.write(`${location}\n`)
      }),
    end: () => {
      running?.child.kill()
    },
  }
}

let root: string
let original: string
/** What the vault said after each of its changes, the last one last. */
const states: Secrets[] = [{}]
const reader = createReader()

async function secretsIn(location: string): Promise<Secrets> {
  const told = await reader.read(location)
  if (told !== null && 'secrets' in told) return told.secrets
  throw new Error(`the vault cannot be read: ${JSON.stringify(told)}`)
}

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
  await (await createVault({ location: original, unlock })).close()
  for (const change of changes) {
    // Opened again, LevelDB makes a table of its log: the last change also has a log.
    const vault = await openVault({ location: original, unlock })
    await change(vault)
    await vault.close()
    // A copy, because reading opens the files too.
    const copy = join(root, 'copy')
    await cp(original, copy, { recursive: true })
    states.push(await secretsIn(copy))
    await rm(copy, { recursive: true })
  }
})

afterAll(async () => {
  reader.end()
  await rm(root, { recursive: true })
})

type Outcome = 'as it is' | 'as it was' | 'mixed' | 'refused' | 'ended'

async function outcomeOf(file: string, place: number, bit: number): Promise<Outcome> {
  const location = join(root, 'damaged')
  await cp(original, location, { recursive: true })
  const bytes = await readFile(join(location, file))
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
  await writeFile(join(location, file), bytes)
  const told = await reader.read(location)
  await rm(location, { recursive: true })
  if (told === null) return 'ended'
  if ('code' in told) {
    expect(told.code, told.text).toMatch(/^[A-Z]+(_[A-Z]+)+$/)
    return 'refused'
  }
  const where = `${file}, byte ${place}, bit ${bit}: ${JSON.stringify(told.secrets)}`
  const state = states.findLastIndex((each) => isDeepStrictEqual(each, told.secrets))
  if (state === states.length - 1) return 'as it is'
  if (state >= 0) return 'as it was'
  // Some secrets as they are and others as they were: never one that is as it never was.
  for (const name of new Set(states.flatMap((each) => Object.keys(each)))) {
    expect(
      states.map((each) => each[name]),
      where,
    ).toContain(told.secrets[name])
  }
  return 'mixed'
}

it('F6: no flipped bit of a LevelDB folder gives a wrong answer', async () => {
  const counts = new Map<string, Record<Outcome, number>>()
  for (const file of (await readdir(original)).sort()) {
    const { length } = await readFile(join(original, file))
    const kind = file.replace(/^\d+|-\d+$/, '')
    const tally = counts.get(kind) ?? {
      'as it is': 0,
      'as it was': 0,
      mixed: 0,
      refused: 0,
      ended: 0,
    }
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
  expect([...counts.keys()]).toEqual(
    expect.arrayContaining(['.ldb', '.log', 'CURRENT', 'MANIFEST']),
  )
})
