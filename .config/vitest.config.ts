import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { closingLine } from './closing-line.js'
import { LongFirst } from './long-first.js'

// Tool configuration has to be a default export; the packages have none.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'docs/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      '.config/test/**/*.test.ts',
    ],
    // Processes, not threads: LevelDB is native, and several tests end or replace a process.
    pool: 'forks',
    // One more than the cores of a small machine: tests of browsers and disks often wait.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', closingLine(process.env['TEST_TOTALS_FILE'])],
    // What is tested is what is published: Node loads the built packages by its own rules.
    server: { deps: { external: [/\/dist\//] } },
  },
})
