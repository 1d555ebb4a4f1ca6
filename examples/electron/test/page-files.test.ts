import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PAGE_ADDRESS, PAGE_SCHEME, servePage } from '@stagevault/electron-vault/page-files'

const HTML = readFileSync(new URL('../renderer/index.html', import.meta.url), 'utf8')

describe('the page', () => {
  it('comes with everything that it names, and each with its type', async () => {
    const named = [...HTML.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, name = '']) => name)
    expect(named).toEqual(['page.css', 'page.js'])
    for (const [name, type] of [
      ['', 'html'],
      ['page.css', 'css'],
      ['page.js', 'javascript'],
    ]) {
      const response = await servePage({ url: `${PAGE_ADDRESS}${name}` })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(`text/${type}; charset=utf-8`)
      expect((await response.text()).length).toBeGreaterThan(0)
    }
  })

  it('may load from itself alone, and turn no text into markup', async () => {
    const { headers } = await servePage({ url: PAGE_ADDRESS })
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        "trusted-types 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('has no script or style of its own inside, which the policy would refuse', () => {
    expect(HTML).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=|\sstyle=/)
  })

  it.each([
    'app://vault',
    'app://vault/..',
    'app://vault/%2e%2e/package.json',
    'app://vault/main.js',
    'app://vault/../dist/main.js',
    'app://vault/page.js?x',
    'app://other/',
    'file:///etc/passwd',
    'app://vault//',
    'app://vault/constructor',
    '',
    'APP://VAULT/',
  ])('%s is not there', async (url) => {
    expect((await servePage({ url })).status).toBe(404)
  })

  it('is on the scheme that is registered', () => {
    expect(new URL(PAGE_ADDRESS).protocol).toBe(`${PAGE_SCHEME}:`)
  })
})
