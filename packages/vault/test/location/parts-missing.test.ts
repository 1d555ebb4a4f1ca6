/** Parts that are imported on demand, and cannot be the first time: a page was replaced, say. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const VAULT_PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

const PROGRAM = `
  import { mkdtempSync, rmSync } from 'node:fs'
  import { tmpdir } from 'node:os'
  import { join } from 'node:path'
  import { createVault, generateKey, openVault, rawKey } from 'stagevault'

  const folder = mkdtempSync(join(tmpdir(), 'stagevault-parts-'))
  const options = { location: join(folder, 'vault'), unlock: rawKey(generateKey()) }
  const say = ({ code, cause }) => console.log(code, cause.message)
  await createVault(options).catch(say)
  await openVault(options).catch(({ code }) => console.log(code))
  const vault = await createVault(options)
  await vault.createSecret({ secretName: 'S', secretData: 'one' })
  await vault.verify().catch(say)
  console.log((await vault.verify()).isClean)
  await vault.close()
  rmSync(folder, { recursive: true })
`

/** Makes the first import of each part fail. */
const FAIL_ONCE = `
  import { register } from 'node:module'
  register('data:text/javascript,' + encodeURIComponent(\`
    const parts = new Set(['./start-vault.js', './verify/verify.js'])
    export async function resolve(specifier, context, next) {
      if (!parts.delete(specifier)) return next(specifier, context)
      throw new Error('not found: ' + specifier)
    }\`))
`

it('what needs them rejects with nothing changed, and can be repeated', () => {
  const hook = `data:text/javascript,${encodeURIComponent(FAIL_ONCE)}`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', hook, '--input-type=module', '--eval', PROGRAM],
    { cwd: VAULT_PACKAGE, encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual([
    'MODULE_UNAVAILABLE not found: ./start-vault.js',
    'VAULT_MISSING',
    'MODULE_UNAVAILABLE not found: ./verify/verify.js',
    'true',
  ])
})
