/** What the page may not do, and that anybody can use it. */
import axe from 'axe-core'
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import type { PuppeteerHands } from '../support/puppeteer-hands.js'
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

export function registerPolicy(journey: Journey): void {
  journey('runs no script and loads nothing but its own files', async ({ vault, address }) => {
    await createVaultIn(vault)
    const { evaluate, complaints } = vault
    const outcomes = await evaluate(async (own) => {
      const refused: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => {
        refused.push(event.effectiveDirective)
      })
      const script = document.createElement('script')
      script.textContent = 'document.title = "inline"'
      document.body.append(script)
      const picture = new Image()
      const loaded = new Promise((resolve) => {
        picture.onload = () => { resolve('loaded') }
        picture.onerror = () => { resolve('refused') }
      })
      picture.src = 'http://127.0.0.1:9/x.png'
      const fetched = await fetch(own).then(() => 'fetched', () => 'refused')
      const image = await loaded
      return { title: document.title, image, fetched, refused: [...new Set(refused)].sort() }
    }, address)
    expect(outcomes).toEqual({
      title: 'Browser vault', image: 'refused', fetched: 'refused',
      refused: ['connect-src', 'img-src', 'script-src-elem'],
    })
    // Some browsers complain of what they refuse; of nothing else.
    expect(complaints.filter((text) => !/content.security.policy|violates/i.test(text))).toEqual([])
    complaints.length = 0
  })

  journey('says its policy in its headers and in itself', async ({ vault, address }) => {
    const { headers } = await fetch(address)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    const own = await vault.evaluate(() => (
      document.querySelector('meta[http-equiv]')?.getAttribute('content')
    ))
    expect(policy).toBe(`${own ?? ''}; frame-ancestors 'none'`)
  })

  for (const scheme of ['light', 'dark'] as const) {
    journey(`can be used by anybody, ${scheme}`, async ({ vault, engine }) => {
      const { press, sees } = vault
      const picture = async (name: string): Promise<void> => {
        expect(await problemsIn(vault), name).toEqual([])
        await vault.picture(`${engine.name}-${scheme}-${name}`)
      }
      await vault.prefer(scheme)
      await sees('Choose a passphrase')
      await picture('create')
      await createVaultIn(vault)
      await picture('empty')
      await storeSecretIn(vault, 'mail/smtp', 'x', { description: 'Outgoing', tags: 'env = prod' })
      await storeSecretIn(vault, 'MyDbCreds', 'first', { tags: 'env = prod\ndatabase' })
      await storeVersionsIn(vault, ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11'])
      await press('Show')
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
}

/** Where the driver tells of requests. */
export function registerRequests(journey: Journey<PuppeteerHands>): void {
  journey('asks for its own files alone, and for none twice', async ({ vault, address }) => {
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await vault.press('Show')
    await vault.sees('first')
    const loaded = [...vault.requests]
    expect(loaded.filter((url) => !url.startsWith(address))).toEqual([])
    const files = /\/(assets\/[\w-]+\.(js|css)|icon\.svg)?$/
    expect(loaded.filter((url) => !files.test(url))).toEqual([])
    // From here on everything is there: nothing that a person does sends anything.
    await storeVersionsIn(vault, ['second'])
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    const scripts = (urls: readonly string[]): string[] => urls.filter((url) => url.endsWith('.js'))
    expect(new Set(scripts(vault.requests))).toEqual(new Set(scripts(loaded)))
  })
}
