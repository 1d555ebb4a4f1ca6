/** The page in a browser, with a person before it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '@stagevault/browser-engines'
import { expect } from 'vitest'
import type { Fingers } from './fingers.js'
import { PATIENCE, fingersOf } from './fingers.js'
import type { Hands } from './hands.js'

const SCREENSHOTS = fileURLToPath(new URL('../../screenshots', import.meta.url))

export const WORDS = 'correct horse battery'

export interface Eyes {
  /** Waits until a person sees a text, or does not any more. */
  readonly sees: (text: string) => Promise<void>
  readonly seesNot: (text: string) => Promise<void>
  /** The text of all that a person sees now. */
  readonly seen: () => Promise<string>
  /** The texts of all that a selector finds. */
  readonly textsAt: (selector: string) => Promise<string[]>
  /** Everything in the page: elements with their attributes, and what stands in fields. */
  readonly everything: () => Promise<string>
  readonly picture: (name: string) => Promise<void>
  /** What has the focus: its key or its id, or the name of its element. */
  readonly focused: () => Promise<string>
}

export interface Fields {
  /** Fills the field with that label. */
  readonly type: (label: string, text: string) => Promise<void>
  readonly choose: (label: string, value: string) => Promise<void>
}

/** `H` is what the engine's own journeys need besides. */
export type VaultPage<H extends Hands = Hands> = H & Eyes & Fields & Fingers

export function vaultPage<H extends Hands>(hands: H, engine: EngineName): VaultPage<H> {
  return { ...hands, ...eyesOf(hands, engine), ...fieldsOf(hands), ...fingersOf(hands) }
}

function eyesOf({ evaluate, screenshot }: Hands, engine: EngineName): Eyes {
  const seen = (): Promise<string> => evaluate(() => document.body.innerText)
  return {
    seen,
    sees: (text) => expect.poll(seen, PATIENCE).toContain(text),
    seesNot: (text) => expect.poll(seen, PATIENCE).not.toContain(text),
    textsAt: (selector) =>
      evaluate(
        (wanted) => [...document.querySelectorAll(wanted)].map(({ textContent }) => textContent),
        selector,
      ),
    everything: () =>
      evaluate(() => {
        const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea, select')]
        const stored = JSON.stringify([localStorage, sessionStorage])
        return [
          document.documentElement.outerHTML,
          ...fields.map(({ value }) => value),
          stored,
        ].join('\n')
      }),
    focused: () =>
      evaluate(() => {
        const { dataset, id, localName } = document.activeElement as HTMLElement
        return dataset['key'] ?? (id === '' ? localName : id)
      }),
    picture: async (name) => {
      mkdirSync(SCREENSHOTS, { recursive: true })
      writeFileSync(join(SCREENSHOTS, `${engine}-${name}.png`), await screenshot())
    },
  }
}

function fieldsOf({ evaluate, pressKey, typeText }: Hands): Fields {
  return {
    type: async (label, text) => {
      await expect
        .poll(() =>
          evaluate((wanted) => {
            const labels = [...document.querySelectorAll('label')]
            const field = labels.find(({ textContent }) => textContent === wanted)?.control
            const input = field as HTMLInputElement | null | undefined
            input?.focus()
            input?.select()
            return input !== null && input !== undefined && document.activeElement === input
          }, label),
        )
        .toBe(true)
      await pressKey('Backspace')
      await typeText(text)
    },
    choose: (label, value) =>
      evaluate(
        (wanted, chosen) => {
          const labels = [...document.querySelectorAll('label')]
          const select = labels.find(({ textContent }) => textContent === wanted)?.control
          if (!(select instanceof HTMLSelectElement)) throw new Error(`${wanted} has no choices`)
          select.value = chosen
          select.dispatchEvent(new Event('change', { bubbles: true }))
        },
        label,
        value,
      ),
  }
}

/** Makes the vault at an address where there is none. */
export async function createVaultIn({ type, press, sees }: VaultPage): Promise<void> {
  await sees('Choose a passphrase')
  await type('Passphrase', WORDS)
  await type('The same again', WORDS)
  await press('Create the vault')
  await sees('There are no secrets yet.')
}

export async function unlockVaultIn({ type, press, sees }: VaultPage): Promise<void> {
  await sees('The vault in this browser is locked.')
  await type('Passphrase', WORDS)
  await press('Unlock')
  await sees('Lock now')
}

export async function storeSecretIn(
  vault: VaultPage,
  name: string,
  value: string,
  more: { description?: string; tags?: string } = {},
): Promise<void> {
  await vault.press('New secret')
  await vault.type('Name', name)
  await vault.type('Value', value)
  if (more.description !== undefined) await vault.type('Description', more.description)
  if (more.tags !== undefined) await vault.type('Tags', more.tags)
  await vault.press('Store')
  await vault.sees(`${name} is stored`)
}

/** Stores a secret in a tab that is behind another: no person can press anything there. */
export function storeBehind({ evaluate }: VaultPage, name: string): Promise<void> {
  return evaluate((secretName) => {
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent === 'New secret')?.click()
    const form = document.querySelector<HTMLFormElement>('dialog form')
    const fields = form?.querySelectorAll<HTMLInputElement>('input, textarea') ?? []
    for (const field of fields) {
      if (field.required) field.value = secretName
    }
    form?.requestSubmit()
  }, name)
}

/** New versions of the secret that is shown. */
export async function storeVersionsIn(vault: VaultPage, values: readonly string[]): Promise<void> {
  for (const value of values) {
    const before = await flagsOf(vault)
    await vault.press('New version')
    await vault.type('Value', value)
    await vault.press('Store')
    await expect.poll(() => flagsOf(vault)).not.toEqual(before)
    // The picture may be there before the words, which would cover those for what comes next.
    const after = await flagsOf(vault)
    const [versionId] = Object.keys(after).filter((each) => !(each in before))
    await vault.sees(`${versionId} is stored and current`)
  }
}

/** What the picture shows: the flags by version, in the order of the cards. */
export function flagsOf({ evaluate }: VaultPage): Promise<Record<string, string[]>> {
  return evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('[data-version]')].map((card) => [
        card.dataset['version'] ?? '',
        [...card.querySelectorAll('.flag')].map(({ textContent }) => textContent),
      ]),
    ),
  )
}

/** What is on the clipboard, pasted as a person would into the field with that label. */
export async function pastedInto(vault: VaultPage, label: string): Promise<string> {
  await vault.type(label, '')
  await vault.paste()
  // A browser may take its time to paste, and pastes nothing where there is nothing.
  await new Promise((resolve) => {
    setTimeout(resolve, 300)
  })
  const found = await vault.evaluate(() => (document.activeElement as HTMLInputElement).value)
  await vault.type(label, '')
  return found
}

/** Lets the page believe that the computer slept. */
export function sleepIn({ evaluate }: VaultPage, minutes: number): Promise<void> {
  return evaluate((slept) => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + slept * 60_000
    document.dispatchEvent(new Event('visibilitychange'))
  }, minutes)
}
