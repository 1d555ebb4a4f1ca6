/** The picture of the versions, as the journeys look at it. */
import { expect } from 'vitest'
import { enterVaultIn } from './planted-vault.js'
import type { VaultPage } from './vault-page.js'
import { flagsOf, storeSecretIn, storeVersionsIn } from './vault-page.js'

export const CURRENT = 'ACSCurrent'
export const PREVIOUS = 'ACSPrevious'
export const FLAG = `[data-key="flag ${CURRENT}"]`
export const CARD = (versionId: string): string => `[data-version="${versionId}"]`

export function focusAt(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus()
}

/** v1 to v3, of which the last is current. */
export async function storeThree(vault: VaultPage): Promise<void> {
  await enterVaultIn(vault)
  await storeSecretIn(vault, 'MyDbCreds', 'first')
  await storeVersionsIn(vault, ['second', 'third'])
  expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })
}

export async function drag(vault: VaultPage, label: string, versionId: string): Promise<void> {
  await vault.drag(`[data-key="flag ${label}"]`, CARD(versionId), () => vault.picture('dragging'))
}

/** Whether all of it is to be seen, and not beyond the edge of what scrolls. */
export function inSight({ evaluate }: VaultPage, selector: string): Promise<boolean> {
  return evaluate((wanted) => {
    const scroll = document.querySelector('.version-scroll')?.getBoundingClientRect()
    const card = document.querySelector(wanted)?.getBoundingClientRect()
    if (scroll === undefined || card === undefined) return false
    return card.left >= scroll.left && card.right <= scroll.right
  }, selector)
}
