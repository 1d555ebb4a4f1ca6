/** Programs in one file, as esbuild makes them for Node. LevelDB is native and stays outside. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const PACKAGE = fileURLToPath(new URL('../', import.meta.url))
const LEVEL = join(PACKAGE, 'node_modules', 'level')

const PROGRAM = `
  import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
  const say = ({ code, message, cause }) => console.log(code, message, cause?.code)
  const done = async (storage) => { await storage.close(); console.log('open') }
  createLevelStorage({ location: process.argv[2] }).then(done, say)
    .then(() => openLevelStorage({ location: process.argv[2] })).then(done, say)
`

const MISSING =
  'STORAGE_DRIVER_MISSING LevelDB cannot be loaded: the package level or its binary for this machine is missing'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagevault-bundle-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

async function bundle(format: 'esm' | 'cjs', external: string[] = []): Promise<string> {
  const outfile = join(folder, format === 'esm' ? 'program.mjs' : 'program.cjs')
  const { warnings } = await build({
    stdin: { contents: PROGRAM, resolveDir: join(PACKAGE, 'test') },
    outfile,
    format,
    external,
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
  })
  expect(warnings.map(({ text }) => text).filter((text) => !text.includes('import.meta'))).toEqual(
    [],
  )
  return outfile
}

/** Makes a package one that the program finds. */
function install(name: string, target: string, place = folder): void {
  const path = join(place, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

function run(program: string, input = ''): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', program, join(folder, 'store')],
    // Package managers name folders there, in which everything would be found.
    { encoding: 'utf8', env: { ...process.env, NODE_PATH: '' }, input },
  )
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

describe.each(['esm', 'cjs'] as const)('a bundle in the format %s', (format) => {
  it('says that LevelDB is missing where it stands alone, and makes nothing', async () => {
    for (const line of run(await bundle(format))) expect(line.startsWith(MISSING), line).toBe(true)
    expect(existsSync(join(folder, 'store'))).toBe(false)
  })

  it('works with the adapter next to it, left out of the bundle', async () => {
    install('@stagevault/storage-level', PACKAGE)
    expect(run(await bundle(format, ['@stagevault/storage-level']))).toEqual(['open', 'open'])
  })
})

it('a bundle in the format esm works with level next to it', async () => {
  install('level', LEVEL)
  expect(run(await bundle('esm'))).toEqual(['open', 'open'])
  expect(readdirSync(join(folder, 'store'))).toContain('CURRENT')
})

const before = [
  ['read a pipe first', 'readFileSync(0)'],
  ['read a pipe first, and is itself gone', "process.execPath = '/gone/node'; readFileSync(0)"],
] as const

it.each(before)('a program that %s finds LevelDB through links', (_what, statements) => {
  // Under the folder of the package: Node stops at a link only on a way that it has been before.
  const near = mkdtempSync(join(PACKAGE, 'node_modules', '.after-pipe-'))
  try {
    install('@stagevault/storage-level', PACKAGE, near)
    const program = join(near, 'program.mjs')
    writeFileSync(
      program,
      `
      import { readFileSync } from 'node:fs'
      import { openLevelStorage } from '@stagevault/storage-level'
      ${statements}
      await openLevelStorage({ location: process.argv[2] }).catch(({ code }) => console.log(code))
    `,
    )
    expect(run(program, 'read from a pipe')).toEqual(['STORAGE_MISSING'])
  } finally {
    rmSync(near, { recursive: true })
  }
})
