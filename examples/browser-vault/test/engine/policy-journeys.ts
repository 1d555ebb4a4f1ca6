/** What the page may not do, and does not. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import {
  createVaultIn,
  storeSecretIn,
  storeVersionsIn,
  unlockVaultIn,
} from '../support/vault-page.js'

export function registerPolicy(journey: Journey, alike: Journey): void {
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
        picture.onload = () => {
          resolve('loaded')
        }
        picture.onerror = () => {
          resolve('refused')
        }
      })
      picture.src = 'http://127.0.0.1:9/x.png'
      const fetched = await fetch(own).then(
        () => 'fetched',
        () => 'refused',
      )
      const image = await loaded
      return { title: document.title, image, fetched, refused: [...new Set(refused)].sort() }
    }, address)
    expect(outcomes).toEqual({
      title: 'Browser vault',
      image: 'refused',
      fetched: 'refused',
      refused: ['connect-src', 'img-src', 'script-src-elem'],
    })
    // Some browsers complain of what they refuse; of nothing else.
    expect(complaints.filter((text) => !/content.security.policy|violates/i.test(text))).toEqual([])
    complaints.length = 0
  })

  alike('says its policy in its headers and in itself', async ({ vault, address }) => {
    const { headers } = await fetch(address)
    expect(headers.get('cache-control')).toBe('no-cache')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    const own = await vault.evaluate(() =>
      document.querySelector('meta[http-equiv]')?.getAttribute('content'),
    )
    expect(policy).toBe(`${own ?? ''}; frame-ancestors 'none'`)
    const script = await vault.evaluate(() => document.querySelector('script')?.src ?? '')
    for (const [file, age] of [
      [script, 'public, max-age=31536000, immutable'],
      [script.replace('.js', '-none.js'), 'no-cache'],
    ] as const) {
      expect((await fetch(file)).headers.get('cache-control'), file).toBe(age)
    }
  })

  alike('asks for nothing once it is there', async ({ vault, requests }) => {
    const files = /^\/(index\.html|assets\/[\w-]+\.(js|css)|icon\.svg)?$/
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'first')
    await vault.press('Show')
    await vault.sees('first')
    await vault.press('Lock now')
    await unlockVaultIn(vault)
    // Everything that the page and its worker need was loaded once, and is kept.
    const loaded = [...requests]
    expect(loaded.filter((path) => !files.test(path) && path !== '/favicon.ico')).toEqual([])
    await vault.press('MyDbCreds')
    await vault.press('Show')
    await storeVersionsIn(vault, ['second'])
    await vault.press('Edit')
    await vault.type('Description', 'words')
    await vault.press('Save')
    await vault.press('Lock now')
    await unlockVaultIn(vault)
    const again = requests.slice(loaded.length)
    expect(again.filter((path) => !path.includes('icon'))).toEqual([])
  })
}
