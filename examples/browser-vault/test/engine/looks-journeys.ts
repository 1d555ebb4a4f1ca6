/** That anybody can use the page, and what it looks like. */
import axe from 'axe-core'
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import type { VaultPage } from '../support/vault-page.js'
import {
  createVaultIn, storeSecretIn, storeVersionsIn, unlockVaultIn,
} from '../support/vault-page.js'

/** Everything that axe finds wrong in what is to be seen now. */
async function problemsIn({ evaluate, runSource }: VaultPage): Promise<string[]> {
  await runSource(axe.source)
  return evaluate(async () => {
    // Colours that are on their way are not those to be judged.
    for (const animation of document.getAnimations()) animation.finish()
    const { violations } = await (self as unknown as { axe: typeof axe }).axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = '' }) => (
      `${id}: ${html}\n${failureSummary}`
    )))
  })
}

/** 0 for black, 255 for white. */
function brightnessOfPage(): number {
  const { backgroundColor } = getComputedStyle(document.body)
  const parts = (backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number)
  return parts.reduce((sum, part) => sum + part, 0) / 3
}

export function registerLooks(journey: Journey, scheme: 'light' | 'dark'): void {
  journey('can be used by anybody', async ({ vault }) => {
    const { evaluate, press, sees } = vault
    const picture = async (name: string): Promise<void> => {
      expect(await problemsIn(vault), name).toEqual([])
      await vault.picture(`${scheme}-${name}`)
    }
    await sees('Choose a passphrase')
    expect(await evaluate(brightnessOfPage) > 128).toBe(scheme === 'light')
    await picture('create')
    await createVaultIn(vault)
    await picture('empty')
    await storeSecretIn(vault, 'mail/smtp', 'x', { description: 'Outgoing', tags: 'env = prod' })
    await storeSecretIn(vault, 'MyDbCreds', 'first', { tags: 'env = prod\ndatabase' })
    await storeVersionsIn(vault, ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11'])
    // Further down the bar lies over the button, for a mouse that does not look.
    await evaluate(() => { scrollTo(0, 0) })
    await press('Show')
    await expect.poll(() => vault.textsAt('.value')).toEqual(['11'])
    await picture('secret')
    await press('ACSCurrent')
    await picture('picked-up')
    await vault.pressKey('Escape')
    await press('New version')
    await picture('form')
    await press('Cancel')
    await vault.resize(390, 844)
    await picture('phone-secret')
    await press('All secrets')
    await picture('phone-list')
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    await picture('locked')
    await unlockVaultIn(vault)
  })
}
