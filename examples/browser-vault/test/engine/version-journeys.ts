/** The picture of the versions: what it shows, and what a person moves in it. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import type { VaultPage } from '../support/vault-page.js'
import {
  createVaultIn, flagsOf, sleepIn, storeBehind, storeSecretIn, storeVersionsIn, unlockVaultIn,
} from '../support/vault-page.js'

const CURRENT = 'ACSCurrent'
const PREVIOUS = 'ACSPrevious'
const FLAG = `[data-key="flag ${CURRENT}"]`
const CARD = (versionId: string): string => `[data-version="${versionId}"]`
/** Three versions do not fit in there. */
const PHONE = { width: 390, height: 844 }

function focusAt(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus()
}

/** v1 to v3, of which the last is current. */
async function storeThree(vault: VaultPage): Promise<void> {
  await createVaultIn(vault)
  await storeSecretIn(vault, 'MyDbCreds', 'first')
  await storeVersionsIn(vault, ['second', 'third'])
  expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })
}

async function addLabel(vault: VaultPage, label: string): Promise<void> {
  await vault.press('Add a label')
  await vault.type('Label', label)
  await vault.press('Add')
}

async function drag(vault: VaultPage, label: string, versionId: string): Promise<void> {
  await vault.drag(`[data-key="flag ${label}"]`, CARD(versionId), () => (
    vault.picture('dragging')
  ))
}

