/** What a commit is guarded by: everything that its changes were decided on, and new places. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { DAY_MS } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'
import type { CommitLog, LoggedCommit } from './commit-log.js'
import { logCommits } from './commit-log.js'

const S = { secretName: 'S' }
const unlock = rawKey(TEST_KEY)
const newUnlock = rawKey(new Uint8Array(32))

let log: CommitLog
let test: TestVault

beforeEach(async () => {
  log = logCommits(createMemoryStorage())
  test = await vaultWithSecret({ storage: log.storage })
})

/** The keys of guards by what they demand: what was there, or nothing. */
function guardsOf({ commit }: LoggedCommit): Record<'stored' | 'empty', string[]> {
  const kind = (key: string): string => key.replace(/(version|slot|due)!.*/, '$1')
  const some = (isEmpty: boolean): string[] =>
    commit.guards
      .filter(({ value }) => (value === null) === isEmpty)
      .map(({ key }) => kind(key))
      .sort()
  return { stored: some(false), empty: some(true) }
}

async function commitOf(run: (vault: Vault) => Promise<unknown>): Promise<LoggedCommit> {
  const before = log.commits.length
  await run(test.vault)
  const [commit, ...others] = log.commits.slice(before)
  if (commit === undefined || others.length > 0) throw new Error('it was not one commit')
  return commit
}

const ROOT = 'vault!root'
const HEAD = 'secret!S!head'

describe('the guards of', () => {
  it.each<readonly [string, (vault: Vault) => Promise<unknown>, string[], string[]]>([
    ['a put', (v) => v.putSecretValue({ ...S, secretData: 'x' }), [HEAD, ROOT], ['version']],
    [
      'a label that moves',
      (v) => v.updateSecretVersionStage({ ...S, versionStage: 'Blue', moveToVersion: 'v1' }),
      [HEAD, ROOT],
      [],
    ],
    [
      'a creation',
      (v) => v.createSecret({ secretName: 'T', secretData: 'x' }),
      [ROOT],
      ['secret!T!head', 'version'],
    ],
    [
      'a renaming',
      (v) => v.renameSecret({ ...S, newSecretName: 'T' }),
      [HEAD, ROOT],
      ['secret!T!head'],
    ],
    [
      'a deletion',
      (v) => v.deleteSecret({ ...S, forceDeleteWithoutRecovery: true }),
      [HEAD, ROOT],
      [],
    ],
    ['new settings', (v) => v.updateVaultSettings({ limits: { secretsMax: 9 } }), [ROOT], []],
    [
      'a new slot',
      (v) => v.addUnlockSlot({ unlock, newUnlock }),
      ['vault!keyring', ROOT],
      ['slot'],
    ],
    [
      'puts of two secrets and a creation',
      (v) =>
        Promise.all([
          v.putSecretValue({ ...S, secretData: 'x' }),
          v.putSecretValue({ ...S, secretData: 'y' }),
          v.createSecret({ secretName: 'T', secretData: 'x' }),
        ]),
      [HEAD, ROOT],
      ['secret!T!head', 'version', 'version', 'version'],
    ],
  ])('%s', async (_what, run, stored, empty) => {
    const commit = await commitOf(run)
    expect(guardsOf(commit)).toEqual({ stored, empty })
    for (const { key, value } of commit.commit.guards) {
      // What is written over was there before, byte for byte.
      const before = commit.before.get(key)
      if (before !== undefined) expect(value, key).toEqual(before)
    }
  })

  it('looks at what is due', async () => {
    const { vault, clock } = test
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    clock.advance(8 * DAY_MS)
    const look = await commitOf((v) => v.listSecrets())
    expect(guardsOf(look)).toEqual({ stored: ['due', HEAD, ROOT].sort(), empty: [] })
    clock.advance(60_000)
    const deletion = await commitOf((v) => v.listSecrets())
    expect(guardsOf(deletion)).toEqual({ stored: ['due', HEAD, ROOT].sort(), empty: [] })
  })
})
