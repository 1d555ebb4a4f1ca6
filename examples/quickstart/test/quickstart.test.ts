import { generateKeyPairSync } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLevelStorage } from '@stagevault/storage-level'
import { SAMPLE_PATH, readCredentialsFile } from '@stagevault/quickstart/credentials-file'
import { openVault, passphrase } from 'stagevault'
import { HOSTILE_ENTRIES, HOSTILE_LINES, PROBLEM_LINES } from './hostile-env.js'
import { runQuickstartProcess, type Outcome } from './quickstart-process.js'

let folder: string
/** Where the quickstart makes its temporary folders. */
let temporary: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quickstart-test-'))
  temporary = join(folder, 'temporary')
  mkdirSync(temporary)
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  watch?: Parameters<typeof runQuickstartProcess>[2],
): Promise<Outcome> {
  return runQuickstartProcess(args, { TMPDIR: temporary, TEMP: temporary, ...env }, watch)
}

/** Sections and outcomes that every run ends with. */
function expectWholeStory({ output, errors }: Outcome): void {
  expect(errors).toBe('')
  expect(output).not.toContain('✗')
  for (const outcome of [
    'MyApp gets what was stored',
    'ACSPrevious is the value before',
    'a ninth is refused: STAGE_LABEL_LIMIT',
    'v3 is gone: VERSION_NOT_FOUND',
    'the failed one is ACSPrevious, not lost',
    'a wrong passphrase is refused: UNLOCK_FAILED',
    'all as written',
    'nor does the passphrase',
  ])
    expect(output).toMatch(new RegExp(`✓ .*${outcome}`))
  expect(output).toMatch(/^ {2}(\d+) of \1 checks passed$/m)
}

function expectNoColours({ output }: Outcome): void {
  expect(output).not.toContain('\u001B')
}

describe('with the sample', () => {
  let outcome: Outcome

  beforeAll(async () => {
    outcome = await run([])
  })

  it('tells the whole story and ends well', () => {
    expectWholeStory(outcome)
    expect(outcome.code).toBe(0)
    expect(outcome.output).toContain('✓ 8 stored and read back')
    expect(outcome.output).toMatch(/✓ none of 17 values lies there in the clear/)
    expect(outcome.output).toContain('! 2 too short to search for')
  })

  it('shows the versions side by side with their labels', () => {
    const picture = [
      'v1 ───  v2 ──  v4 ─  v5 ─  v6 ─  v7 ─  v8 ─  v9 ─  v10 ──────  v11 ───────',
      'blue    audit  ·     ·     ·     ·     ·     ·     ACSCurrent  ACSPrevious',
      'canary  eu',
      'green   us',
    ]
      .map((line) => `    ${line}\n`)
      .join('')
    expect(outcome.output).toContain(picture)
  })

  it('prints no value, but the passphrase that it made up', async () => {
    const { entries } = await readCredentialsFile(SAMPLE_PATH)
    expect(entries).toHaveLength(8)
    for (const { name, value } of entries) expect(outcome.output, name).not.toContain(value)
    expect(outcome.output).toMatch(/Passphrase {3}([a-z2-9]{4}-){4}[a-z2-9]{4} {2}\(made up/)
    expectNoColours(outcome)
  })

  it('removes its temporary folder', () => {
    const location = /Vault +(\S+)/.exec(outcome.output)?.[1] ?? ''
    expect(location).toContain('stagevault-quickstart-')
    expect(existsSync(location)).toBe(false)
  })
})

describe('interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s: removes its temporary folder', async (signal) => {
    let location = ''
    const { code } = await run([], {}, (output, child) => {
      if (location !== '' || !output.includes('stored and read back')) return
      location = /Vault +(\S+)/.exec(output)?.[1] ?? ''
      expect(existsSync(location)).toBe(true)
      child.kill(signal)
    })
    expect(code).toBe(128 + constants.signals[signal])
    expect(location).toContain('stagevault-quickstart-')
    expect(existsSync(location)).toBe(false)
  })
})

