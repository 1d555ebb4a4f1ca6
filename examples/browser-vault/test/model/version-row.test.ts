import type { SecretVersion } from 'stagevault'
import { describe, expect, it } from 'vitest'
import type { VersionRow } from '@stagevault/browser-vault/model/version-row'
import {
  CURRENT, PREVIOUS, drawVersions, holderOf, isBuiltIn, moveWords, nextPlace, whyNotThere,
} from '@stagevault/browser-vault/model/version-row'

function version(
  versionId: string, versionStages: readonly string[] = [], versionStatus = 'Enabled' as const,
): SecretVersion {
  return { versionId, versionStages, versionStatus, createTime: new Date(0) }
}

function rowOf(...versions: readonly SecretVersion[]): VersionRow {
  return drawVersions(versions, [], 10)
}

const ROW = rowOf(
  version('v1'), version('v2', ['blue']), version('v3', [PREVIOUS]), version('v4', [CURRENT]),
)

describe('the picture', () => {
  it('has the versions in order, with the built-in flags first', () => {
    const row = rowOf(version('v1', ['a', PREVIOUS, CURRENT, 'A']))
    expect(row.cards.map(({ flags }) => flags)).toEqual([[CURRENT, PREVIOUS, 'A', 'a']])
  })

  it('marks the oldest version without a label once there is no room', () => {
    const versions = [version('v1', ['x']), version('v2'), version('v3'), version('v4', [CURRENT])]
    const leaving = (room: number): (string | undefined)[] => drawVersions(versions, [], room).cards
      .filter(({ leavesNext }) => leavesNext).map(({ versionId }) => versionId)
    expect(leaving(5)).toEqual([])
    expect(leaving(4)).toEqual(['v2'])
  })

  it('is stuck where every version carries a label of its own', () => {
    const full = [version('v1', ['x']), version('v2', ['y', PREVIOUS]), version('v3', [CURRENT])]
    expect(drawVersions(full, [], 3).isStuck).toBe(true)
    expect(drawVersions(full, [], 4).isStuck).toBe(false)
    // A put takes ACSPrevious from the version that has nothing else, and evicts it.
    const loose = [version('v1', ['x']), version('v2', [PREVIOUS]), version('v3', [CURRENT])]
    expect(drawVersions(loose, [], 3).isStuck).toBe(false)
  })
})

describe('putting a flag somewhere', () => {
  it('is refused where it is, and where the vault would refuse it', () => {
    expect(whyNotThere(ROW, 'blue', 'v2')).toMatch(/already/)
    expect(whyNotThere(ROW, PREVIOUS, 'v4')).toMatch(/current version/)
    expect(whyNotThere(ROW, 'blue', 'v9')).toMatch(/gone/)
    const disabled = rowOf({ ...version('v1'), versionStatus: 'Disabled' }, version('v2', [CURRENT]))
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
  expect(['ACSCurrent', 'ACSPrevious', 'ACSPending', 'blue'].map(isBuiltIn))
    .toEqual([true, true, true, false])
})
