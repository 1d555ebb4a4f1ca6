/** The versions as a row: what of it is in sight, and what can be done there. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { flagsOf } from '../support/vault-page.js'
import {
  CARD,
  CURRENT,
  FLAG,
  PREVIOUS,
  drag,
  focusAt,
  inSight,
  storeThree,
} from '../support/version-picture.js'

/** Three versions do not fit in there. */
const PHONE = { width: 390, height: 844 }

export function registerVersionRow(alike: Journey): void {
  alike('is one row, with the version in sight that is looked at', async ({ vault }) => {
    const { evaluate, pressKey, resize, press, pressAt } = vault
    await storeThree(vault)
    expect(await evaluate(rowTabIndex)).toBe(-1)
    await resize(PHONE.width, PHONE.height)
    await press('All secrets')
    await pressAt('.secret')
    await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
    expect(await inSight(vault, CARD('v1'))).toBe(false)
    await expect.poll(() => evaluate(rowTabIndex)).toBe(0)
    const top = await evaluate(() => scrollY)

    await evaluate(focusAt, FLAG)
    await pressKey('ArrowLeft')
    await pressKey('ArrowLeft')
    await expect.poll(() => inSight(vault, CARD('v1'))).toBe(true)
    expect(await inSight(vault, CARD('v3'))).toBe(false)
    await pressKey('Escape')
    await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
    await pressKey('ArrowLeft')
    await pressKey('ArrowLeft')
    await pressKey('Enter')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: [CURRENT] })
    await expect.poll(() => inSight(vault, FLAG)).toBe(true)
    expect(await evaluate(() => scrollY)).toBe(top)
    // As another tab does it: the focus is on the flag still, and the row goes with it.
    await press('Version v3')
    await evaluate(focusAt, FLAG)
    await evaluate(() => {
      document.querySelector('.version-scroll')?.scrollTo(0, 0)
    })
    expect(await inSight(vault, CARD('v3'))).toBe(false)
    await evaluate(() => {
      const buttons = [...document.querySelectorAll('button')]
      buttons.find(({ textContent }) => textContent === 'Make it current again')?.click()
    })
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v3: [CURRENT] })
    await expect.poll(() => inSight(vault, FLAG)).toBe(true)

    await resize(1280, 900)
    await expect.poll(() => evaluate(rowTabIndex)).toBe(-1)
  })

  alike('scrolls to a version out of sight under a flag that is held', async ({ vault }) => {
    await storeThree(vault)
    await vault.resize(PHONE.width, PHONE.height)
    await vault.evaluate(() => {
      document.querySelector('.version-scroll')?.scrollIntoView({ block: 'center' })
    })
    await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
    await vault.evaluate(markRowEdge)
    await vault.drag(FLAG, '#row-edge', async () => {
      await expect
        .poll(() => vault.evaluate(() => document.querySelector('.version-scroll')?.scrollLeft))
        .toBeLessThan(8)
      await vault.picture('dragged-far')
    })
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
    expect(await inSight(vault, CARD('v1'))).toBe(true)
    // What is held beyond the last version does not make the row any longer.
    await vault.evaluate(markRowEdge, 'right')
    const width = await vault.evaluate(rowWidth)
    await vault.drag(FLAG, '#row-edge', async () => {
      await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
      expect(await vault.evaluate(rowWidth)).toBe(width)
    })
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [PREVIOUS], v2: [], v3: [CURRENT] })
  })

  alike('stands still where the secret is to be deleted', async ({ vault }) => {
    await storeThree(vault)
    expect(await vault.seen()).toContain('Drag a label')
    await vault.press('Delete')
    await vault.pressAt('dialog button.danger')
    await vault.sees('It is going to be deleted on')
    expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })
    expect(await vault.textsAt('.versions button')).toEqual([])
    expect(await vault.seen()).not.toContain('Drag a label')
    await vault.picture('at-rest')
    await vault.press('Restore')
    await vault.sees('Drag a label')
    await drag(vault, CURRENT, 'v1')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: [CURRENT] })
  })

  alike('says what to do with a mouse, or with a finger', async ({ vault }) => {
    await storeThree(vault)
    expect(await vault.seen()).toContain('Escape leaves it')
    expect(await vault.seen()).not.toContain('tap it')
    await vault.evaluate(reachWithFinger)
    expect(await vault.seen()).not.toContain('Escape leaves it')
    expect(await vault.seen()).toContain('tap it, and then “Put it here”')
  })
}

/** -1 where the Tab key passes it. */
function rowTabIndex(): number | undefined {
  return document.querySelector<HTMLElement>('.version-scroll')?.tabIndex
}

function rowWidth(): number | undefined {
  return document.querySelector('.version-scroll')?.scrollWidth
}

/** Puts an element where a driver is to go: at an edge, as high as flags are and not all cards. */
function markRowEdge(side: 'left' | 'right' = 'left'): void {
  document.getElementById('row-edge')?.remove()
  const row = document.querySelector('.version-scroll')?.getBoundingClientRect()
  if (row === undefined) throw new Error('there is no row')
  const mark = document.createElement('div')
  mark.id = 'row-edge'
  const left = side === 'left' ? row.left + 30 : row.right - 30
  Object.assign(mark.style, {
    position: 'fixed',
    pointerEvents: 'none',
    left: `${left}px`,
    top: `${row.top + 12}px`,
  })
  document.body.append(mark)
}

/** As if the pointer were none that is fine: turns the media query over. */
function reachWithFinger(): void {
  const turn = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if (!(rule instanceof CSSMediaRule)) continue
      if (rule.media.mediaText === '(pointer: coarse)') rule.media.mediaText = 'all'
    }
  }
  for (const sheet of document.styleSheets) turn(sheet.cssRules)
}
