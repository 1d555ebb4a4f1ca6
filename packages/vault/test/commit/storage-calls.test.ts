/** What a change that comes alone asks of the store: no more than a change needs. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { StorageCounts } from '../support/counting-storage.js'
import { countingStorage } from '../support/counting-storage.js'
import { codeOf } from '../support/failures.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'

const S = { secretName: 'S' }
const unlock = rawKey(TEST_KEY)

let vault: Vault
let take: () => StorageCounts

/** A handle that knows S, of three versions, and `due`, which is scheduled for deletion. */
beforeEach(async () => {
  const counting = countingStorage(createMemoryStorage())
  take = counting.take
  const test = await newTestVault({ storage: counting.storage })
  await test.vault.createSecret({ ...S, secretData: 'one' })
  for (const versionId of ['two', 'three']) {
    await test.vault.putSecretValue({ ...S, secretData: versionId, versionId })
  }
  await test.vault.createSecret({ secretName: 'scheduled', secretData: 'x' })
  await test.vault.deleteSecret({ secretName: 'scheduled' })
  vault = await test.open()
  await vault.getSecretValue(S)
  await vault.describeSecret({ secretName: 'scheduled' })
  take()
})

interface Cost {
  readonly reads: number
  readonly commits: number
}

type Row = readonly [what: string, run: (vault: Vault) => Promise<unknown>, cost: Cost]

const COMMIT = { reads: 0, commits: 1 }
const READ = { reads: 1, commits: 0 }
const BOTH = { reads: 1, commits: 1 }

const CHANGES: readonly Row[] = [
  ['put', (v) => v.putSecretValue({ ...S, secretData: 'x' }), COMMIT],
  [
    'put with an id and an expectation',
    (v) =>
      v.putSecretValue({
        ...S,
        secretData: 'x',
        versionId: 'mine',
        expectedCurrentVersionId: 'three',
      }),
    COMMIT,
  ],
  [
    'move of a label',
    (v) =>
      v.updateSecretVersionStage({
        ...S,
        versionStage: 'ACSCurrent',
        moveToVersion: 'v1',
      }),
    COMMIT,
  ],
  ['tag', (v) => v.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] }), COMMIT],
  ['description', (v) => v.updateSecret({ ...S, description: 'new' }), COMMIT],
  ['disabling', (v) => v.disableVersion({ ...S, versionId: 'two' }), COMMIT],
  ['destruction', (v) => v.destroyVersion({ ...S, versionId: 'two' }), COMMIT],
  ['deletion', (v) => v.deleteSecret(S), COMMIT],
  ['deletion at once', (v) => v.deleteSecret({ ...S, forceDeleteWithoutRecovery: true }), COMMIT],
  ['restoring', (v) => v.restoreSecret({ secretName: 'scheduled' }), COMMIT],
  ['settings', (v) => v.updateVaultSettings({ limits: { secretsMax: 9 } }), COMMIT],
  // The name is not known to be free.
  ['creation', (v) => v.createSecret({ secretName: 'new', secretData: 'x' }), BOTH],
  ['renaming', (v) => v.renameSecret({ ...S, newSecretName: 'new' }), BOTH],
]

const UNCHANGED: readonly Row[] = [
  [
    'put of a version that is there',
    (v) => v.putSecretValue({ ...S, secretData: 'two', versionId: 'two' }),
    READ,
  ],
  [
    'move of a label to where it is',
    (v) =>
      v.updateSecretVersionStage({
        ...S,
        versionStage: 'ACSCurrent',
        moveToVersion: 'three',
      }),
    READ,
  ],
  [
    'disabling of what is enabled already',
    (v) => v.enableVersion({ ...S, versionId: 'two' }),
    READ,
  ],
  ['renaming to its own name', (v) => v.renameSecret({ ...S, newSecretName: 'S' }), READ],
]

const REFUSED: readonly Row[] = [
  ['VERSION_EXISTS', (v) => v.putSecretValue({ ...S, secretData: 'x', versionId: 'two' }), READ],
  [
    'VERSION_CONFLICT',
    (v) =>
      v.putSecretValue({
        ...S,
        secretData: 'x',
        expectedCurrentVersionId: 'v1',
      }),
    READ,
  ],
  ['VERSION_NOT_FOUND', (v) => v.disableVersion({ ...S, versionId: 'none' }), READ],
  ['SECRET_NOT_FOUND', (v) => v.putSecretValue({ secretName: 'none', secretData: 'x' }), READ],
  ['SECRET_EXISTS', (v) => v.createSecret({ ...S, secretData: 'x' }), READ],
  ['SECRET_NOT_SCHEDULED', (v) => v.restoreSecret(S), READ],
]

async function costOf(run: Row[1]): Promise<readonly [answer: string, cost: Cost]> {
  const answer = await run(vault).then(() => 'done', codeOf)
  const { calls, commits } = take()
  return [answer, { reads: calls - commits, commits }]
}

describe('alone, on what the handle knows', () => {
  it.each(CHANGES)('a %s', async (_what, run, cost) => {
    expect(await costOf(run)).toEqual(['done', cost])
  })

  it.each(UNCHANGED)('a %s', async (_what, run, cost) => {
    expect(await costOf(run)).toEqual(['done', cost])
  })

  it.each(REFUSED)('a refusal with %s', async (code, run, cost) => {
    expect(await costOf(run)).toEqual([code, cost])
  })

  it('slots: what it takes to open one, and a commit', async () => {
    const newUnlock = rawKey(new Uint8Array(32))
    expect((await costOf((v) => v.addUnlockSlot({ unlock, newUnlock })))[1].commits).toBe(1)
    const [, { commits }] = await costOf((v) => v.replaceUnlockSlot({ unlock, newUnlock: unlock }))
    expect(commits).toBe(1)
  })
})

it('reads: one of what is known, two of what is not', async () => {
  const read = (secretName: string) => costOf((v) => v.getSecretValue({ secretName }))
  expect(await read('S')).toEqual(['done', READ])
  expect(await read('none')).toEqual(['SECRET_NOT_FOUND', READ])
  await vault.createSecret({ secretName: 'T', secretData: 'x' })
  take()
  expect((await read('T'))[1].commits).toBe(0)
})
