/** `npm start`: a credentials file goes into a vault, and the vault shows what it does. */

import { SAMPLE_PATH, readCredentialsFile } from './credentials-file.js'
import { choosePassphrase } from './passphrase-source.js'
import type { ChosenPassphrase } from './passphrase-source.js'
import { runQuickstart } from './quickstart.js'
import type { Report } from './report.js'
import { createReport, wantsColour } from './report.js'
import { describeProblem } from './store-entries.js'
import { USAGE, UsageError, parseArguments } from './usage.js'
import type { Arguments } from './usage.js'
import { chooseFolder, discardOnSignals } from './vault-folder.js'
import type { VaultFolder } from './vault-folder.js'

const EXIT_FAILED = 1
const EXIT_USAGE = 2
const EXIT_LEFT_OUT = 3

// There may be no reader any more (`npm start | head`), but there is a folder to be removed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(args)
    if (!parsed.wantsHelp) return await start(parsed)
    process.stdout.write(`${USAGE}\n`)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`)
      return EXIT_USAGE
    }
    process.stderr.write(`The quickstart failed: ${describe(error)}\n`)
    return EXIT_FAILED
  }
}

async function start({ envPath, location }: Arguments): Promise<number> {
  const envFile = await readCredentialsFile(envPath ?? SAMPLE_PATH)
  if (envFile.entries.length === 0) {
    const problems = envFile.problems.map((problem) => `\n  ${describeProblem(problem)}`)
    throw new UsageError(`${envPath ?? ''}: no NAME=value in it${problems.join('')}`)
  }
  const keyboard = { input: process.stdin, output: process.stdout }
  const passphrase = await choosePassphrase(process.env, keyboard)
  const folder = await chooseFolder(location)
  discardOnSignals(folder)
  const report = createReport(process.stdout, wantsColour(process.stdout, process.env))
  let leftOutCount: number
  try {
    showInput(report, envPath, folder, passphrase)
    leftOutCount = await runQuickstart(report, { envFile, location: folder.path, passphrase })
  } finally {
    folder.discard()
  }
  return showOutcome(report, folder, leftOutCount)
}

function showInput(
  report: Report,
  envPath: string | null,
  folder: VaultFolder,
  passphrase: ChosenPassphrase,
): void {
  const kept = folder.isKept ? 'stays there' : 'removed at the end; keep one with --location'
  const { text, isGenerated, origin } = passphrase
  report.title('stagevault quickstart')
  report.line()
  report.table([
    ['File', envPath ?? 'sample.env, made up; use your own: npm start -- path/to/.env'],
    ['Vault', folder.path],
    ['', kept],
    ['Passphrase', isGenerated ? `${text}  (${origin})` : origin],
  ])
}

function showOutcome(report: Report, folder: VaultFolder, leftOutCount: number): number {
  const { held, failed } = report.totals()
  report.section('Result')
  const verdict = `${held} of ${held + failed} checks passed`
  report.line(report.paint(failed === 0 ? 'good' : 'bad', verdict))
  report.line(
    folder.isKept
      ? `The vault is in ${folder.path}`
      : 'The temporary vault has been removed; your file is as it was.',
  )
  if (leftOutCount > 0) report.notice(`not stored, see section 1: ${leftOutCount}`)
  if (failed > 0) return EXIT_FAILED
  return leftOutCount > 0 ? EXIT_LEFT_OUT : 0
}

/** Code and message: neither ever holds a value, a key or a passphrase. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'for an unknown reason'
  const code = 'code' in error ? `${String(error.code)}: ` : ''
  return `${code}${error.message}`
}
