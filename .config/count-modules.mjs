/**
 * Counts the modules that one put and one get run through, over LevelDB and with everything known:
 * how far a reader has to walk to follow them. After a build: `node .config/count-modules.mjs`.
 *
 * V8 counts the calls of every function between two points; a module is on the way when one of its
 * functions was called. What it did as it was loaded does not count.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { createVault, generateKey, rawKey } = await import(
  new URL('../packages/vault/dist/index.js', import.meta.url)
)

const folder = mkdtempSync(join(tmpdir(), 'stagevault-modules-'))
const vault = await createVault({ location: join(folder, 'vault'), unlock: rawKey(generateKey()) })
const inspector = new Session()
inspector.connect()
await inspector.post('Profiler.enable')

/** The modules of this repository in which `operation` called a function. */
async function modulesOf(operation) {
  await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await operation()
  const { result } = await inspector.post('Profiler.takePreciseCoverage')
  await inspector.post('Profiler.stopPreciseCoverage')
  return result
    .filter(({ url }) => url.startsWith('file:') && url.includes('/packages/'))
    .filter(({ functions }) => functions.some(isCalled))
    .map(({ url }) => relative(ROOT, fileURLToPath(url)))
    .sort()
}

/** Functions without a name at the start of a module are the module itself. */
function isCalled({ functionName, ranges: [range] }) {
  return range.count > 0 && !(functionName === '' && range.startOffset === 0)
}

const put = () => vault.putSecretValue({ secretName: 'S', secretData: 'two' })
const get = () => vault.getSecretValue({ secretName: 'S' })
await vault.createSecret({ secretName: 'S', secretData: 'one' })
for (let i = 0; i < 3; i++) {
  await put()
  await get()
}
for (const [name, operation] of Object.entries({ put, get })) {
  const modules = await modulesOf(operation)
  console.log(`${name}: ${modules.length} modules`)
  for (const module of modules) console.log(`  ${module}`)
}
await vault.close()
rmSync(folder, { recursive: true })
