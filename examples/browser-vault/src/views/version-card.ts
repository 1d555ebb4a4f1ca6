/** One version as a card, with its flags. */
import type { EvictedVersion, VersionCard, VersionRow } from '../model/version-row.js'
import { isBuiltIn, whyNotThere } from '../model/version-row.js'
import { button, h, newId } from './elements.js'
import type { FlagDragging } from './flag-drag.js'
import { makeDraggable } from './flag-drag.js'
import type { FlagMoves } from './flag-moves.js'

/** What a card is drawn with. */
export interface CardContext {
  readonly row: VersionRow
  readonly selected: string
  readonly moves: FlagMoves
  /** The id of the element that says how flags are moved. */
  readonly hintId: string
  /** Nothing can be pressed or dragged. */
  readonly isAtRest: boolean
  readonly dragging: (label: string) => FlagDragging
  readonly onSelect: (versionId: string) => void
  readonly onRemove: (label: string, from: string) => void
}

export function versionCard(card: VersionCard, context: CardContext): HTMLElement {
  const { versionId, flags, createTime, leavesNext, isReadable } = card
  const { moves, isAtRest } = context
  const picked = moves.picked()
  const isSelected = versionId === context.selected && !isAtRest
  const nameId = newId('version')
  const isTarget = picked?.over === versionId && !flags.includes(picked.label)
  const classes = [
    'version',
    isSelected ? 'version-selected' : '',
    leavesNext ? 'version-leaving' : '',
    isTarget ? 'version-target' : '',
  ]
  return h(
    'li',
    { class: classes.filter(Boolean).join(' '), 'data-version': versionId },
    h(
      'div',
      { class: 'flags' },
      leavesNext ? h('span', { class: 'badge badge-warning' }, 'leaves next') : null,
      isReadable ? null : h('span', { class: 'badge' }, 'disabled'),
      ...flags.map((label) => flagOf(label, nameId, context)),
    ),
    isAtRest
      ? h('span', { class: 'version-id' }, versionId)
      : button(
          versionId,
          () => {
            context.onSelect(versionId)
          },
          {
            id: nameId,
            class: 'version-id',
            'data-key': `version ${versionId}`,
            'aria-pressed': isSelected ? 'true' : 'false',
            'aria-label': `Version ${versionId}`,
          },
        ),
    h(
      'time',
      { class: 'version-time', datetime: createTime.toISOString() },
      createTime.toLocaleDateString(undefined, { dateStyle: 'short' }),
      h('br'),
      createTime.toLocaleTimeString(undefined, { timeStyle: 'short' }),
    ),
    picked === null ? null : h('div', { class: 'version-foot' }, placeButton(card, context)),
  )
}

export function evictedCard({ versionId }: EvictedVersion): HTMLElement {
  return h(
    'li',
    { class: 'version version-evicted' },
    h('span', { class: 'version-id' }, versionId),
    h('span', { class: 'version-time' }, 'evicted'),
  )
}

function flagOf(
  label: string,
  nameId: string,
  { moves, hintId, isAtRest, dragging }: CardContext,
): HTMLElement {
  const kind = isBuiltIn(label) ? 'flag flag-built-in' : 'flag'
  if (isAtRest) return h('span', { class: kind }, label)
  const flag = button(
    label,
    () => {
      moves.press(label)
    },
    {
      class: kind,
      'data-key': `flag ${label}`,
      'aria-pressed': moves.picked()?.label === label ? 'true' : 'false',
      'aria-describedby': `${nameId} ${hintId}`,
      onkeydown: (event: KeyboardEvent) => {
        if (moves.key(event.key, label)) event.preventDefault()
      },
    },
  )
  makeDraggable(flag, dragging(label))
  return flag
}

/** Where a flag is picked up, the other versions offer to take it, and its own to take it down. */
function placeButton(
  { versionId, flags }: VersionCard,
  { row, moves, onRemove }: CardContext,
): HTMLElement | null {
  const picked = moves.picked()
  if (picked === null) return null
  const { label } = picked
  if (flags.includes(label)) {
    return isBuiltIn(label)
      ? null
      : button(
          'Remove it',
          () => {
            moves.drop()
            onRemove(label, versionId)
          },
          {
            class: 'small',
            'aria-label': `Remove it: ${label}`,
            'data-next': `version ${versionId}`,
          },
        )
  }
  return whyNotThere(row, label, versionId) !== null
    ? null
    : button(
        'Put it here',
        () => {
          moves.put(label, versionId)
        },
        {
          class: 'small',
          'aria-label': `Put it here: ${label} on ${versionId}`,
          'data-next': `flag ${label}`,
        },
      )
}
