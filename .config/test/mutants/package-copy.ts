/** Runs tests of the packages in a copy of them, of which one built file is changed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutant.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PACKAGES = ['core', 'storage', 'storage-level', 'storage-idb', 'browser-engines', 'vault']

export function builtFile({ package: name, file }: Pick<Mutant, 'package' | 'file'>): string {
  return join('packages', name, 'dist', file)
}

export const readBuilt = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8')

export interface PackageCopy {
  /** Tests that failed, by file; none: the mutant has survived. */
  kill(mutant: Mutant): Promise<readonly string[]>
  /** The same without a mutant. */
  run(tests: readonly string[]): Promise<readonly string[]>
  remove(): Promise<void>
}

export async function copyPackages(): Promise<PackageCopy> {
  const home = await mkdtemp(join(tmpdir(), 'stagevault-mutants-'))
  await mkdir(join(home, 'packages'))
  const folders = PACKAGES.map((name) => `packages/${name}`)
  for (const path of ['.config', 'docs', 'package.json', ...folders]) {
    // The links between the packages lead to copies too.
    await cp(join(ROOT, path), join(home, path), { recursive: true, verbatimSymlinks: true })
  }
  // That of the packages refers to it; it has nothing to say of what is built.
  await writeFile(join(home, 'tsconfig.json'), '{}')
  await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'))

  async function kill(mutant: Mutant): Promise<readonly string[]> {
    const path = join(home, builtFile(mutant))
    const built = await readFile(path, 'utf8')
    await writeFile(
      path,
      built.replace(mutant.from, () => mutant.to),
    )
    try {
      return await runTests(home, mutant.tests)
    } finally {
      await writeFile(path, built)
    }
  }

  return {
    kill,
    run: (tests) => runTests(home, tests),
    remove: () => rm(home, { recursive: true }),
  }
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[]
  }[]
}

async function runTests(home: string, tests: readonly string[]): Promise<readonly string[]> {
  const report = join(home, 'report.json')
  await rm(report, { force: true })
  const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1']
  const options = ['--config', '.config/vitest.config.ts', '--reporter=json']
  const child = spawn(
    process.execPath,
    [...vitest, ...options, `--outputFile=${report}`, '--testTimeout=60000', ...tests],
    { cwd: home, env: { ...process.env, STAGEVAULT_MUTANTS: '' }, stdio: 'ignore' },
  )
  await once(child, 'exit')
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as VitestReport
  const failed = testResults.filter(({ status }) => status === 'failed')
  const titles = failed.flatMap(({ name, assertionResults }) => {
    const own = assertionResults.filter((result) => result.status === 'failed')
    // The setup of a test may fail too: then the tests of its file are skipped.
    const isUnprepared = own.length === 0 && assertionResults.length > 0
    const failures = isUnprepared ? ['set-up'] : own.map(({ title }) => title)
    return failures.map((title) => `${basename(name)}: ${title}`)
  })
  // A copy that does not load proves nothing. After a failure vitest leaves out the other files.
  if (titles.length === 0 && (failed.length > 0 || testResults.length === 0)) {
    throw new Error('tests of the copy do not load')
  }
  return titles
}
