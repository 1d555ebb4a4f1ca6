/** Elements from code. No text ever becomes markup: there is no `innerHTML` on this page. */

type Attribute = string | number | boolean | null | undefined | ((event: never) => void)

export type Attributes = Readonly<Record<string, Attribute>>

export type Child = Node | string | null

/**
 * An element. `on…` attributes are listeners; `true` stands for an attribute without a value;
 * what is `false`, `null` or `undefined` is left out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value as (event: Event) => void)
    } else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value))
    }
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

export function button(
  text: string,
  onclick: () => unknown,
  attributes: Attributes = {},
): HTMLButtonElement {
  return h('button', { type: 'button', onclick, ...attributes }, text)
}

/**
 * New children, with the focus on what has the `data-key` of what had it, or else on what holds
 * them: it never falls to the page as a whole.
 */
export function replaceChildren(parent: Element, ...children: readonly Child[]): void {
  const focused = document.activeElement
  const hadFocus = focused instanceof HTMLElement && focused !== parent && parent.contains(focused)
  parent.replaceChildren(...children.filter((child) => child !== null))
  if (hadFocus && !parent.contains(focused)) refocus(focused, parent)
}

/**
 * Puts the focus on what stands now for an element that is gone: what has its `data-key`, or what
 * its `data-next` names.
 */
export function refocus(gone: HTMLElement, within: Element): void {
  const key = gone.dataset['next'] ?? gone.dataset['key']
  const successor = [...within.querySelectorAll<HTMLElement>('[data-key]')].find(
    (each) => key !== undefined && each.dataset['key'] === key && each.checkVisibility(),
  )
  const next = successor ?? within.closest<HTMLElement>('[tabindex="-1"]')
  next?.focus({ preventScroll: true })
}

let ids = 0

/** An id for a label and what it labels. */
export function newId(what: string): string {
  ids += 1
  return `${what}-${ids}`
}
