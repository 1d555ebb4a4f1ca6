/** Changes of access records that are made at once: of one handle, and of several. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { ACCESS_RECORDS_MAX } from '@stagevault/core/limits'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { ALLOW_ALL, fillAccess } from '../support/access-calls.js'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { heldStorage } from '../support/held-storage.js'
import { newTestVault } from '../support/test-vault.js'

const ANN = { userName: 'ann' }
const OPS = { groupName: 'ops' }
const ALL = { policyName: 'all' }

async function names(vault: Vault): Promise<string[]> {
  const { users } = await vault.listUsers({ pageSize: 100 })
  return users.map(({ userName }) => userName)
}

describe('changes of one turn', () => {
  it('share a commit, and each sees those before it', async () => {
    const counts = countingStorage(createMemoryStorage())
    const { vault, open } = await newTestVault({ storage: counts.storage })
    await vault.listUsers()
    counts.take()
    const to = { kind: 'group', name: 'ops' } as const
    const outcomes = await Promise.allSettled([
      vault.createUser(ANN),
      vault.createUser(ANN),
      vault.createGroup(OPS),
      vault.createPolicy({ ...ALL, policy: ALLOW_ALL }),
      vault.setUserEnabled({ ...ANN, enabled: false }),
      vault.removeUserFromGroup({ ...ANN, ...OPS }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    expect(counts.take().commits).toBeLessThanOrEqual(2)
    await Promise.all([
      vault.attachPolicy({ ...ALL, to }),
      vault.addUserToGroup({ ...ANN, ...OPS }),
      vault.deletePolicy({ ...ALL, detach: true }),
    ])
    const other = await open()
    expect(await other.getUser(ANN)).toMatchObject({
      isEnabled: false,
      groups: ['ops'],
      generation: 3,
    })
    expect((await other.getGroup(OPS)).policies).toEqual([])
    expect((await other.verify()).problems).toEqual([])
  })

  it('share a commit with changes of secrets', async () => {
    const { vault } = await newTestVault()
    await Promise.all([
      vault.createSecret({ secretName: 'S', secretData: 'x' }),
      vault.createUser(ANN),
      vault.putSecretValue({ secretName: 'S', secretData: 'y' }),
      vault.updateVaultSettings({ limits: { secretsMax: 5 } }),
      vault.createUser({ userName: 'bob' }),
    ])
    expect(await names(vault)).toEqual(['ann', 'bob'])
    expect((await vault.getVaultSettings()).limits.secretsMax).toBe(5)
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('several handles', () => {
  it('lose no change', async () => {
    const { vault, open } = await newTestVault()
    const handles = [vault, await open(), await open()]
    await Promise.all(
      handles.flatMap((handle, i) =>
        Array.from({ length: 20 }, (_, j) => handle.createUser({ userName: `u${i}-${j}` })),
      ),
    )
    expect(await names(await open())).toHaveLength(60)
    expect((await vault.verify()).problems).toEqual([])
  })

  it('are refused on what is stored, not on what they remember', async () => {
    const { vault, open } = await newTestVault()
    const other = await open()
    await fillAccess(vault)
    await expectFailure(() => other.deleteGroup(OPS), 'ENTITY_IN_USE')
    await vault.deleteGroup({ ...OPS, detach: true })
    await vault.createGroup(OPS)
    await other.deleteGroup(OPS)
    await expectFailure(() => vault.addUserToGroup({ ...ANN, ...OPS }), 'ENTITY_NOT_FOUND')
  })

  it('plan again when another one has committed between the read and the commit', async () => {
    const held = heldStorage(createMemoryStorage())
    const { vault, open, storage } = await newTestVault({ storage: held.storage })
    await fillAccess(vault)
    const other = await open({ storage: { ...storage, commit: storage.commit.bind(storage) } })
    await other.listUsers()
    held.hold('commits')
    const late = vault.addUserToGroup({ ...ANN, ...OPS })
    await held.arrival()
    held.refuse()
    await late
    const update = { ...ALL, policy: ALLOW_ALL.replace('Allow', 'Deny'), expectedGeneration: 1 }
    const outcomes = await Promise.allSettled([
      vault.updatePolicy(update),
      other.updatePolicy(update),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await vault.getUser(ANN)).toMatchObject({ groups: ['ops'], generation: 2 })
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('a full vault', () => {
  it('has 1,200 records, which are listed, checked and changed', async () => {
    const { vault, open } = await newTestVault()
    await vault.createGroup(OPS)
    const users = Array.from({ length: ACCESS_RECORDS_MAX - 1 }, (_, i) => ({ userName: `u${i}` }))
    await Promise.all(users.map((user) => vault.createUser(user)))
    await expectFailure(() => vault.createUser({ userName: 'more' }), 'QUOTA_EXCEEDED')
    await Promise.all(
      users.slice(0, 101).map(({ userName }) => vault.addUserToGroup({ userName, ...OPS })),
    )
    const other = await open()
    await expectFailure(() => other.deleteGroup({ ...OPS, detach: true }), 'QUOTA_EXCEEDED')
    await other.removeUserFromGroup({ userName: 'u0', ...OPS })
    await other.deleteGroup({ ...OPS, detach: true })
    await other.createUser({ userName: 'more' })
    expect((await vault.listUsers({ pageSize: 100 })).users).toHaveLength(100)
    expect((await vault.verify()).problems).toEqual([])
  }, 120_000)
})
