/** The third section: everything is closed, and only what lies on the disk is left. */

import { openLevelStorage } from '@stagevault/storage-level'
import { openVault, passphrase } from 'stagevault'
import type { Vault } from 'stagevault'
import type { EnvEntry } from './env-file.js'
import type { StoryEnd } from './label-story.js'
import { isSame } from './label-story.js'
import { refusalOf } from './refusal.js'
import type { Report } from './report.js'
import { areStored } from './store-entries.js'

/** What was put into the vault before it was closed. */
export interface Stored {
  readonly entries: readonly EnvEntry[]
  readonly story: StoryEnd
}

export async function reopenAndCompare(
  location: string,
  passphraseText: string,
  report: Report,
  stored: Stored,
): Promise<void> {
  report.section('3  Closed, and opened again from the disk')
  const storage = await openLevelStorage({ location })
  try {
    const wrong = passphrase(passphraseText === 'wrong' ? 'not right' : 'wrong')
    report.check(
      'a wrong passphrase is refused: UNLOCK_FAILED',
      (await refusalOf(openVault({ storage, unlock: wrong }))) === 'UNLOCK_FAILED',
    )
    const vault = await openVault({ storage, unlock: passphrase(passphraseText) })
    report.check('the right one opens the vault', true)
    report.check(
      `all ${stored.entries.length} entries of the file are there, unchanged`,
      await areStored(vault, stored.entries),
    )
    await compareStory(vault, report, stored.story)
    await verifyAll(vault, report, stored)
    await vault.close()
  } finally {
    await storage.close()
  }
}

async function compareStory(vault: Vault, report: Report, story: StoryEnd): Promise<void> {
  const { secretName, values, versions } = story
  const request = { secretName, includeDeprecated: true }
  const { versionIds } = await vault.listSecretVersionIds(request)
  let areEqual = isSame(versions, versionIds)
  for (const { versionId } of versions) {
    const { secretData } = await vault.getSecretValue({ secretName, versionId })
    areEqual &&= secretData === values.get(versionId)
  }
  report.check(
    `all ${versions.length} versions of ${secretName} are there, with their labels`,
    areEqual,
  )
}

async function verifyAll(vault: Vault, report: Report, stored: Stored): Promise<void> {
  const { isClean, secretCount, versionCount, problems } = await vault.verify()
  const secrets = stored.entries.length + 1
  const versions = stored.entries.length + stored.story.versions.length
  report.check(
    `verify() opened ${versionCount} versions of ${secretCount} secrets, all as written`,
    isClean && secretCount === secrets && versionCount === versions,
  )
  for (const { code, message } of problems) report.notice(`${code}: ${message}`)
}
