/** Moving a label without a pointer: picked up, carried from version to version, put down. */
import type { VersionRow } from '../model/version-row.js'
import { holderOf, moveWords, nextPlace, whyNotThere } from '../model/version-row.js'

/** A flag that was picked up, and the version that it would go to. */
export interface PickedFlag {
  readonly label: string
  readonly over: string
}

export interface FlagMoves {
  picked(): PickedFlag | null
  /** The flag was clicked, or Enter pressed on it. */
  press(label: string): void
  /** A key on the flag. @returns whether it meant something */
  key(key: string, label: string): boolean
  put(label: string, versionId: string | null): void
  /**
   * The versions are others now.
   *
   * @param isSameSecret - whether what was picked up is still there
   */
  changeRow(row: VersionRow, isSameSecret: boolean): void
  drop(): void
}

export interface FlagRequests {
  readonly onMove: (label: string, from: string, versionId: string) => void
  /** Says something to who cannot see it. */
  readonly say: (text: string) => void
}

const STEPS: ReadonlyMap<string, 1 | -1> = new Map([
  ['ArrowRight', 1],
  ['ArrowLeft', -1],
])

/**
 * @param changed - called when what is picked up, or where it is, is another: with the version to
 *   look at, or `null` where one looks already
 */
export function createFlagMoves(
  { onMove, say }: FlagRequests,
  changed: (lookAt: string | null) => void,
): FlagMoves {
  let row: VersionRow = { cards: [], evicted: [], room: 0 }
  let picked: PickedFlag | null = null

  function carry(label: string, over: string): void {
    picked = { label, over }
    changed(over)
    say(
      over === holderOf(row, label)
        ? `${label} is picked up from ${over}. Choose a version for it.`
        : `Enter: ${moveWords(row, label, over)}`,
    )
  }

  function drop(lookAt: string | null = null): void {
    picked = null
    changed(lookAt)
  }

  function put(label: string, versionId: string | null): void {
    const from = holderOf(row, label)
    drop()
    if (versionId === null || from === null || from === versionId) return
    const why = whyNotThere(row, label, versionId)
    if (why === null) onMove(label, from, versionId)
    else say(why)
  }

  return {
    picked: () => picked,
    press: (label) => {
      const home = holderOf(row, label)
      if (picked?.label === label) put(label, picked.over)
      else if (home !== null) carry(label, home)
    },
    key: (key, label) => {
      const step = STEPS.get(key)
      const from = picked?.label === label ? picked.over : holderOf(row, label)
      if (step !== undefined && from !== null) {
        carry(label, nextPlace(row, label, from, step))
        return true
      }
      if (key !== 'Escape' || picked === null) return false
      const { label: carried } = picked
      drop(holderOf(row, label))
      say(`${carried} stays where it was`)
      return true
    },
    put,
    changeRow: (next, isSameSecret) => {
      row = next
      if (picked === null) return
      const { label, over } = picked
      const isThere = row.cards.some(({ versionId }) => versionId === over)
      if (!isSameSecret || !isThere || holderOf(row, label) === null) picked = null
    },
    drop: () => {
      drop()
    },
  }
}
