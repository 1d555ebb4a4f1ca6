/** Vitest's pools that run each file in a VM context. `storage-level` tries Jest too. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))
const VITEST = join(
  createRequire(import.meta.url).resolve('vitest/package.json'),
  '..',
  'vitest.mjs',
)

it.each(['vmThreads', 'vmForks'])('a vault has the right codes with %s', (pool) => {
  const config = join('test', 'location', 'vm', 'vitest.config.mjs')
  const args = [VITEST, 'run', '--root', PACKAGE, '--config', config, '--pool', pool]
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: PACKAGE,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1' },
  })
  expect(status, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toContain('2 passed')
})
