/** The story's vault as a LevelDB folder: what a release leaves on a disk. */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createLevelStorage } from '@stagevault/storage-level'
import { tellStory } from './example-story.js'

/** LevelDB's own log and lock: it makes them again whenever it opens; they hold no records. */
const NO_RECORDS = ['LOG', 'LOG.old', 'LOCK']

/** Makes the folder, which must not exist or be empty, and closes it cleanly. */
export async function writeGoldenVault(location: string): Promise<void> {
  const storage = await createLevelStorage({ location })
  await tellStory(storage, 1)
  await storage.close()
  for (const name of NO_RECORDS) await rm(join(location, name), { force: true })
}