describe('with a hostile file', () => {
  let outcome: Outcome
  let location: string
  const typed = 'not-for-the-screen-8c1d'

  beforeAll(async () => {
    const path = join(folder, 'hostile.env')
    writeFileSync(
      path,
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(HOSTILE_LINES.join('\r\n'))]),
    )
    location = join(folder, 'kept', 'vault')
    outcome = await run([path, '--location', location], {
      STAGEVAULT_PASSPHRASE: typed,
    })
  })

  it('tells the whole story, and its exit code says that something was left out', () => {
    expectWholeStory(outcome)
    expect(outcome.code).toBe(3)
    expect(outcome.output).toContain(`! not stored, see section 1: ${PROBLEM_LINES.length}`)
    expect(outcome.output).toContain(`✓ ${Object.keys(HOSTILE_ENTRIES).length} stored`)
  })

  it('reports every line that it did not store', () => {
    const reported = [...outcome.output.matchAll(/! line (\d+) not stored: (.+)/g)].map(
      ([, line, message]) => [Number(line), message],
    )
    expect(reported).toEqual(PROBLEM_LINES)
  })

  it('prints neither values nor what stands in refused lines', () => {
    for (const [name, value] of Object.entries(HOSTILE_ENTRIES)) {
      if (value !== name) expect(outcome.output, name).not.toContain(value)
    }
    for (const leak of ['hunter2', 'leaked', 'MIIEvQIBADAN', typed]) {
      expect(outcome.output.toLowerCase()).not.toContain(leak.toLowerCase())
    }
    expectNoColours(outcome)
  })

  it('takes another name for its own secret where that is taken', () => {
    expect(outcome.output).toContain('2  One secret through its versions: MyDbCreds-2')
  })

  it('keeps the vault where it was told to, open to the passphrase', async () => {
    const storage = await openLevelStorage({ location })
    const vault = await openVault({ storage, unlock: passphrase(typed) })
    for (const [secretName, value] of Object.entries(HOSTILE_ENTRIES)) {
      expect((await vault.getSecretValue({ secretName })).secretData).toBe(value)
    }
    await vault.close()
    await storage.close()
  })

  it('does not use the folder twice', async () => {
    const again = await run(['--location', location])
    expect(again.code).toBe(2)
    expect(again.errors).toContain('is not empty')
  })
})

describe('with a key that is quoted in a way that is not read', () => {
  it.each([
    ['passes over it', (key: string) => `K="${key}",`, 3],
    ['reads nothing from it on', (key: string) => `K="${key}" so`, 1],
  ])('%s', async (what, quoting, storedCount) => {
    const { privateKey: key } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'sec1', format: 'pem' },
    })
    const path = join(folder, `${what}.env`)
    writeFileSync(
      path,
      `A=stored-before\nABOVE=taken-back-at-an-end\n${quoting(key.trim())}\nB=stored-behind\n`,
    )
    const location = join(folder, what)
    const { code, output, errors } = await run([path, '--location', location])
    expect(code).toBe(3)
    expect(errors).toBe('')
    expect(output).toContain(`✓ ${storedCount} stored and read back`)
    expect(output).toMatch(/! line 3 not stored: something stands behind the closing quote/)
    const kept = readdirSync(location).map((name) => readFileSync(join(location, name), 'latin1'))
    const clear = [output, ...kept].join('\n')
    expect(clear).toContain('MyDbCreds')
    for (const line of key
      .trim()
      .split('\n')
      .filter((each) => !each.includes('-----'))) {
      expect(clear).not.toContain(line.replace(/=+$/, ''))
    }
  })
})

describe('with what is no credentials file', () => {
  const cases: readonly [what: string, args: (path: string) => string[], message: RegExp][] = [
    ['a file that is not there', (path) => [path], /^cannot read .+ \(ENOENT\)$/m],
    [
      'a folder',
      (path) => {
        mkdirSync(path)
        return [path]
      },
      /^cannot read .+ \(EISDIR\)$/m,
    ],
    [
      'UTF-16',
      (path) => {
        writeFileSync(path, '\uFEFFA=b', 'utf16le')
        return [path]
      },
      /is not UTF-8 text/,
    ],
    [
      'more than a megabyte',
      (path) => {
        writeFileSync(path, 'A=b\n'.repeat(3e5))
        return [path]
      },
      /has more than 1048576 bytes/,
    ],
    [
      'nothing but comments',
      (path) => {
        writeFileSync(path, '# A=b\n')
        return [path]
      },
      /no NAME=value in it/,
    ],
    [
      'names that no variable may have',
      (path) => {
        writeFileSync(path, 'ä=b\n')
        return [path]
      },
      /no NAME=value in it\n {2}line 1 not stored: no name that a variable may have$/m,
    ],
    [
      'a name that no secret may have',
      (path) => {
        writeFileSync(path, `${'N'.repeat(193)}=b\n`)
        return [path]
      },
      /^nothing in the file can be stored$/m,
    ],
    ['two files', (path) => [path, path], /one credentials file at a time/],
    ['an unknown option', () => ['--kepe'], /--kepe/],
  ]

  it.each(cases)('%s: says so and ends with 2', async (what, args, message) => {
    const { code, errors } = await run(args(join(folder, what.replaceAll(' ', '-'))))
    expect(errors).toMatch(message)
    expect(errors).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
  })

  it('no temporary folder is left of any of them', () => {
    expect(readdirSync(temporary)).toEqual([])
  })
})

it('--help says how it is called', async () => {
  const { code, output } = await run(['--help'])
  expect(output).toContain('npm start -- [credentials file] [--location folder]')
  expect(code).toBe(0)
})
