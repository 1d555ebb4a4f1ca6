import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/**
 * Runs the built quickstart as `npm start` does, with no person at the keyboard. `watch` is called
 * with all that was printed so far.
 */
export function runQuickstartProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  watch: (output: string, child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  const { STAGEVAULT_PASSPHRASE: _ours, NO_COLOR: _none, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    watch(output, child)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, output, errors })
    })
  })
}
