/** The picture of the versions: what it shows, and what a person moves in it. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import type { VaultPage } from '../support/vault-page.js'
import {
  flagsOf,
  sleepIn,
  storeBehind,
  storeSecretIn,
  storeVersionsIn,
  unlockVaultIn,
} from '../support/vault-page.js'
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
import { registerVersionRow } from './row-journeys.js'

async function addLabel(vault: VaultPage, label: string): Promise<void> {
  await vault.press('Add a label')
  await vault.type('Label', label)
  await vault.press('Add')
}

export function registerVersions(journey: Journey, alike: Journey): void {
  registerVersionRow(alike)

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

  alike(
    'lets a drag be ended by a key, and not by what others do',
    async ({ vault, openAnother }) => {
      await storeThree(vault)
      const other = await openAnother()
      await unlockVaultIn(other)
      await vault.toFront()
      const dragWhile = (onTheWay: () => Promise<void>): Promise<void> =>
        vault.drag(FLAG, '[data-version="v1"]', onTheWay)
      await dragWhile(async () => {
        await vault.pressKey('Escape')
      })
      expect(await flagsOf(vault)).toEqual({ v1: [], v2: [PREVIOUS], v3: [CURRENT] })
      expect(await vault.textsAt('.flag-dragged')).toEqual([])
      await dragWhile(async () => {
        await storeBehind(other, 'from-the-other')
        await vault.sees('from-the-other')
        expect(await vault.textsAt('.flag-dragged')).toEqual([CURRENT])
      })
      await expect.poll(() => flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
      // Other keys mean nothing during a drag; and a drag ends with the page that it is in.
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
    },
  )

  alike('carries no flag from one secret to another', async ({ vault }) => {
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

  alike('moves a flag by two clicks, and takes it down', async ({ vault }) => {
    await storeThree(vault)
    await addLabel(vault, 'blue')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v3: [CURRENT, 'blue'] })
    await vault.press('blue')
    await vault.press('Put it here: blue on v1')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: ['blue'], v3: [CURRENT] })
    await expect.poll(vault.focused).toBe('flag blue')
    await vault.press('blue')
    await vault.press('Remove it: blue')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v1: [], v3: [CURRENT] })
    await vault.sees('blue is removed from v1')
    await expect.poll(vault.focused).toBe('version v1')
  })

  alike('rolls back with a button, to the value of then', async ({ vault }) => {
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

  alike('says that there are labels enough', async ({ vault }) => {
    await storeThree(vault)
    await vault.resize(760, 900)
    for (let i = 1; i <= 6; i++) {
      await addLabel(vault, `label-${i}`)
      await vault.sees(`label-${i} is on v3`)
      await expect.poll(() => inSight(vault, CARD('v3'))).toBe(true)
    }
    await addLabel(vault, 'one-more')
    await vault.sees('A secret has at most 8 different labels.')
    await vault.press('Cancel')
    expect((await flagsOf(vault))['v3']).toHaveLength(7)
  })

  alike('shows which version leaves next, and which have left', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'v1')
    await addLabel(vault, 'kept')
    await vault.sees('kept is on v1')
    await storeVersionsIn(vault, ['v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9'])
    await vault.sees('9 of 10 versions are kept.')
    expect(await vault.seen()).not.toContain('leaves next')
    await storeVersionsIn(vault, ['v10'])
    expect(await leaving(vault)).toEqual(['v2'])
    await storeVersionsIn(vault, ['v11'])
    expect(await vault.textsAt('[data-version] .version-id')).toEqual([
      'v1',
      'v3',
      'v4',
      'v5',
      'v6',
      'v7',
      'v8',
      'v9',
      'v10',
      'v11',
    ])
    expect(await leaving(vault)).toEqual(['v3'])
    expect(await vault.textsAt('.version-evicted .version-id')).toEqual(['v2'])
    await vault.sees('Evicted last: v2. The next version evicts v3,')
    // One row, that ends in what is new; what has left stands where it stood.
    expect(await inSight(vault, CARD('v11'))).toBe(true)
    expect(
      await vault.evaluate(
        () =>
          new Set(
            [...document.querySelectorAll('.version')].map((card) =>
              Math.round(card.getBoundingClientRect().bottom),
            ),
          ).size,
      ),
    ).toBe(1)
    // The one that carries nothing but ACSPrevious loses it to the next put.
    await vault.press('ACSPrevious')
    await vault.press('Put it here: ACSPrevious on v3')
    await expect.poll(() => flagsOf(vault)).toMatchObject({ v3: [PREVIOUS], v10: [] })
    expect(await leaving(vault)).toEqual(['v3'])
    await storeVersionsIn(vault, ['v12'])
    expect(await flagsOf(vault)).toMatchObject({ v4: [], v10: [], v11: [PREVIOUS], v12: [CURRENT] })
    expect((await vault.textsAt('.version .version-id')).slice(0, 4)).toEqual([
      'v1',
      'v2',
      'v3',
      'v4',
    ])
    expect(await vault.textsAt('.version-evicted .version-id')).toEqual(['v2', 'v3'])
    await vault.evaluate(() => {
      document.querySelector('.version-scroll')?.scrollTo(0, 0)
    })
    await vault.picture('eviction')
  })
}

function leaving({ textsAt }: VaultPage): Promise<string[]> {
  return textsAt('.version-leaving .version-id')
}
