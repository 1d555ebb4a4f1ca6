import { createMemoryStorage } from '@stagevault/storage/memory'
import fc from 'fast-check'
import type { SecretVersion, Vault } from 'stagevault'
import { createVault, generateKey, rawKey } from 'stagevault'
import { describe, expect, it } from 'vitest'
import type { VersionRow } from '@stagevault/browser-vault/model/version-row'
import {
  CURRENT,
  PREVIOUS,
  drawVersions,
  holderOf,
  inOrderOfCreation,
  isBuiltIn,
  moveWords,
  nextPlace,
  whyNotThere,
} from '@stagevault/browser-vault/model/version-row'

function version(
  versionId: string,
  versionStages: readonly string[] = [],
  versionStatus = 'Enabled' as const,
): SecretVersion {
  return { versionId, versionStages, versionStatus, createTime: new Date(0) }
}

function rowOf(...versions: readonly SecretVersion[]): VersionRow {
  return drawVersions(versions, [], 10)
}

const ROW = rowOf(
  version('v1'),
  version('v2', ['blue']),
  version('v3', [PREVIOUS]),
  version('v4', [CURRENT]),
)

describe('the picture', () => {
  it('has the versions in order, with the built-in flags first', () => {
    const row = rowOf(version('v1', ['a', PREVIOUS, CURRENT, 'A']))
    expect(row.cards.map(({ flags }) => flags)).toEqual([[CURRENT, PREVIOUS, 'A', 'a']])
  })

  it('marks the oldest version without a label once there is no room', () => {
    const versions = [version('v1', ['x']), version('v2'), version('v3'), version('v4', [CURRENT])]
    expect(leavingOf(versions, 5)).toEqual([])
    expect(leavingOf(versions, 4)).toEqual(['v2'])
  })

  it('has what was evicted where it stood, unless its id does not tell', () => {
    const kept = [version('v1', ['a']), version('mine', ['b']), version('v10'), version('v12')]
    expect(orderOf(kept, ['v9', 'v2', 'theirs', 'v11'])).toEqual([
      'v1',
      'mine',
      '(v2)',
      '(v9)',
      'v10',
      '(v11)',
      'v12',
    ])
    expect(orderOf([version('mine')], ['v1'])).toEqual(['mine'])
  })
})

describe('what the picture says of puts', () => {
  const ROOM = 4
  const place = fc.nat({ max: ROOM - 1 })
  const step = fc.oneof(
    fc.record({ what: fc.constant('put' as const) }),
    fc.record({
      what: fc.constant('move' as const),
      label: fc.constantFrom('a', 'b', 'c', CURRENT, PREVIOUS),
      place,
    }),
  )

  it('is what the vault does next', async () => {
    let evictions = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
        const unlock = rawKey(generateKey())
        const limits = { versionsMax: ROOM }
        const vault = await createVault({ storage: createMemoryStorage(), unlock, limits })
        await vault.createSecret({ secretName, secretData: 'x' })
        for (const each of steps) {
          const { versionIds } = await vault.listSecretVersionIds(ALL)
          if (each.what === 'move') await moveLabel(vault, versionIds, each.label, each.place)
          else {
            const leaving = leavingOf(versionIds, ROOM)
            const gone = await evictedByPut(vault, versionIds)
            evictions += gone.length
            expect(gone).toEqual(leaving)
          }
        }
        await vault.close()
      }),
      { numRuns: 300 },
    )
    expect(evictions).toBeGreaterThan(0)
  })

  it('is in order of creation, with all that has left', async () => {
    let outOfTurn = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
        const unlock = rawKey(generateKey())
        const limits = { versionsMax: ROOM }
        const vault = await createVault({ storage: createMemoryStorage(), unlock, limits })
        await vault.createSecret({ secretName, secretData: 'x' })
        const created = ['v1']
        const evicted: string[] = []
        for (const each of steps) {
          const { versionIds: before } = await vault.listSecretVersionIds(ALL)
          if (each.what === 'move') await moveLabel(vault, before, each.label, each.place)
          else evicted.push(...(await evictedByPut(vault, before)))
          const { versionIds: after } = await vault.listSecretVersionIds(ALL)
          const newest = after.at(-1)?.versionId ?? ''
          if (!created.includes(newest)) created.push(newest)
          if (evicted.length > 0 && after[0]?.versionId === 'v1') outOfTurn += 1
          expect(orderOf(after, evicted)).toEqual(
            created.map((versionId) =>
              evicted.includes(versionId) ? `(${versionId})` : versionId,
            ),
          )
        }
        await vault.close()
      }),
      { numRuns: 200 },
    )
    expect(outOfTurn).toBeGreaterThan(0)
  })
})

