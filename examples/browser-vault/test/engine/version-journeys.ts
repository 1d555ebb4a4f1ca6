/** The picture of the versions: what it shows, and what a person moves in it. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import type { VaultPage } from '../support/vault-page.js'
import {
  createVaultIn, flagsOf, storeSecretIn, storeVersionsIn,
} from '../support/vault-page.js'

const CURRENT = 'ACSCurrent'
const PREVIOUS = 'ACSPrevious'

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
  await vault.drag(`[data-key="flag ${label}"]`, `[data-version="${versionId}"]`, () => (
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

  journey('moves a flag by keys alone', async ({ vault }) => {
    const { evaluate, pressKey, sees } = vault
    await storeThree(vault)
    await evaluate((selector) => {
      document.querySelector<HTMLElement>(selector)?.focus()
    }, `[data-key="flag ${CURRENT}"]`)
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
    const focused = (): Promise<string | undefined> => evaluate(() => (
      (document.activeElement as HTMLElement).dataset['key']
    ))
    await expect.poll(focused).toBe(`flag ${CURRENT}`)
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
    await vault.sees('Evicted just now: v2. The next version evicts v3,')
    await vault.picture('eviction')
  })
}

function leaving({ textsAt }: VaultPage): Promise<string[]> {
  return textsAt('.version-leaving .version-id')
}