export function registerVersions(journey: Journey): void {
  journey('moves a flag by drag, and ACSPrevious with it', async ({ vault }) => {
    await storeThree(vault)
    await drag(vault, CURRENT, 'v1')
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
    await vault.sees('ACSCurrent on v1, ACSPrevious on v3')
    // Dropped where it is refused, and where it came from, it stays.
    await drag(vault, PREVIOUS, 'v1')
    await vault.sees('ACSPrevious cannot be put on the current version.')
    await drag(vault, CURRENT, 'v1')
    expect(await flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
  })

  journey('lets a drag be ended by a key, and not by what others do', async (
    { vault, openAnother },
  ) => {
    await storeThree(vault)
    const other = await openAnother()
    await unlockVaultIn(other)
    await vault.toFront()
    const dragWhile = (onTheWay: () => Promise<void>): Promise<void> => (
      vault.drag(FLAG, '[data-version="v1"]', onTheWay)
    )
    await dragWhile(async () => { await vault.pressKey('Escape') })
    expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })
    expect(await vault.textsAt('.flag-dragged')).toEqual([])
    await dragWhile(async () => {
      await storeBehind(other, 'from-the-other')
      await vault.sees('from-the-other')
      expect(await vault.textsAt('.flag-dragged')).toEqual([CURRENT])
    })
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
    // Other keys mean nothing meanwhile; and a drag ends with the page that it is in.
    await dragWhile(async () => {
      await vault.pressKey('ArrowLeft')
      expect(await vault.textsAt('.flag-dragged')).toEqual([CURRENT])
    })
    await dragWhile(async () => {
      await sleepIn(vault, 60)
      await vault.sees('It was not used for a while.')
    })
    await unlockVaultIn(vault)
    await vault.press('MyDbCreds')
    await vault.sees('Value of v1, current')
    await storeVersionsIn(vault, ['fourth'])
    expect(await flagsOf(vault)).toEqual({ v1: [PREVIOUS], v2: [], v3: [], v4: [CURRENT] })
  })

  journey('carries no flag from one secret to another', async ({ vault }) => {
    await storeThree(vault)
    await storeSecretIn(vault, 'other', 'first')
    await storeVersionsIn(vault, ['second'])
    const before = await flagsOf(vault)
    await vault.press('MyDbCreds')
    await vault.sees('Value of v3, current')
    await vault.evaluate(focusAt, FLAG)
    await vault.pressKey('ArrowLeft')
    await vault.sees('Put it here')
    await vault.press('other')
    await vault.sees('Value of v2, current')
    expect(await vault.seen()).not.toContain('Put it here')
    await vault.press(CURRENT)
    await vault.sees('ACSCurrent is picked up from v2')
    expect(await flagsOf(vault)).toEqual(before)
  })

  journey('moves a flag by keys alone', async ({ vault }) => {
    const { evaluate, pressKey, sees } = vault
    await storeThree(vault)
    await evaluate(focusAt, FLAG)
    await pressKey('ArrowLeft')
    await pressKey('ArrowLeft')
    await sees('Enter: ACSCurrent on v1, ACSPrevious on v3')
    await pressKey('Escape')
    await sees('ACSCurrent stays where it was')
    expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })

    await pressKey('Enter')
    await sees('ACSCurrent is picked up from v3')
    await pressKey('ArrowLeft')
    await pressKey('Enter')
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [], v2: [CURRENT], v3: [PREVIOUS] })
    // The cursor is on the flag still, wherever it went.
    await expect.poll(vault.focused).toBe(`flag ${CURRENT}`)
  })

  journey('is one row, with the version in sight that is looked at', async ({ vault }) => {
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
    await evaluate(() => { document.querySelector('.version-scroll')?.scrollTo(0, 0) })
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

  journey('scrolls to a version out of sight under a flag that is held', async ({ vault }) => {
    await storeThree(vault)
    await vault.resize(PHONE.width, PHONE.height)
    await vault.evaluate(() => {
      document.querySelector('.version-scroll')?.scrollIntoView({ block: 'center' })
    })
    await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
    await vault.evaluate(markRowEdge)
    await vault.drag(FLAG, '#row-edge', async () => {
      await expect.poll(() => vault.evaluate(() => (
        document.querySelector('.version-scroll')?.scrollLeft
      ))).toBe(0)
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

  journey('stands still where the secret is to be deleted', async ({ vault }) => {
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

  journey('says what to do with a mouse, or with a finger', async ({ vault }) => {
    await storeThree(vault)
    expect(await vault.seen()).toContain('Escape leaves it')
    expect(await vault.seen()).not.toContain('tap it')
    await vault.evaluate(reachWithFinger)
    expect(await vault.seen()).not.toContain('Escape leaves it')
    expect(await vault.seen()).toContain('tap it, and then “Put it here”')
  })

  journey('moves a flag by two clicks, and takes it down', async ({ vault }) => {
    await storeThree(vault)
    await addLabel(vault, 'blue')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v3: [CURRENT, 'blue'] })
    await vault.press('blue')
    await vault.press('Put it here: blue on v1')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: ['blue'], v3: [CURRENT] })
    await vault.press('blue')
    await vault.press('Remove it: blue')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: [], v3: [CURRENT] })
    await vault.sees('blue is removed from v1')
  })

  journey('rolls back with a button, to the value of then', async ({ vault }) => {
    await storeThree(vault)
    await vault.press('Version v1')
    await vault.sees('Value of v1')
    await vault.press('Make it current again')
    await vault.sees('Value of v1, current')
    await vault.press('Show')
    await vault.sees('first')
    expect(await vault.focused()).not.toBe('body')
    expect(await flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
  })

  journey('says that there are labels enough', async ({ vault }) => {
    await storeThree(vault)
    for (let i = 1; i <= 6; i++) {
      await addLabel(vault, `label-${i}`)
      await vault.sees(`label-${i} is on v3`)
    }
    await addLabel(vault, 'one-more')
    await vault.sees('A secret has at most 8 different labels.')
    await vault.press('Cancel')
    expect((await flagsOf(vault))['v3']).toHaveLength(7)
  })

  journey('shows which version leaves next, and which have left', async ({ vault }) => {
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'v1')
    await addLabel(vault, 'kept')
    await vault.sees('kept is on v1')
    await storeVersionsIn(vault, ['v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9'])
    await vault.sees('9 of 10 versions are kept.')
    expect(await vault.seen()).not.toContain('leaves next')
    await storeVersionsIn(vault, ['v10'])
    expect(await leaving(vault)).toEqual(['v2'])
    await storeVersionsIn(vault, ['v11'])
    expect(await vault.textsAt('[data-version] .version-id'))
      .toEqual(['v1', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10', 'v11'])
    expect(await leaving(vault)).toEqual(['v3'])
    expect(await vault.textsAt('.version-evicted .version-id')).toEqual(['v2'])
    await vault.sees('Evicted last: v2. The next version evicts v3,')
    // One row, that ends in what is new; what has left stands where it stood.
    expect(await inSight(vault, CARD('v11'))).toBe(true)
    expect(await vault.evaluate(() => new Set(
      [...document.querySelectorAll('.version')]
        .map((card) => Math.round(card.getBoundingClientRect().bottom)),
    ).size)).toBe(1)
    // The one that carries nothing but ACSPrevious loses it to the next put.
    await vault.press('ACSPrevious')
    await vault.press('Put it here: ACSPrevious on v3')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v3: [PREVIOUS], v10: [] })
    expect(await leaving(vault)).toEqual(['v3'])
    await storeVersionsIn(vault, ['v12'])
    expect(await flagsOf(vault)).toMatchObject({ v4: [], v10: [], v11: [PREVIOUS], v12: [CURRENT] })
    expect((await vault.textsAt('.version .version-id')).slice(0, 4))
      .toEqual(['v1', 'v2', 'v3', 'v4'])
    expect(await vault.textsAt('.version-evicted .version-id')).toEqual(['v2', 'v3'])
    await vault.evaluate(() => { document.querySelector('.version-scroll')?.scrollTo(0, 0) })
    await vault.picture('eviction')
  })
}

function leaving({ textsAt }: VaultPage): Promise<string[]> {
  return textsAt('.version-leaving .version-id')
}

/** Whether all of it is to be seen, and not beyond the edge of what scrolls. */
function inSight({ evaluate }: VaultPage, selector: string): Promise<boolean> {
  return evaluate((wanted) => {
    const scroll = document.querySelector('.version-scroll')?.getBoundingClientRect()
    const card = document.querySelector(wanted)?.getBoundingClientRect()
    if (scroll === undefined || card === undefined) return false
    return card.left >= scroll.left && card.right <= scroll.right
  }, selector)
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
    position: 'fixed', pointerEvents: 'none', left: `${left}px`, top: `${row.top + 12}px`,
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
