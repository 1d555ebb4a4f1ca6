/**
 * Writes docs/format/vectors: `node docs/dist/write-vectors.js`, after a build.
 *
 * The vectors are what the format is measured by, so nothing that is there is replaced unless
 * `--overwrite` says so. Before a release that is how a change of the format is made; after it, a
 * file that comes out differently means that old vaults would no longer open.
 */

import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeGoldenVault } from './golden-vault.js'
import { formatJson } from './vector-file.js'
import { VECTOR_FILES } from './vector-files.js'

export const GOLDEN_FOLDER = 'golden-v1'

export interface WriteResult {
  /** What was written. */
  readonly written: readonly string[]
  /** What differs from what is there, and was left alone. */
  readonly refused: readonly string[]
}

/** @param files - what makes the files, by name */
export async function writeVectors(
  folder: string,
  isOverwriting: boolean,
  files: typeof VECTOR_FILES = VECTOR_FILES,
): Promise<WriteResult> {
  const written: string[] = []
  const refused: string[] = []
  await mkdir(folder, { recursive: true })
  for (const [name, make] of Object.entries(files)) {
    const path = join(folder, name)
    const text = formatJson(await make())
    const before = existsSync(path) ? await readFile(path, 'utf8') : null
    if (before === text) continue
    if (before !== null && !isOverwriting) {
      refused.push(name)
      continue
    }
    await writeFile(path, text)
    written.push(name)
  }
  const golden = join(folder, GOLDEN_FOLDER)
  if (!existsSync(golden) || isOverwriting) {
    await rm(golden, { recursive: true, force: true })
    await writeGoldenVault(golden)
    written.push(GOLDEN_FOLDER)
  }
  return { written, refused }
}

async function main(args: readonly string[]): Promise<number> {
  const isOverwriting = args.includes('--overwrite')
  const folder = fileURLToPath(new URL('../format/vectors', import.meta.url))
  const { written, refused } = await writeVectors(folder, isOverwriting)
  for (const name of written) console.log(`written: ${name}`)
  for (const name of refused) console.error(`left as it is, though it would differ: ${name}`)
  if (refused.length > 0) console.error('Say --overwrite if the format is meant to change.')
  return refused.length === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2))
}