const secretName = 'S'
const ALL = { secretName, includeDeprecated: true, pageSize: 100 } as const

function leavingOf(versions: readonly SecretVersion[], room: number): string[] {
  return drawVersions(versions, [], room)
    .cards.filter(({ leavesNext }) => leavesNext)
    .map(({ versionId }) => versionId)
}

/** What has left in brackets. */
function orderOf(versions: readonly SecretVersion[], evicted: readonly string[]): string[] {
  return inOrderOfCreation(drawVersions(versions, evicted, 10)).map((each) =>
    'isEvicted' in each ? `(${each.versionId})` : each.versionId,
  )
}

/** None where the put is refused, since every version carries a label. */
async function evictedByPut(vault: Vault, before: readonly SecretVersion[]): Promise<string[]> {
  await vault.putSecretValue({ secretName, secretData: 'x' }).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'VERSION_LIMIT' })
  })
  const { versionIds } = await vault.listSecretVersionIds(ALL)
  const now = versionIds.map(({ versionId }) => versionId)
  return before.map(({ versionId }) => versionId).filter((versionId) => !now.includes(versionId))
}

/** Where the vault refuses it, nothing is moved. */
async function moveLabel(
  vault: Vault,
  versions: readonly SecretVersion[],
  label: string,
  place: number,
): Promise<void> {
  const to = versions[place % versions.length]?.versionId ?? ''
  const holder = versions.find(({ versionStages }) => versionStages.includes(label))
  if (whyNotThere(drawVersions(versions, [], 10), label, to) !== null) return
  await vault.updateSecretVersionStage({
    secretName,
    versionStage: label,
    moveToVersion: to,
    ...(holder === undefined ? {} : { removeFromVersion: holder.versionId }),
  })
}

describe('putting a flag somewhere', () => {
  it('is refused where it is, and where the vault would refuse it', () => {
    expect(whyNotThere(ROW, 'blue', 'v2')).toMatch(/already/)
    expect(whyNotThere(ROW, PREVIOUS, 'v4')).toMatch(/current version/)
    expect(whyNotThere(ROW, 'blue', 'v9')).toMatch(/gone/)
    const disabled = rowOf(
      { ...version('v1'), versionStatus: 'Disabled' },
      version('v2', [CURRENT]),
    )
    expect(whyNotThere(disabled, CURRENT, 'v1')).toMatch(/disabled/)
    expect(whyNotThere(disabled, 'blue', 'v1')).toBeNull()
    expect(whyNotThere(ROW, CURRENT, 'v1')).toBeNull()
  })

  it('goes from version to version, passes over those that refuse it, and stays at the ends', () => {
    expect(nextPlace(ROW, CURRENT, 'v4', -1)).toBe('v3')
    expect(nextPlace(ROW, CURRENT, 'v4', 1)).toBe('v4')
    expect(nextPlace(ROW, CURRENT, 'v1', -1)).toBe('v1')
    expect(nextPlace(ROW, PREVIOUS, 'v3', 1)).toBe('v3')
    expect(nextPlace(ROW, 'blue', 'v1', 1)).toBe('v2')
  })

  it('says what moves along', () => {
    expect(moveWords(ROW, CURRENT, 'v1')).toBe('ACSCurrent on v1, ACSPrevious on v4')
    expect(moveWords(ROW, 'blue', 'v1')).toBe('blue on v1')
    expect(moveWords(ROW, 'new', 'v1')).toBe('new on v1')
  })
})

it('knows who carries a label, and which labels the model has itself', () => {
  expect(holderOf(ROW, 'blue')).toBe('v2')
  expect(holderOf(ROW, 'none')).toBeNull()
  expect(['ACSCurrent', 'ACSPrevious', 'ACSPending', 'blue'].map(isBuiltIn)).toEqual([
    true,
    true,
    true,
    false,
  ])
})
