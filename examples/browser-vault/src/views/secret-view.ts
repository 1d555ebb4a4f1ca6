/** One secret: what it is, its versions as a picture, and the value of one of them. */
import type { SecretMetadata } from 'stagevault'
import { tagLabel } from '../model/tag-text.js'
import type { VersionRow } from '../model/version-row.js'
import { CURRENT, holderOf } from '../model/version-row.js'
import type { Child } from './elements.js'
import { button, h, replaceChildren } from './elements.js'
import type { ValueRequests } from './value-panel.js'
import { createValuePanel } from './value-panel.js'
import type { VersionRowRequests } from './version-row-view.js'
import { createVersionRowView } from './version-row-view.js'

export interface SecretRequests extends ValueRequests, VersionRowRequests {
  readonly onBack: () => void
  readonly onNewVersion: () => void
  readonly onEdit: () => void
  readonly onAddLabel: () => void
  readonly onDelete: () => void
  readonly onRestore: () => void
}

/** What is shown of a secret. */
export interface ShownSecret {
  readonly secret: SecretMetadata
  readonly row: VersionRow
  /** The version whose value can be seen. */
  readonly selected: string
}

export interface SecretView {
  readonly element: HTMLElement
  /**
   * @param shown - or `null` where no secret is chosen
   * @param isEmpty - whether there is none to choose
   */
  show(shown: ShownSecret | null, isEmpty?: boolean): void
}

export function createSecretView(requests: SecretRequests): SecretView {
  const element = h('section', { class: 'detail', tabindex: -1, 'aria-label': 'Secret' })
  const value = createValuePanel(requests)
  const versions = createVersionRowView(requests)
  const head = h('header', { class: 'detail-head' })
  const room = h('p', { class: 'hint' })
  const actions = h('div', { class: 'actions' })
  const history = h(
    'section',
    { class: 'history', 'aria-label': 'History' },
    h('h3', {}, 'Versions'),
    room,
    versions.element,
    actions,
  )
  const emptyTitle = h('h2')
  const emptyWords = h('p', { class: 'quiet' })
  const empty = h('div', { class: 'empty' }, emptyTitle, emptyWords)
  let before: string | null = null

  function showSecret({ secret, row, selected }: ShownSecret): void {
    const isLeaving = secret.plannedDeleteTime !== undefined
    replaceChildren(head, ...headOf(secret, requests))
    room.textContent = roomWords(row)
    replaceChildren(
      actions,
      ...(isLeaving
        ? []
        : [
            button('New version', requests.onNewVersion, {
              class: 'primary',
              'data-key': 'new version',
            }),
            button('Add a label', requests.onAddLabel, { 'data-key': 'add label' }),
          ]),
    )
    // A secret that takes the name of a deleted one is another secret.
    const subject = `${secret.secretName} ${secret.createTime.getTime()}`
    versions.show(row, selected, subject, isLeaving)
    const card = row.cards.find(({ versionId }) => versionId === selected)
    const isCurrent = holderOf(row, CURRENT) === selected
    // What is shown stays while labels move, and goes with the version.
    const now = [subject, card?.createTime.getTime(), selected, isCurrent, isLeaving].join(' ')
    if (before !== now) value.show(selected, isCurrent, !isLeaving && card?.isReadable === true)
    before = now
    value.element.hidden = isLeaving
    if (!element.contains(head)) replaceChildren(element, head, value.element, history)
  }

  return {
    element,
    show: (shown, isEmpty = false) => {
      if (shown !== null) {
        showSecret(shown)
        return
      }
      before = null
      value.hide()
      emptyTitle.textContent = isEmpty ? 'Nothing is stored yet' : 'No secret is chosen'
      emptyWords.textContent = isEmpty
        ? 'Begin with “New secret”.'
        : 'Choose one, or store a new one.'
      replaceChildren(element, empty)
    },
  }
}

function headOf(secret: SecretMetadata, requests: SecretRequests): Child[] {
  const { secretName, description, tags, createTime, updateTime, plannedDeleteTime } = secret
  return [
    button('All secrets', requests.onBack, { class: 'back', 'data-key': 'back' }),
    h('h2', {}, secretName),
    description === '' ? null : h('p', { class: 'about' }, description),
    tags.length === 0
      ? null
      : h(
          'ul',
          { class: 'tags', 'aria-label': 'Tags' },
          ...tags.map((tag) => h('li', { class: 'tag' }, tagLabel(tag))),
        ),
    h('p', { class: 'hint' }, `Stored ${dateWords(createTime)}, changed ${dateWords(updateTime)}`),
    plannedDeleteTime === undefined
      ? h(
          'div',
          { class: 'actions' },
          button('Edit', requests.onEdit, { 'data-key': 'edit' }),
          button('Delete', requests.onDelete, { class: 'danger-quiet', 'data-key': 'delete' }),
        )
      : h(
          'div',
          { class: 'notice' },
          h('p', {}, `It is going to be deleted on ${dateWords(plannedDeleteTime)}.`),
          button('Restore', requests.onRestore, { class: 'primary', 'data-key': 'restore' }),
        ),
  ]
}

function roomWords({ cards, room, evicted }: VersionRow): string {
  const next = cards.find(({ leavesNext }) => leavesNext)
  return [
    `${cards.length} of ${room} versions are kept.`,
    evicted.length === 0 ? '' : `Evicted last: ${evicted.join(', ')}.`,
    next === undefined
      ? ''
      : `The next version evicts ${next.versionId}, the oldest that carries no label.`,
  ]
    .filter((words) => words !== '')
    .join(' ')
}

function dateWords(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: 'medium' })
}
