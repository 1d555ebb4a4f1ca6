/** When LevelDB's native module is loaded, and what happens where it cannot be. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const VAULT_PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** Prints whether LevelDB is loaded after each way to make a vault. */
const PROGRAM = `
  import { mkdtempSync, rmSync } from 'node:fs'
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
    .then((vault) => vault.close(), ({ code, cause }) => console.log(code, cause.message))
  rmSync(folder, { recursive: true })
  console.log('location:', loaded())
`

/** Makes the import of LevelDB fail, as it does where there is no binary for the machine. */
const WITHOUT_LEVEL = `
  import { register } from 'node:module'
  register('data:text/javascript,' + encodeURIComponent(\`
    export async function resolve(specifier, context, next) {
      if (specifier === 'level') throw new Error('no binary fits')
      return next(specifier, context)
    }\`))
`

function run(...args: readonly string[]): string[] {
  const options = { cwd: VAULT_PACKAGE, encoding: 'utf8' } as const
  const { stdout, stderr } = spawnSync(
    process.execPath, [...args, '--input-type=module', '--eval', PROGRAM], options,
  )
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

it('it is loaded by the first vault that has a location', () => {
  expect(run()).toEqual(['storage: false', 'location: true'])
})

it('where it cannot be loaded, a vault with a storage works and a location is refused', () => {
  const hook = `data:text/javascript,${encodeURIComponent(WITHOUT_LEVEL)}`
  expect(run('--import', hook)).toEqual([
    'storage: false', 'STORAGE_UNAVAILABLE no binary fits', 'location: false',
  ])
})
