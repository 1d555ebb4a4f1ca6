/** Parts that are imported on demand: that one is missing, and that no more files may be opened. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadPart } from '../../dist/platform/platform.js'

const VAULT_PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** Takes all descriptors but so many, and gives them back after the first try. */
const PROGRAM = `
  import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
  import { tmpdir } from 'node:os'
  import { join } from 'node:path'
  import { createMemoryStorage } from '@stagevault/storage/memory'
  import { createVault, generateKey, rawKey } from 'stagevault'

  const spare = Number(process.env.SPARE_DESCRIPTORS)
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-parts-'))
  const unlock = rawKey(generateKey())
  const location = join(folder, 'vault')
  const held = []
  const take = () => { try { for (;;) held.push(openSync('/dev/null')) } catch {} }
  const give = (count) => { for (const each of held.splice(0, count)) closeSync(each) }

  take()
  const vault = await createVault({ storage: createMemoryStorage(), unlock })
  await vault.createSecret({ secretName: 'S', secretData: 'one' })
  console.log((await vault.verify()).isClean)
  await vault.close()
  give(spare)
  const first = await createVault({ location, unlock }).catch(({ code }) => code)
  console.log(typeof first === 'string' ? first : 'created')
  give(held.length)
  const own = typeof first === 'string' ? await createVault({ location, unlock }) : first
  await own.createSecret({ secretName: 'S', secretData: 'one' })
  console.log((await own.verify()).isClean)
  await own.close()
  rmSync(folder, { recursive: true })
`

it('a part that is not there is MODULE_UNAVAILABLE', async () => {
  const absent = './absent.js'
  await expect(loadPart(() => import(absent))).rejects.toMatchObject({ code: 'MODULE_UNAVAILABLE' })
})

const OUTCOMES = [
  [0, 'STORAGE_UNAVAILABLE'],
  [1, 'STORAGE_UNAVAILABLE'],
  [20, 'created'],
] as const

const onUnix = it.skipIf(process.platform === 'win32')

onUnix.each(OUTCOMES)('with %i descriptors left, what fails can be repeated', (spare, outcome) => {
  const argv = [process.execPath, '--input-type=module', '--eval', PROGRAM]
  const { stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -n 128; exec "$0" "$@"', ...argv],
    {
      cwd: VAULT_PACKAGE,
      encoding: 'utf8',
      env: { ...process.env, SPARE_DESCRIPTORS: String(spare) },
    },
  )
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual(['true', outcome, 'true'])
})
