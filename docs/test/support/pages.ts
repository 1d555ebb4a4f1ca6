import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseMarkdown, type Markdown } from './markdown.js'

/** A page of the repository; the path is relative to its top, with `/` on every platform. */
export interface Page extends Markdown {
  readonly path: string
  readonly text: string
}

export const ROOT = new URL('../../../', import.meta.url)

/** Folders that hold no page of ours. */
const FOREIGN = /^(\.git|node_modules|dist|api|coverage)$/

/** Every Markdown page. */
export function readPages(): Page[] {
  const pages: Page[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(new URL(folder, ROOT), { withFileTypes: true })) {
      const path = folder + entry.name
      if (entry.isDirectory() && !FOREIGN.test(entry.name)) visit(`${path}/`)
      if (!entry.isFile() || !entry.name.endsWith('.md')) continue
      const text = readFileSync(new URL(path, ROOT), 'utf8')
      pages.push({ path, text, ...parseMarkdown(text) })
    }
  }
  visit('')
  return pages.sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function findPage(pages: readonly Page[], path: string): Page {
  const page = pages.find((each) => each.path === path)
  if (page === undefined) throw new Error(`there is no ${path}`)
  return page
}

export function readText(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')
}
