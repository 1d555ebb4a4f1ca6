/** The list: finding secrets, and the way from it and back. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import { storeBehind, storeSecretIn, unlockVaultIn } from '../support/vault-page.js'

export function registerList(journey: Journey, alike: Journey): void {
  alike('finds secrets by words and by tags', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'a', { description: 'The shop', tags: 'env = prod' })
    await storeSecretIn(vault, 'mail/smtp', 'b', { tags: 'env = prod\nmail' })
    await storeSecretIn(vault, 'wifi', 'c')
    await vault.sees('3 secrets')
    await vault.type('Search', 'shop')
    await vault.sees('1 of 3 secrets')
    await vault.type('Search', ' ')
    await vault.press('env = prod (2)')
    await vault.sees('2 of 3 secrets')
    expect(await vault.textsAt('.secret-name')).toEqual(['mail/smtp', 'MyDbCreds'])
    await vault.type('Search', 'wifi')
    await vault.sees('No secret has “wifi” and the tag env = prod.')
    expect(await vault.textsAt('.filter span')).toEqual(['Search: wifi', 'Tag: env = prod'])
    await vault.press('Clear the tag env = prod')
    await vault.sees('1 of 3 secrets')
    await vault.press('Clear the search wifi')
    await vault.seesNot('of 3 secrets')
    expect(await vault.textsAt('.filter')).toEqual([])
  })

  alike('brings what was stored into view, in a row that is not tall', async ({ vault }) => {
    await enterVaultIn(vault, 210)
    await vault.press('Show more')
    await storeSecretIn(vault, 's105b', 'x', { description: 'many words '.repeat(60) })
    const row = await vault.evaluate(() => {
      const list = document.querySelector('.list')?.getBoundingClientRect()
      const box = document.querySelector('[data-key="secret s105b"]')?.getBoundingClientRect()
      if (list === undefined || box === undefined) throw new Error('there is no row')
      return { isSeen: box.top >= list.top && box.bottom <= list.bottom, height: box.height }
    })
    expect(row.isSeen).toBe(true)
    expect(row.height).toBeLessThan(100)
  })

  alike(
    'lets what was said stand while others change something',
    async ({ vault, openAnother }) => {
      await enterVaultIn(vault)
      const other = await openAnother()
      await unlockVaultIn(other)
      await vault.toFront()
      await storeSecretIn(vault, 'mine', 'x')
      await storeBehind(other, 'theirs')
      await vault.sees('theirs')
      expect(await vault.seen()).toContain('mine is stored')
    },
  )

  alike(
    'shows the tag that the list goes by, however rare it is',
    async ({ vault, openAnother }) => {
      await enterVaultIn(vault)
      await storeSecretIn(vault, 'rare', 'x', { tags: 'zzz' })
      await vault.press('zzz (1)')
      const other = await openAnother()
      await unlockVaultIn(other)
      const many = Array.from({ length: 13 }, (_, i) => `tag-${i}`).join('\n')
      await storeSecretIn(other, 'many', 'x', { tags: many })
      await vault.toFront()
      await vault.sees('1 of 2 secrets')
      await vault.press('zzz (1)')
      await vault.seesNot('of 2 secrets')
      expect(await vault.textsAt('.chip')).not.toContain('zzz (1)')
    },
  )

  alike('opens the other secrets where one is damaged', async ({ vault }) => {
    await enterVaultIn(vault)
    for (const name of ['broken', 'sound']) await storeSecretIn(vault, name, `value of ${name}`)
    await vault.press('Lock now')
    await vault.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('browser-vault')
          opening.onsuccess = () => {
            const database = opening.result
            const records = database.transaction('records', 'readwrite').objectStore('records')
            const reading = records.get('secret!broken!head') as IDBRequest<Uint8Array>
            reading.onsuccess = () => {
              records.put(
                reading.result.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
                'secret!broken!head',
              )
            }
            records.transaction.oncomplete = () => {
              database.close()
              resolve()
            }
          }
        }),
    )
    await unlockVaultIn(vault)
    await vault.sees('Damaged, and not to be opened: broken.')
    await vault.press('sound')
    await vault.press('Show')
    await vault.sees('value of sound')
  })

  journey('goes back to the list from a secret on a phone, and stays open', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await storeSecretIn(vault, 'other', 'second')
    await vault.resize(390, 844)
    await vault.press('All secrets')
    for (const goBack of [
      () =>
        vault.evaluate(() => {
          history.back()
        }),
      () => vault.press('All secrets'),
      // Twice as fast as a browser goes back.
      () =>
        vault.evaluate(() => {
          const back = document.querySelector<HTMLElement>('[data-key="back"]')
          back?.click()
          back?.click()
        }),
    ]) {
      await vault.press('MyDbCreds')
      await vault.sees('Value of v1')
      await vault.seesNot('2 secrets')
      await goBack()
      await vault.sees('2 secrets')
      await vault.seesNot('Value of v1')
    }
    expect(await vault.seen()).toContain('Lock now')
    expect(await vault.evaluate(() => history.state as unknown)).toBe(null)
    expect(await vault.focused()).toBe('secret MyDbCreds')
    await storeSecretIn(vault, 'third', 'x')
    expect(await vault.focused()).toBe('section')
    // Held the other way there is room for both, and then not any more.
    await vault.resize(844, 390)
    await vault.press('MyDbCreds')
    await vault.resize(390, 844)
    await vault.seesNot('3 secrets')
    await vault.evaluate(() => {
      history.back()
    })
    await vault.sees('3 secrets')
  })

  alike('leads back to where one was in a long list', async ({ vault }) => {
    const top = (): Promise<number> => vault.evaluate(() => Math.round(scrollY))
    await enterVaultIn(vault, 210)
    await vault.evaluate(() => {
      ;[...document.querySelectorAll('button')]
        .find(({ textContent }) => textContent === 'Show more')
        ?.focus()
    })
    await vault.pressKey('Enter')
    await expect.poll(vault.focused).toBe('secret s200')
    await vault.resize(390, 844)
    await vault.evaluate(() => {
      document.querySelector('[data-key="secret s120"]')?.scrollIntoView({ block: 'center' })
    })
    const before = await top()
    expect(before).toBeGreaterThan(1_000)
    await vault.press('s120')
    await vault.sees('Value of v1')
    await vault.press('All secrets')
    await vault.sees('210 secrets')
    await expect.poll(top).toBe(before)
    expect(await vault.focused()).toBe('secret s120')
  })

  alike('shows what was stored, after any earlier search', async ({ vault, openAnother }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'wifi', 'x')
    await vault.type('Search', 'wifi')
    await storeSecretIn(vault, 'mail', 'x')
    expect(await vault.textsAt('.secret-name')).toEqual(['mail', 'wifi'])
    // What another tab does with the secret that is chosen takes nothing out of the search.
    const other = await openAnother()
    await unlockVaultIn(other)
    await other.press('mail')
    await vault.toFront()
    await vault.type('Search', 'wifi')
    await other.toFront()
    await other.press('Edit')
    await other.type('Name', 'post')
    await other.press('Save')
    await other.sees('post is saved')
    await vault.toFront()
    await vault.sees('Value of v1')
    await expect.poll(() => vault.textsAt('.detail h2')).toEqual(['post'])
    expect(await vault.textsAt('.secret-name')).toEqual(['wifi'])
  })
}
