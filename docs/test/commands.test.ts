import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ROOT, readPages, readText } from './support/pages.js'

const { scripts } = JSON.parse(readText('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>
}
const PACKAGES = [
  'stagevault',
  '@stagevault/core',
  '@stagevault/storage',
  '@stagevault/storage-level',
  '@stagevault/storage-idb',
]

/** The commands in the `sh` blocks of all pages, without comments. */
const commands = readPages().flatMap(({ path, blocks }) =>
  blocks
    .filter(({ info }) => /^(sh|bash|shell|console)$/.test(info[0] ?? ''))
    .flatMap(({ text, line }) =>
      text.split('\n').map((command, i) => ({
        place: `${path}:${line + i}`,
        command: command.replace(/(^|\s)#.*$/, '').trim(),
      })),
    )
    .filter(({ command }) => command !== ''),
)

function isKnown(line: string): boolean {
  return line.split(' && ').every(isKnownCommand)
}

function isKnownCommand(command: string): boolean {
  const [program, first = '', ...rest] = command.replace(/^[A-Z_]+=\S* /, '').split(/\s+/)
  if (program === 'node') return first.endsWith('.js') && existsSync(new URL(first, ROOT))
  if (program === 'npx') return existsSync(new URL(`node_modules/.bin/${first}`, ROOT))
  if (program !== 'npm') return false
  if (first === 'install') return rest.length > 0 && rest.every((name) => PACKAGES.includes(name))
  const script = first === 'run' ? rest[0] : first
  return script !== undefined && Object.hasOwn(scripts, script)
}

it('pages name commands that there are', () => {
  expect(commands.length).toBeGreaterThan(0)
  expect(commands.filter(({ command }) => !isKnown(command))).toEqual([])
})

it('every command of the runner is one of npm', () => {
  const runner = readText('.config/run.mjs')
  const table = /const COMMANDS = \{([^}]*)\}/.exec(runner)?.[1] ?? ''
  const names = Array.from(table.matchAll(/^ {2}'?([a-z-]+)'?: /gm), ([, name = '']) => name)
  expect(names).toContain('campaign')
  const started = Object.values(scripts).flatMap((script) =>
    script.startsWith('node .config/run.mjs ') ? [script.split(' ')[2]] : [],
  )
  expect(started.sort()).toEqual(names.sort())
})

it('others would be noticed', () => {
  const unknown = [
    'npm run none',
    'npm run campaign',
    'npm install left-pad',
    'pnpm bench',
    'curl x',
    'npm',
    'npx none',
    'node none.js',
    'npm test && curl x',
  ]
  for (const command of unknown) expect(isKnown(command), command).toBe(false)
})
