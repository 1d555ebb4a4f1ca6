/** Storing, showing, editing and deleting secrets. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import { sleepIn, storeSecretIn, storeVersionsIn, unlockVaultIn } from '../support/vault-page.js'

export function registerSecrets(journey: Journey, alike: Journey): void {
  journey('has no value in the page before it is shown or after it was', async ({ vault }) => {
    const { press, sees, seesNot, everything } = vault
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', '<b>canary</b>')
    expect(await everything()).not.toContain('canary')
    await press('Show')
    await sees('<b>canary</b>')
    await press('Hide')
    await seesNot('canary')
    expect(await everything()).not.toContain('canary')

    await press('Show')
    await sees('canary')
    await storeVersionsIn(vault, ['another'])
    expect(await everything()).not.toContain('canary')

    // An answer that comes when another version is looked at is of no use.
    await vault.evaluate(() => {
      const find = (name: string): HTMLElement | undefined =>
        [...document.querySelectorAll('button')].find(
          ({ ariaLabel, textContent }) => (ariaLabel ?? textContent) === name,
        )
      find('Version v1')?.click()
      find('Show')?.click()
      find('Version v2')?.click()
    })
    await storeVersionsIn(vault, ['a third'])
    expect(await everything()).not.toContain('canary')

    await press('Version v1')
    await press('Show')
    await sees('canary')
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    expect(await everything()).not.toMatch(/canary|MyDbCreds/)
  })

  alike('forgets what was typed into a form when it is locked', async ({ vault }) => {
    await enterVaultIn(vault)
    await vault.press('New secret')
    await vault.type('Value', 'canary')
    await sleepIn(vault, 60)
    await vault.sees('It was not used for a while.')
    expect(await vault.textsAt('dialog')).toEqual([])
    expect(await vault.everything()).not.toContain('canary')
  })

  alike('stores no invisible blank and no invisible line end', async ({ vault }) => {
    const { press, pressKey, sees, type } = vault
    const expectStored = async (value: string): Promise<void> => {
      await press('Show')
      await expect.poll(() => vault.textsAt('.value')).toEqual([value])
    }
    await enterVaultIn(vault)
    await press('New secret')
    expect(await vault.seen()).toContain('Not encrypted, and neither are names and tags')
    await type('Name', 'wifi')
    await type('Value', 'canary ')
    await pressKey('Enter')
    await sees('The value ends in a blank.')
    expect(await vault.seen()).not.toContain('wifi is stored')
    await press('Take that out')
    await sees('wifi is stored')
    await expectStored('canary')

    await press('New version')
    await vault.pressAt('.option input')
    await type('Value', 'one\ntwo')
    await press('Store')
    await sees('v2 is stored and current')
    await expectStored('one\ntwo')
    await press('Copy')
    await sees('It leaves the clipboard in')
    await press('New version')
    await type('Value', '')
    await vault.paste()
    await sees('The value has 2 lines.')
    await vault.picture('asked')
    await press('Make it one line')
    await pressKey('Enter')
    await sees('v3 is stored and current')
    await expectStored('onetwo')
  })

  alike('edits what is said of a secret, and its name', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'a', { description: 'Old', tags: 'one\ntwo = 2' })
    await vault.press('Edit')
    await vault.type('Name', 'TheirDbCreds')
    await vault.type('Description', 'New words')
    await vault.type('Tags', 'two = 3')
    await vault.press('Save')
    await vault.sees('TheirDbCreds is saved')
    const seen = await vault.seen()
    expect(seen).toContain('New words')
    expect(seen).toContain('two = 3')
    expect(seen).not.toMatch(/MyDbCreds|Old|\bone\b/)
  })

  alike('keeps a form open with the words for what went wrong', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'a')
    await vault.press('New secret')
    await vault.type('Name', 'MyDbCreds')
    await vault.press('Generate a password')
    await vault.type('Value', 'typed')
    await vault.press('Replace it with a generated password')
    await vault.press('Store')
    await vault.sees('There is a secret of that name already.')
    await vault.type('Name', 'not possible')
    await vault.press('Store')
    await vault.sees('The name may hold only')
    await vault.type('Name', 'generated')
    await vault.press('Store')
    await vault.sees('generated is stored')
    await vault.press('Show')
    await expect.poll(() => vault.textsAt('.value')).toEqual([expect.stringMatching(/^.{32}$/)])
  })

  alike('deletes with time to think, restores, and deletes at once', async ({ vault }) => {
    const { press, sees, seesNot, choose } = vault
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'a')
    await press('Delete')
    await choose('Delete it', '7')
    await vault.pressAt('dialog button.danger')
    await sees('It is going to be deleted on')
    expect(await vault.seen()).not.toContain('New version')
    await press('Restore')
    await sees('MyDbCreds is restored')
    await press('Delete')
    await choose('Delete it', 'now')
    await vault.pressAt('dialog button.danger')
    await sees('There are no secrets yet.')
    await seesNot('Value of')
  })

  alike(
    'takes a shown value out of the page where its secret is to be deleted',
    async ({ vault }) => {
      const { press, pressAt, sees, everything } = vault
      await enterVaultIn(vault)
      await storeSecretIn(vault, 'MyDbCreds', 'canary')
      await press('Show')
      await sees('canary')
      await press('Delete')
      await pressAt('dialog button.danger')
      await sees('It is going to be deleted on')
      expect(await everything()).not.toContain('canary')
      expect(await vault.focused()).not.toBe('body')
      await press('Restore')
      await sees('MyDbCreds is restored')
      expect(await everything()).not.toContain('canary')
      expect(await vault.focused()).not.toBe('body')
    },
  )

  alike('keeps nothing of a secret for another of its name', async ({ vault, openAnother }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'canary')
    await vault.press('Show')
    await vault.sees('canary')
    const other = await openAnother()
    await unlockVaultIn(other)
    await other.press('MyDbCreds')
    await other.press('Delete')
    await other.choose('Delete it', 'now')
    await other.pressAt('dialog button.danger')
    await other.sees('There are no secrets yet.')
    await storeSecretIn(other, 'MyDbCreds', 'another')
    await vault.toFront()
    await expect.poll(vault.everything).not.toContain('canary')
    await vault.press('Show')
    await vault.sees('another')
  })

  alike(
    'saves an edit part by part, to be tried again, and never over what others wrote',
    async ({ vault, openAnother }) => {
      await enterVaultIn(vault)
      await storeSecretIn(vault, 'taken', 'x')
      await storeSecretIn(vault, 'MyDbCreds', 'x', { description: 'Old', tags: 'a' })
      await vault.press('Edit')
      await vault.type('Name', 'taken')
      await vault.type('Description', 'Mine')
      await vault.press('Save')
      await vault.sees('There is a secret of that name already.')
      await vault.press('Cancel')
      expect(await vault.seen()).toContain('Old')

      // What was saved before a part was refused is not taken for another's when it is tried again.
      await vault.press('Edit')
      await vault.type('Name', 'Renamed')
      await vault.type('Tags', `${'k'.repeat(200)} = v`)
      await vault.press('Save')
      await vault.sees('The key of a tag')
      await vault.type('Tags', 'b')
      await vault.press('Save')
      await vault.sees('Renamed is saved')

      await vault.press('Edit')
      await vault.type('Description', 'Mine')
      const other = await openAnother()
      await unlockVaultIn(other)
      await other.pressAt('[data-key="secret Renamed"]')
      await other.press('Edit')
      await other.type('Description', 'Theirs')
      await other.press('Save')
      await other.sees('Renamed is saved')
      await vault.toFront()
      await vault.press('Save')
      await vault.sees('Another tab has changed this secret.')
      await vault.press('Cancel')
      await vault.sees('Theirs')
    },
  )

  alike('acts on the secret that a form was opened for', async ({ vault, openAnother }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'x')
    const other = await openAnother()
    await unlockVaultIn(other)
    await other.press('MyDbCreds')
    for (const [i, open, fill, send] of [
      [1, 'Delete', () => vault.choose('Delete it', 'now'), 'dialog button.danger'],
      [2, 'Edit', () => vault.type('Description', 'for the first'), 'dialog button.primary'],
      [3, 'New version', () => vault.type('Value', 'for the first'), 'dialog button.primary'],
      [4, 'Add a label', () => vault.type('Label', 'first'), 'dialog button.primary'],
    ] as const) {
      await vault.toFront()
      await vault.press('MyDbCreds')
      await expect.poll(() => vault.textsAt('.detail h2')).toEqual(['MyDbCreds'])
      await vault.press(open)
      await fill()
      // Its name goes to another.
      await other.toFront()
      await other.press('Edit')
      await other.type('Name', `former-${i}`)
      await other.press('Save')
      await other.sees(`former-${i} is saved`)
      await storeSecretIn(other, 'MyDbCreds', 'another')
      await vault.toFront()
      await vault.pressAt(send)
      await vault.sees('This name stands for another secret by now.')
      await vault.press('Cancel')
    }
    await vault.press('MyDbCreds')
    await expect.poll(() => vault.textsAt('.detail h2')).toEqual(['MyDbCreds'])
    expect(await vault.seen()).toContain('1 of 10 versions are kept.')
    expect(await vault.textsAt('.about')).toEqual([])
  })

  journey('does not lose what was typed by one key', async ({ vault }) => {
    await enterVaultIn(vault)
    await vault.press('New secret')
    await vault.pressKey('Escape')
    await expect.poll(() => vault.textsAt('dialog')).toEqual([])
    await vault.press('New secret')
    expect(await vault.evaluate(mayLeave)).toBe(true)
    await vault.type('Value', 'typed')
    expect(await vault.evaluate(mayLeave)).toBe(false)
    await vault.pressKey('Escape')
    await vault.sees('Escape once more throws away what you typed.')
    await vault.type('Name', 'kept')
    await vault.seesNot('Escape once more')
    await vault.pressKey('Escape')
    await vault.press('Store')
    await vault.sees('kept is stored')
    await vault.press('Show')
    await vault.sees('typed')
    expect(await vault.evaluate(mayLeave)).toBe(true)

    // While it is being stored no key takes it away, however often it is pressed.
    await vault.press('New secret')
    await vault.type('Name', 'kept')
    await vault.type('Value', 'typed')
    await vault.evaluate(holdDatabase, 1_500)
    await vault.pressKey('Enter')
    for (let i = 0; i < 3; i += 1) await vault.pressKey('Escape')
    await vault.sees('There is a secret of that name already.')
    await vault.press('Cancel')
  })
}

/** Whether the page lets itself be left without a question. */
function mayLeave(): boolean {
  return dispatchEvent(new Event('beforeunload', { cancelable: true }))
}

/** Keeps all others from writing for a while. */
function holdDatabase(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('browser-vault')
    opening.onsuccess = () => {
      const database = opening.result
      const records = database.transaction('records', 'readwrite').objectStore('records')
      const until = performance.now() + milliseconds
      const ask = (): void => {
        if (performance.now() < until) records.get('x').onsuccess = ask
        else database.close()
      }
      ask()
      resolve()
    }
  })
}
