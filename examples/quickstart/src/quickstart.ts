/** The story from the first section to the last. */

import { createLevelStorage } from '@stagevault/storage-level'
import { createVault, passphrase } from 'stagevault'
import type { EnvEntry, EnvFile } from './env-file.js'
import type { FolderContents } from './folder-contents.js'
import { readFolder } from './folder-contents.js'
import { tellLabelStory } from './label-story.js'
import type { StoryEnd } from './label-story.js'
import type { ChosenPassphrase } from './passphrase-source.js'
import { reopenAndCompare } from './reopen-vault.js'
import type { Report } from './report.js'
import { searchDisk } from './search-disk.js'
import { storeEntries } from './store-entries.js'
import { UsageError } from './usage.js'

export interface Quickstart {
  readonly envFile: EnvFile
  readonly location: string
  readonly passphrase: ChosenPassphrase
}

/** Returns how many statements of the file were left out. */
export async function runQuickstart(report: Report, input: Quickstart): Promise<number> {
  const { location, passphrase: chosen } = input
  const { entries, leftOutCount, story, before } = await fillVault(report, input)
  await reopenAndCompare(location, chosen.text, report, { entries, story })
  const names = [...entries.map(({ name }) => name), story.secretName]
  await searchDisk(report, {
    location,
    before,
    passphraseText: chosen.text,
    values: [...entries.map(({ value }) => value), ...story.values.values()],
    names,
    plainTexts: [
      location,
      ...story.versions.flatMap(({ versionId, versionStages }) => [versionId, ...versionStages]),
    ],
  })
  return leftOutCount
}

interface FilledVault {
  readonly entries: readonly EnvEntry[]
  readonly leftOutCount: number
  readonly story: StoryEnd
  readonly before: FolderContents
}

/** Creates the vault, fills it, and closes it. */
async function fillVault(report: Report, input: Quickstart): Promise<FilledVault> {
  const { location, envFile, passphrase: chosen } = input
  const storage = await createLevelStorage({ location })
  try {
    const vault = await createVault({ storage, unlock: passphrase(chosen.text) })
    const before = await readFolder(location, ['LOCK'])
    const { stored: entries, leftOutCount } = await storeEntries(vault, report, envFile)
    if (entries.length === 0) throw new UsageError('nothing in the file can be stored')
    const story = await tellLabelStory(
      vault,
      report,
      entries.map(({ name }) => name),
    )
    await vault.close()
    return { entries, leftOutCount, story, before }
  } finally {
    await storage.close()
  }
}
