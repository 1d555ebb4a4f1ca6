/** A vault in LevelDB with many secrets. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLevelStorage } from '@stagevault/storage-level'
import { generateKey, rawKey } from 'stagevault'
import { fillVault, openGrownVault, type GrownVault } from './vault-subjects/grown-vault.js'
import { isWeighing, type Weighing } from './weighing.js'

export interface LevelGrownVault extends GrownVault {
  /** Closes it, and opens and reads it in a process of its own, which tells what that takes. */
  readonly weigh: (gets: number) => Promise<Weighing>
}

export async function createLevelGrownVault(
  folder: string,
  count: number,
): Promise<LevelGrownVault> {
  const location = join(folder, `growth-${count}`)
  const key = generateKey()
  const unlock = rawKey(key)
  const storage = await createLevelStorage({ location, durability: 'relaxed' })
  await fillVault(storage, unlock, count)
  const grown = await openGrownVault(storage, unlock, count)
  return {
    ...grown,
    weigh: async (gets) => {
      await grown.close()
      return weighElsewhere(location, key, count, gets)
    },
  }
}

function weighElsewhere(location: string, key: Uint8Array, count: number, gets: number): Weighing {
  const program = fileURLToPath(new URL('weigh.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', program, location, String(count), String(gets)],
    // Not as an argument, which every user of the machine could read.
    { input: key, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`weighing failed: ${stderr}`)
  const answer: unknown = JSON.parse(stdout)
  if (!isWeighing(answer)) throw new Error('weighing gave another answer')
  return answer
}
