import { expect, it } from 'vitest'
import type { FlagMoves } from '@stagevault/browser-vault/views/flag-moves'
import { createFlagMoves } from '@stagevault/browser-vault/views/flag-moves'
import type { VersionRow } from '@stagevault/browser-vault/model/version-row'
import { drawVersions } from '@stagevault/browser-vault/model/version-row'

function rowOf(flags: Readonly<Record<string, readonly string[]>>): VersionRow {
  return drawVersions(
    Object.entries(flags).map(([versionId, versionStages]) => ({
      versionId,
      versionStages,
      versionStatus: 'Enabled',
      createTime: new Date(0),
    })),
    [],
    10,
  )
}

const ROW = rowOf({ v1: ['a'], v2: ['b'], v3: ['ACSCurrent'] })

function startedMoves(): {
  readonly moves: FlagMoves
  readonly moved: string[]
  readonly said: string[]
  /** Which version one was to look at, each time that something changed. */
  readonly looks: (string | null)[]
} {
  const moved: string[] = []
  const said: string[] = []
  const looks: (string | null)[] = []
  const moves = createFlagMoves(
    {
      onMove: (label, from, to) => {
        moved.push(`${label} ${from} ${to}`)
      },
      say: (text) => {
        said.push(text)
      },
    },
    (lookAt) => {
      looks.push(lookAt)
    },
  )
  moves.changeRow(ROW, true)
  return { moves, moved, said, looks }
}

it('carries a flag to where it is put', () => {
  const { moves, moved } = startedMoves()
  moves.press('a')
  moves.key('ArrowRight', 'a')
  expect(moves.picked()).toEqual({ label: 'a', over: 'v2' })
  moves.press('a')
  expect(moved).toEqual(['a v1 v2'])
  expect(moves.picked()).toBeNull()
})

it('lets go of it where another secret is shown, though its versions and labels are called the same', () => {
  const { moves, moved } = startedMoves()
  moves.key('ArrowLeft', 'ACSCurrent')
  moves.changeRow(ROW, false)
  expect(moves.picked()).toBeNull()
  moves.press('ACSCurrent')
  expect(moved).toEqual([])
})

it('lets go of it where its label is gone, or the version that it was over', () => {
  for (const gone of [rowOf({ v1: [], v2: ['b'] }), rowOf({ v1: ['a'] })]) {
    const { moves } = startedMoves()
    moves.key('ArrowRight', 'a')
    moves.changeRow(gone, true)
    expect(moves.picked()).toBeNull()
  }
})

it('keeps it while other things change', () => {
  const { moves } = startedMoves()
  moves.key('ArrowRight', 'a')
  moves.changeRow(rowOf({ v1: ['a'], v2: [], v3: ['b'], v4: ['ACSCurrent'] }), true)
  expect(moves.picked()).toEqual({ label: 'a', over: 'v2' })
})

it('says which one it let go of, whichever had the focus', () => {
  const { moves, said } = startedMoves()
  moves.press('a')
  expect(moves.key('Escape', 'b')).toBe(true)
  expect(said.at(-1)).toBe('a stays where it was')
  expect(moves.key('Escape', 'b')).toBe(false)
})

it('has one look at where the flag is, and at where it was once it is given up', () => {
  const { moves, looks } = startedMoves()
  moves.key('ArrowRight', 'a')
  moves.key('ArrowRight', 'a')
  moves.key('Escape', 'a')
  expect(looks).toEqual(['v2', 'v3', 'v1'])
  // What is put somewhere is seen there once it is.
  moves.press('b')
  moves.put('b', 'v3')
  expect(looks.slice(3)).toEqual(['v2', null])
})
