/** When LevelDB's native module is loaded, and what happens where it cannot be. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const VAULT_PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** Prints whether LevelDB is loaded after each way to make a vault. */
const PROGRAM = `
  import { existsSync, mkdtempSync, rmSync } from 'node:fs'
  import { createRequire } from 'node:module'
  import { tmpdir } from 'node:os'
  import { join } from 'node:path'
  import { createMemoryStorage } from '@stagevault/storage/memory'
  import { createVault, generateKey, rawKey } from 'stagevault'

  const { cache } = createRequire(import.meta.url)
  const loaded = () => Object.keys(cache).some((path) => path.includes('classic-level'))
  const unlock = rawKey(generateKey())
  const vault = await createVault({ storage: createMemoryStorage(), unlock })
  await vault.close()
  console.log('storage:', loaded())
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-native-'))
  await createVault({ location: join(folder, 'vault'), unlock })
    .then((vault) => vault.close(), ({ code, cause }) => {
      console.log(code, existsSync(join(folder, 'vault')), cause.message.split('\\n')[0])
    })
  rmSync(folder, { recursive: true })
  console.log('location:', loaded())
`

/** Where LevelDB looks for a binary of another machine, and finds none. */
const OTHER_MACHINE = { npm_config_arch: 'another' }

function run(env: NodeJS.ProcessEnv = {}): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM],
    { cwd: VAULT_PACKAGE, encoding: 'utf8', env: { ...process.env, ...env } },
  )
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

it('it is loaded by the first vault that has a location', () => {
  expect(run()).toEqual(['storage: false', 'location: true'])
})

it('where it cannot be loaded, a vault with a storage works and a location is refused', () => {
  const [storage, refusal, location] = run(OTHER_MACHINE)
  expect([storage, location]).toEqual(['storage: false', 'location: true'])
  expect(refusal).toMatch(/^STORAGE_DRIVER_MISSING false No native build was found .*arch=another/)
})
