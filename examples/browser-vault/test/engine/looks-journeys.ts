/** That anybody can use the page, and what it looks like. */
import axe from 'axe-core'
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import type { VaultPage } from '../support/vault-page.js'
import {
  createVaultIn,
  storeSecretIn,
  storeVersionsIn,
  unlockVaultIn,
} from '../support/vault-page.js'

/** Everything that axe finds wrong in what is to be seen now. */
async function problemsIn({ evaluate, runSource }: VaultPage): Promise<string[]> {
  await runSource(axe.source)
  return evaluate(async () => {
    // Colours that are on their way are not those to be judged.
    for (const animation of document.getAnimations()) animation.finish()
    const { violations } = await (self as unknown as { axe: typeof axe }).axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}\n${failureSummary}`),
    )
  })
}

/** 0 for black, 255 for white. */
function brightnessOfPage(): number {
  const { backgroundColor } = getComputedStyle(document.body)
  const parts = (backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number)
  return parts.reduce((sum, part) => sum + part, 0) / 3
}

/** What reaches beyond the window, or beyond what holds it, and does not scroll. */
function overflowing(): string[] {
  const scrolls = 'pre, textarea, input, select, .version-scroll, .version-scroll *, .heard'
  return [...document.body.querySelectorAll<HTMLElement>('*')]
    .filter((each) => each.checkVisibility() && !each.matches(scrolls))
    .filter((each) => {
      const { left, right } = each.getBoundingClientRect()
      const isWide = each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1
      return isWide || left < -1 || right > document.documentElement.clientWidth + 1
    })
    .map(({ localName, className }) => `${localName}.${className}`)
}

/** Whether the search field and all of the list are below the bar, however far one has scrolled. */
function isListBelowBar(): boolean {
  scrollTo(0, document.documentElement.scrollHeight)
  const bar = document.querySelector('.bar')?.getBoundingClientRect()
  const list = document.querySelector('.list')?.getBoundingClientRect()
  if (bar === undefined || list === undefined || scrollY === 0) throw new Error('nothing scrolls')
  return bar.top === 0 && Math.abs(list.top - bar.bottom) < 1
}

/** Whether what gets the focus comes out from under the bar. */
function isFocusBelowBar(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector)
  const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom
  if (element === null || bar === undefined) throw new Error(`there is no ${selector}`)
  scrollTo(0, scrollY + element.getBoundingClientRect().top - bar / 2)
  element.focus()
  return element.getBoundingClientRect().top >= bar
}

export function registerLooks(journey: Journey, scheme: 'light' | 'dark'): void {
  journey('can be used by anybody', async ({ vault }) => {
    const { evaluate, press, sees } = vault
    const picture = async (name: string): Promise<void> => {
      expect(await problemsIn(vault), name).toEqual([])
      await vault.picture(`${scheme}-${name}`)
    }
    await sees('Choose a passphrase')
    expect((await evaluate(brightnessOfPage)) > 128).toBe(scheme === 'light')
    await picture('create')
    await createVaultIn(vault)
    await picture('empty')
    await storeSecretIn(vault, 'mail/smtp', 'x', { description: 'Outgoing', tags: 'env = prod' })
    await storeSecretIn(vault, 'MyDbCreds', 'first', { tags: 'env = prod\ndatabase' })
    await storeVersionsIn(vault, ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11'])
    await vault.resize(1280, 600)
    expect(await evaluate(isFocusBelowBar, '[data-key="edit"]')).toBe(true)
    await vault.resize(1280, 900)
    await press('Show')
    await expect.poll(() => vault.textsAt('.value')).toEqual(['11'])
    await picture('secret')
    await press('ACSCurrent')
    await picture('picked-up')
    await vault.pressKey('Escape')
    await press('New version')
    await picture('form')
    await press('Cancel')
    await vault.resize(1280, 600)
    expect(await evaluate(isListBelowBar)).toBe(true)
    await picture('end-of-page')
    await vault.resize(390, 844)
    await picture('phone-secret')
    await press('All secrets')
    await picture('phone-list')
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    await picture('locked')
    await unlockVaultIn(vault)
  })

  if (scheme === 'light')
    journey('keeps long names and labels within its window', async ({ vault }) => {
      const fits = async (name: string): Promise<void> => {
        for (const width of [1280, 320]) {
          await vault.resize(width, 800)
          expect(await vault.evaluate(overflowing), `${name} at ${width}`).toEqual([])
          await vault.picture(`long-${name}-${width}`)
        }
        await vault.resize(1280, 800)
      }
      const long = 'W'.repeat(60)
      const tags = `${'k'.repeat(120)} = ${'v'.repeat(120)}`
      await enterVaultIn(vault)
      await storeSecretIn(vault, 'N'.repeat(192), 'x', { description: 'D'.repeat(192), tags })
      await fits('name')
      await vault.press('Add a label')
      await fits('dialog')
      await vault.type('Label', long)
      await vault.press('Add')
      await vault.sees(`${long} is on v1`)
      await storeVersionsIn(vault, ['second'])
      await fits('label')
      await vault.press(long)
      await vault.press(`Put it here: ${long} on v2`)
      await vault.sees(`${long} on v2`)
      await fits('message')
      await vault.resize(320, 800)
      await vault.press('All secrets')
      await fits('list')
      await vault.pressAt('.secret')
      await vault.press('Delete')
      await fits('deletion')
      await vault.pressAt('dialog button.danger')
      await vault.sees('It is going to be deleted on')
      await fits('leaving')
    })
}
