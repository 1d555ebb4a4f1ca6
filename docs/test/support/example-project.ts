import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import type { ExampleProgram } from './example-programs.js'
import { ROOT } from './pages.js'

/** Below `docs/node_modules`, so that imports resolve as they do for users, to built packages. */
const PROJECTS = fileURLToPath(new URL('docs/node_modules/.cache/', ROOT))

/** Programs written to disk, each as TypeScript and as what Node runs. */
export interface ExampleProject {
  /** What the compiler says about them, by page and line. */
  compile(): readonly string[]
  run(program: ExampleProgram): Promise<ExampleRun>
  /** Imports a module that a page defines. */
  load(program: ExampleProgram): Promise<unknown>
  remove(): void
}

export interface ExampleRun {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

export function writeProject(programs: readonly ExampleProgram[]): ExampleProject {
  mkdirSync(PROJECTS, { recursive: true })
  const folder = mkdtempSync(join(PROJECTS, 'examples-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const { file, source } of programs) {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, source)
    writeFileSync(builtPath(path), transpile(source))
  }
  return {
    compile: () => [
      ...compileProgram(
        folder,
        programs.filter((each) => !each.isForElectron),
        compilerOptions,
      ),
      ...compileProgram(
        folder,
        programs.filter((each) => each.isForElectron),
        electronOptions,
      ),
    ],
    run: ({ file }) => runProgram(builtPath(join(folder, file))),
    load: ({ file }) => import(pathToFileURL(builtPath(join(folder, file))).href),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

function transpile(source: string): string {
  // Transpiling sees no package.json that says what module this is, so it is told.
  const options = { ...compilerOptions, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(source, { compilerOptions: options }).outputText
}

function builtPath(path: string): string {
  return path.replace(/\.ts$/, '.js')
}

/** As strict as the packages are; only what is a matter of style is left to readers. */
const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('node_modules/@types', ROOT))],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
}

/** Of its own, because Electron's types change what Node's say. */
const electronOptions: ts.CompilerOptions = {
  ...compilerOptions,
  paths: {
    electron: [
      fileURLToPath(new URL('examples/electron/node_modules/electron/electron.d.ts', ROOT)),
    ],
  },
}

function compileProgram(
  folder: string,
  programs: readonly ExampleProgram[],
  options: ts.CompilerOptions,
): string[] {
  const pages = new Map(programs.map(({ file, page }) => [join(folder, file), page]))
  const project = ts.createProgram([...pages.keys()], options)
  return ts.getPreEmitDiagnostics(project).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (file === undefined || start === undefined) return message
    const { line } = file.getLineAndCharacterOfPosition(start)
    return `${pages.get(file.fileName) ?? file.fileName}:${line + 1} ${message}`
  })
}

/** Runs in a folder of its own, which is where relative paths of an example lead. */
function runProgram(path: string): Promise<ExampleRun> {
  const cwd = mkdtempSync(join(tmpdir(), 'stagevault-example-'))
  const env = { ...process.env, VAULT_PASSPHRASE: 'a passphrase for examples' }
  const child = spawn(process.execPath, [path], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      rmSync(cwd, { recursive: true })
      resolve({ code, output, errors })
    })
  })
}
