/**
 * The versions of a secret as a picture: a row of cards in order of creation, labels as flags on
 * them, and what the next put evicts (EVT-1).
 */
import type { SecretVersion } from 'stagevault'

export const CURRENT = 'ACSCurrent'
export const PREVIOUS = 'ACSPrevious'
const PENDING = 'ACSPending'

export interface VersionCard {
  readonly versionId: string
  readonly createTime: Date
  readonly isReadable: boolean
  /** `ACSCurrent` first, then `ACSPrevious`, then the others by name. */
  readonly flags: readonly string[]
  /** Whether it makes room for the next version. */
  readonly leavesNext: boolean
}

/** A version that has left. */
export interface EvictedVersion {
  readonly versionId: string
  readonly isEvicted: true
}

export interface VersionRow {
  readonly cards: readonly VersionCard[]
  /** Ids of versions that were evicted since the vault was unlocked, in that order. */
  readonly evicted: readonly string[]
  /** How many versions are kept at most. */
  readonly room: number
}

/**
 * @param versions - in order of creation
 * @param room - how many versions the vault keeps
 */
export function drawVersions(
  versions: readonly SecretVersion[],
  evicted: readonly string[],
  room: number,
): VersionRow {
  const isFull = versions.length >= room
  const idle = isFull ? versions.find(isIdleAfterPut) : undefined
  const cards = versions.map((version): VersionCard => ({
    versionId: version.versionId,
    createTime: version.createTime,
    isReadable: version.versionStatus === 'Enabled',
    flags: [...version.versionStages].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
    leavesNext: version === idle,
  }))
  return { cards, evicted, room }
}

/** A put makes the version that is current the previous one, wherever `ACSPrevious` was before. */
function isIdleAfterPut({ versionStages }: SecretVersion): boolean {
  return versionStages.every((label) => label === PREVIOUS)
}

/**
 * What is kept and what has left, in order of creation. The vault does not tell where a version
 * stood that it evicted; but the ids that it gives count up (VER-2), in whichever tab. An id that a
 * program chose tells nothing: such a version has no place here.
 */
export function inOrderOfCreation(row: VersionRow): readonly (VersionCard | EvictedVersion)[] {
  const order: (VersionCard | EvictedVersion)[] = [...row.cards]
  for (const versionId of row.evicted) {
    const count = countIn(versionId)
    const successor = order.findIndex((each) => countIn(each.versionId) > count)
    if (successor !== -1) order.splice(successor, 0, { versionId, isEvicted: true })
  }
  return order
}

/** Which version it is by the vault's own count; `NaN`, which nothing follows, by any other. */
function countIn(versionId: string): number {
  return /^v[1-9]\d*$/.test(versionId) ? Number(versionId.slice(1)) : NaN
}

function rank(label: string): number {
  return label === CURRENT ? 0 : label === PREVIOUS ? 1 : 2
}

export function isBuiltIn(label: string): boolean {
  return [CURRENT, PREVIOUS, PENDING].includes(label)
}

/** Whether a flag can be put there (LBL-7); `null` where it can, otherwise why not. */
export function whyNotThere(row: VersionRow, label: string, versionId: string): string | null {
  const card = row.cards.find((each) => each.versionId === versionId)
  if (card === undefined) return 'This version is gone.'
  if (card.flags.includes(label)) return `${label} is there already.`
  if (label === CURRENT && !card.isReadable) return 'A version that is disabled cannot be current.'
  if (label === PREVIOUS && card.flags.includes(CURRENT)) {
    return `${PREVIOUS} cannot be put on the current version.`
  }
  return null
}

/**
 * The next version in a direction on which the flag can be put, or the one it is over now.
 *
 * @param step - 1 for newer, -1 for older
 */
export function nextPlace(row: VersionRow, label: string, over: string, step: 1 | -1): string {
  const start = row.cards.findIndex(({ versionId }) => versionId === over)
  for (let place = start + step; ; place += step) {
    const card = row.cards[place]
    if (card === undefined) return over
    const isHome = card.flags.includes(label)
    if (isHome || whyNotThere(row, label, card.versionId) === null) return card.versionId
  }
}

/** Which version carries the label now. */
export function holderOf(row: VersionRow, label: string): string | null {
  return row.cards.find(({ flags }) => flags.includes(label))?.versionId ?? null
}

/** What moving the flag does, said before and after it is done. */
export function moveWords(row: VersionRow, label: string, versionId: string): string {
  const from = holderOf(row, label)
  if (label !== CURRENT || from === null) return `${label} on ${versionId}`
  return `${label} on ${versionId}, ${PREVIOUS} on ${from}`
}
