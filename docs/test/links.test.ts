import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, parseMarkdown } from './support/markdown.js'
import { ROOT, readPages, type Page } from './support/pages.js'

const pages = readPages()

/** Where links of a page lead that lead nowhere. */
function brokenLinks(page: Page, all: readonly Page[]): string[] {
  return page.links.flatMap(({ target, line }) => {
    if (/^(https|mailto):/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const absolute = path === '' ? page.path : posix.join(posix.dirname(page.path), path)
    const isThere = !absolute.startsWith('..') && existsSync(new URL(absolute, ROOT))
    const goal = all.find((each) => each.path === absolute)
    const hasAnchor = anchor === undefined || (goal !== undefined && anchorsOf(goal).has(anchor))
    return isThere && hasAnchor ? [] : [`${page.path}:${line} ${target}`]
  })
}

describe('links', () => {
  it('lead to files and headings that are there', () => {
    expect(pages.flatMap((page) => brokenLinks(page, pages))).toEqual([])
  })

  it('every guide can be reached from the README', () => {
    const reached = new Set<string>()
    const visit = (path: string): void => {
      const page = pages.find((each) => each.path === path)
      if (page === undefined || reached.has(path)) return
      reached.add(path)
      for (const { target } of page.links) {
        visit(posix.join(posix.dirname(path), target.split('#')[0] ?? ''))
      }
    }
    visit('README.md')
    expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([])
  })
})

describe('the link checker', () => {
  const goal: Page = {
    path: 'docs/errors.md',
    text: '',
    ...parseMarkdown('## `STORAGE_FULL`, no room\n## Twice\n## Twice'),
  }

  function broken(text: string): string[] {
    const page: Page = { path: 'docs/README.md', text, ...parseMarkdown(text) }
    return brokenLinks(page, [goal, page])
  }

  it.each([
    '[a](errors.md)',
    '[a](errors.md#storage_full-no-room)',
    '[a](errors.md#twice-1)',
    '[a](../LICENSE)',
    '[a](https://example.org/none)',
    '# Here\n[a](#here)',
    '`[a](none.md)`',
    '```\n[a](none.md)\n```',
  ])('takes %j', (text) => {
    expect(broken(text)).toEqual([])
  })

  it.each([
    '[a](none.md)',
    '[a](errors.md#none)',
    '[a](errors.md#twice-2)',
    '[a](../../outside.md)',
    '[a](#nowhere)',
    '[a](../LICENSE#section)',
  ])('refuses %j', (text) => {
    expect(broken(text)).toHaveLength(1)
  })
})
