/** Making the vault, unlocking it, locking it. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import {
  WORDS,
  createVaultIn,
  sleepIn,
  storeSecretIn,
  unlockVaultIn,
} from '../support/vault-page.js'

export function registerOpening(journey: Journey, alike: Journey): void {
  journey('makes a vault while the page stays alive and says how far it is', async ({ vault }) => {
    const { evaluate, sees, type, press } = vault
    await sees('Choose a passphrase')
    await type('Passphrase', WORDS)
    await type('The same again', WORDS)
    // How far the bar is, as often as the page's thread is free while the key is derived. Not by
    // frames: a busy machine draws none for a while.
    await evaluate(() => {
      const watched = self as unknown as { fractions: number[] }
      watched.fractions = []
      setInterval(() => {
        const bar = document.querySelector('progress')
        if (bar?.checkVisibility() === true) watched.fractions.push(bar.value)
      }, 5)
    })
    await press('Create the vault')
    await sees('There are no secrets yet.')
    const fractions = await evaluate(() => (self as unknown as { fractions: number[] }).fractions)
    expect(new Set(fractions).size).toBeGreaterThan(10)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  })

  alike('makes none of passphrases that differ or are weak', async ({ vault }) => {
    const { sees, type, press, seen } = vault
    await sees('Choose a passphrase')
    expect(await seen()).toContain('Names, descriptions and tags are not: anyone who can read')
    await type('Passphrase', WORDS)
    await type('The same again', 'something else')
    await press('Create the vault')
    await sees('The two passphrases differ.')
    await type('Passphrase', 'short')
    await type('The same again', 'short')
    await press('Create the vault')
    await sees('needs at least 8 characters')
    await type('Passphrase', 'password')
    await sees('Guessed at once')
    await type('The same again', 'password')
    await press('Create the vault')
    await sees('This passphrase is guessed too easily.')
    expect(await seen()).not.toContain('Lock now')
  })

  journey('refuses a wrong passphrase and takes the right one', async ({ vault }) => {
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.type('Passphrase', 'incorrect horse')
    await vault.press('Unlock')
    await vault.sees('This passphrase does not open the vault.')
    await vault.picture('wrong-passphrase')
    await unlockVaultIn(vault)
    await vault.sees('MyDbCreds')
  })

  journey('is locked again when the page is left', async ({ vault }) => {
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await vault.reload()
    await vault.sees('The vault in this browser is locked.')
    expect(await vault.everything()).not.toContain('MyDbCreds')
    await unlockVaultIn(vault)
    await vault.sees('MyDbCreds')
  })

  alike('locks by itself when the computer slept for too long', async ({ vault }) => {
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await vault.choose('Locks after', '15')
    await sleepIn(vault, 10)
    await vault.sees('MyDbCreds')
    await sleepIn(vault, 10)
    await vault.sees('It was not used for a while.')
    expect(await vault.everything()).not.toContain('MyDbCreds')
  })

  alike(
    'takes a moving pointer for use of the page, and one at rest for none',
    async ({ vault }) => {
      await createVaultIn(vault)
      const moveTo = (x: number): Promise<void> =>
        vault.evaluate((screenX) => {
          document.body.dispatchEvent(new PointerEvent('pointermove', { screenX, bubbles: true }))
        }, x)
      for (const x of [1, 2, 3]) {
        await sleepIn(vault, 3)
        await moveTo(x)
      }
      await vault.sees('There are no secrets yet.')
      await sleepIn(vault, 3)
      await moveTo(3)
      await sleepIn(vault, 3)
      await vault.sees('It was not used for a while.')
    },
  )

  journey(
    'unlocks one tab alone, and tells the others what it changed',
    async ({ vault, openAnother }) => {
      await createVaultIn(vault)
      const other = await openAnother()
      await other.sees('The vault in this browser is locked.')
      await unlockVaultIn(other)
      await storeSecretIn(other, 'from-the-other', 'x')
      await vault.toFront()
      await vault.sees('from-the-other')
      await vault.press('Lock now')
      await vault.sees('The vault in this browser is locked.')
      await other.toFront()
      await storeSecretIn(other, 'afterwards', 'y')
    },
  )

  alike('opens again after it has locked by itself, and stays open', async ({ vault }) => {
    await createVaultIn(vault)
    await sleepIn(vault, 60)
    await vault.sees('It was not used for a while.')
    await unlockVaultIn(vault)
    await vault.press('New secret')
    await vault.press('Cancel')
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    expect(await vault.seen()).toContain('Lock now')
  })

  journey('does not open behind the back of who left the page', async ({ vault }) => {
    await createVaultIn(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.type('Passphrase', WORDS)
    await vault.evaluate(() => {
      const unlock = [...document.querySelectorAll('button')].find(
        (one) => one.textContent === 'Unlock',
      )
      unlock?.click()
      // As where the browser keeps the page for "back".
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
      setTimeout(() => {
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      }, 100)
    })
    await expect.poll(vault.everything).toContain('Unlock')
    expect(await vault.everything()).not.toContain(WORDS)
    // Longer than deriving the key takes, as unlocking here shows.
    await unlockVaultIn(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
  })

  alike('offers what can be done where another tab was first', async ({ vault, openAnother }) => {
    const other = await openAnother()
    await other.sees('Choose a passphrase')
    await createVaultIn(other)
    await vault.toFront()
    await vault.type('Passphrase', WORDS)
    await vault.type('The same again', WORDS)
    await vault.press('Create the vault')
    await vault.sees('There is a vault in this browser already.')
    await unlockVaultIn(vault)
  })

  alike(
    'lets a person who forgot the passphrase delete the vault and start again',
    async ({ vault, openAnother }) => {
      await createVaultIn(vault)
      await storeSecretIn(vault, 'MyDbCreds', 'canary')
      await vault.press('Show')
      await vault.sees('canary')
      const third = await openAnother()
      await third.press('I forgot the passphrase')
      const other = await openAnother()
      await other.press('I forgot the passphrase')
      await other.type('Type “delete” if you want that', 'yes')
      await other.press('Delete the vault')
      await other.sees('Nothing is deleted unless the field says “delete”.')
      await other.picture('delete-vault')
      await other.press('Cancel')
      await unlockVaultIn(other)
      await other.sees('MyDbCreds')
      await other.press('Lock now')

      await other.press('I forgot the passphrase')
      await other.type('Type “delete” if you want that', 'Delete')
      await other.press('Delete the vault')
      await other.sees('The vault was deleted.')
      await createVaultIn(other)
      expect(await other.seen()).not.toContain('MyDbCreds')
      // A question about the vault that is gone must not be answered about the new one.
      await third.toFront()
      await third.sees('The vault was deleted in another tab.')
      expect(await third.textsAt('dialog')).toEqual([])
      // A tab that had the vault open shows nothing of it any more, and begins with the new one.
      await vault.toFront()
      await vault.sees('The vault was deleted in another tab.')
      expect(await vault.everything()).not.toMatch(/canary|MyDbCreds/)
      await vault.reload()
      await unlockVaultIn(vault)
      await vault.sees('There are no secrets yet.')
    },
  )

  journey('says which tab is in the way of a deletion', async ({ vault, openAnother }) => {
    await createVaultIn(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('browser-vault')
          opening.onsuccess = () => {
            Object.assign(self, { held: opening.result })
            resolve()
          }
        }),
    )
    await vault.press('I forgot the passphrase')
    await vault.type('Type “delete” if you want that', 'delete')
    await vault.press('Delete the vault')
    await vault.sees('Another tab holds the vault.')
    await vault.press('Cancel')
    // Until it is closed no browser answers anybody, and none says why.
    await vault.type('Passphrase', WORDS)
    await vault.press('Unlock')
    await vault.press('Cancel')
    await vault.sees('Cancelled.')
    const other = await openAnother()
    await other.sees('The browser does not answer. It may be deleting the vault')
    await vault.toFront()
    await vault.press('I forgot the passphrase')
    await vault.type('Type “delete” if you want that', 'delete')
    await vault.evaluate(() => {
      ;(self as unknown as { held: IDBDatabase }).held.close()
    })
    await vault.press('Delete the vault')
    await vault.sees('The vault was deleted.')
  })

  journey('is unlocked though its server is gone', async ({ vault, openAnother, stopServing }) => {
    await enterVaultIn(vault)
    const other = await openAnother()
    await other.sees('The vault in this browser is locked.')
    await stopServing()
    await unlockVaultIn(other)
    await vault.toFront()
    for (let times = 0; times < 2; times += 1) {
      await vault.press('Lock now')
      await unlockVaultIn(vault)
    }
  })

  alike('takes Enter pressed twice for once', async ({ vault }) => {
    await createVaultIn(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.type('Passphrase', WORDS)
    await vault.pressKey('Enter')
    await vault.pressKey('Enter')
    await vault.sees('Lock now')
  })

  alike('gives the cursor to who opens the vault', async ({ vault }) => {
    await createVaultIn(vault)
    expect(await vault.focused()).toMatch(/^search/)
  })
}
