/**
 * The packages from their tarballs on every runtime that is supported: create, put, move a label,
 * change the passphrase, be killed while writing, open again, verify; by `import` and `require`.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PackedProject } from './packed-project.js'
import { installPacked } from './packed-project.js'
import type { InstalledRuntimes, Runtime, ScriptEnd } from './runtimes.js'
import { installRuntimes, RUNTIMES } from './runtimes.js'

let project: PackedProject
let runtimes: InstalledRuntimes

if (process.env['STAGEVAULT_RUNTIMES'] === 'all') {
  beforeAll(async () => {
    ;[project, runtimes] = await Promise.all([installPacked(), installRuntimes()])
  }, 300_000)

  afterAll(async () => {
    await Promise.all([project.remove(), runtimes.remove()])
  })

  describe.each(RUNTIMES)('$name $version', testRuntime)
} else {
  it('the packages run on Node, Bun and Deno', ({ skip }) => {
    skip('other runtimes: npm run test:runtimes downloads Node, Bun and Deno and runs them')
  })
}

function testRuntime(runtime: Runtime): void {
  it.each([
    ['import', 'change-vault.mjs'],
    ['require', 'change-vault.cjs'],
  ])('by %s: is killed, and finds everything that was acknowledged', async (form, script) => {
    const location = join(project.folder, `vault-${runtime.name}-${runtime.version}-${form}`)
    const changed = await runScript(runtime, script, location)
    expect(changed, changed.errors).toMatchObject({ isKilled: true })
    const last = Number(changed.output.trim().split('\n').at(-1))
    expect(last).toBeGreaterThanOrEqual(20)

    for (const check of ['check-vault.mjs', 'check-vault.cjs']) {
      const checked = await runScript(runtime, check, location)
      expect(checked.output, checked.errors).not.toBe('')
      const { counter, ...found } = JSON.parse(checked.output) as { readonly counter: number }
      expect(found, check).toEqual({
        refused: 'UNLOCK_FAILED',
        current: 'first',
        previous: 'second',
        isClean: true,
        secretCount: 2,
      })
      expect(counter, check).toBeGreaterThanOrEqual(last)
    }
  })
}

function runScript(runtime: Runtime, script: string, location: string): Promise<ScriptEnd> {
  return runtimes.runScript(runtime, project.folder, [script, location])
}
