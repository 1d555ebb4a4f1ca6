/** A store on the disk, in a folder of its own. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import type { Place } from './vault-under-test.js'

export async function levelPlace(): Promise<Place> {
  const location = await mkdtemp(join(tmpdir(), 'stagevault-model-'))
  let isMade = false
  return {
    open: () => {
      const options = { location, durability: 'relaxed' } as const
      if (isMade) return openLevelStorage(options)
      isMade = true
      return createLevelStorage(options)
    },
    remove: () => rm(location, { recursive: true, force: true }),
  }
}
